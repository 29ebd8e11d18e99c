/** Our own command line, the graph alone, and the floor beneath both. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { runChild, type Ran } from "./child.ts";
import type { Taken } from "./children/replay.ts";
import { percentiles, type Cell, type Measure } from "./measured.ts";

export interface Programs {
  /** The command line's bundle. */
  readonly cli: string;
  readonly child: (name: "floor" | "headers" | "graph" | "replay") => string;
}

/** Of three runs the one in the middle; of a long one only that. */
async function middle(run: () => Promise<Ran>, isExpected: (ran: Ran) => boolean): Promise<Cell> {
  const all: Ran[] = [];
  while (all.length < 3 && (all[0]?.seconds ?? 0) < 15) {
    const ran = await run();
    if (!isExpected(ran)) return { missing: `failed: ${ran.err.trim().split("\n").at(-1)?.slice(0, 200) ?? ""}` };
    all.push(ran);
  }
  all.sort((a, b) => a.seconds - b.seconds);
  const { seconds = Number.NaN } = all[Math.floor(all.length / 2)] ?? {};
  const peaks = all.flatMap(({ megabytes }) => megabytes ?? []);
  return { seconds, ...(peaks.length === 0 ? {} : { megabytes: Math.max(...peaks) }) };
}

const answered = ({ code, out }: Ran): boolean => code !== null && out !== "";

/** `check` of some folders as a person runs it: with an empty cache, and with what the run before has kept. */
export async function measureCheck(
  { cli }: Programs,
  folders: readonly string[],
  cwd: string,
): Promise<readonly Measure[]> {
  const cache = await mkdtemp(path.join(tmpdir(), "retort-bench-"));
  const check = (): Promise<Ran> =>
    runChild(process.execPath, [cli, "check", "--fail-on", "never", ...folders], {
      cwd,
      env: { XDG_CACHE_HOME: cache },
    });
  try {
    const cold = await middle(async () => {
      await rm(cache, { recursive: true, force: true });
      return check();
    }, answered);
    return [
      { group: "retort", what: "retort check, cold", cell: cold },
      { group: "retort", what: "retort check, warm", cell: await middle(check, answered) },
    ];
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

export async function measureGraph({ child }: Programs, project: string): Promise<Measure> {
  const { out, err, code } = await runChild(process.execPath, [child("graph"), project]);
  const what = "the graph alone, of revisions that are read";
  if (code !== 0) return { group: "retort", what, cell: { missing: `failed: ${err.trim().slice(0, 200)}` } };
  return { group: "retort", what, cell: { milliseconds: percentiles(JSON.parse(out) as number[]) } };
}

/** The schema at head, of revisions that are read already, and of the same after edits near the head. */
export async function measureReplay({ child }: Programs, project: string): Promise<readonly Measure[]> {
  const { out, err, code } = await runChild(process.execPath, [child("replay"), project]);
  const [first, after] = ["schema at head, after reading", "schema at head, after an edit near it"];
  const cells = (): readonly [Cell, Cell] => {
    const missing = { missing: `failed: ${err.trim().slice(0, 200)}` };
    if (code !== 0) return [missing, missing];
    const { first: cold, after: edited } = JSON.parse(out) as { readonly first: Taken; readonly after: Taken[] };
    return [
      { seconds: cold.elapsed / 1000, processorSeconds: cold.processor / 1000 },
      {
        milliseconds: percentiles(edited.map(({ elapsed }) => elapsed)),
        processorMilliseconds: percentiles(edited.map(({ processor }) => processor)),
      },
    ];
  };
  const [ofFirst, ofAfter] = cells();
  return [
    { group: "retort", what: first, cell: ofFirst },
    { group: "retort", what: after, cell: ofAfter },
  ];
}

/** `check` again after one file of the project has changed. */
export async function measureRecheck({ cli }: Programs, project: string, file: string): Promise<Measure> {
  const cache = await mkdtemp(path.join(tmpdir(), "retort-bench-"));
  const check = (): Promise<Ran> =>
    runChild(process.execPath, [cli, "check", "--fail-on", "never", project], {
      cwd: project,
      env: { XDG_CACHE_HOME: cache },
    });
  const text = await readFile(file, "utf8");
  try {
    await check();
    let changes = 0;
    const cell = await middle(async () => {
      await writeFile(file, `${text}# changed ${String(changes++)}\n`);
      return check();
    }, answered);
    return { group: "retort", what: "retort check, one file changed", cell };
  } finally {
    await writeFile(file, text);
    await rm(cache, { recursive: true, force: true });
  }
}

export async function measureFloor({ child }: Programs, versions: string): Promise<readonly Measure[]> {
  const succeeded = ({ code }: Ran): boolean => code === 0;
  const floor = (threads: number): Promise<Cell> =>
    middle(() => runChild(process.execPath, [child("floor"), versions, String(threads)]), succeeded);
  const cores = availableParallelism();
  return [
    { group: "floor", what: "read and parse with tree-sitter, 1 thread", cell: await floor(1) },
    { group: "floor", what: "read and parse with tree-sitter, a thread per core", cell: await floor(cores) },
    {
      group: "floor",
      what: "regular expressions over the headers",
      cell: await middle(() => runChild(process.execPath, [child("headers"), versions]), succeeded),
    },
  ];
}
