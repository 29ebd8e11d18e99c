/** Measures how long Retort takes and how much memory, and what people would use instead, in one run on one machine. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleChildren } from "./bench/bundle.ts";
import { measureCorpus } from "./bench/corpus.ts";
import { measureEditor } from "./bench/editor.ts";
import { generateHistory } from "./bench/history.ts";
import { toRows, type Measure, type Measured } from "./bench/measured.ts";
import { findOthers, measureOthers, type Others } from "./bench/others.ts";
import { writePage } from "./bench/page.ts";
import { createRandom } from "./bench/random.ts";
import { renderMachine, renderRatios, renderTables } from "./bench/report.ts";
import {
  measureCheck,
  measureFloor,
  measureGraph,
  measureRecheck,
  measureReplay,
  type Programs,
} from "./bench/retort.ts";
import { writeWorkspace } from "./bench/workspace.ts";
import { build } from "./build.ts";
import { root } from "./host/paths.ts";

const usage = `npm run bench -- [options]

  --sizes N,N,…   lengths of the generated histories; default: 100,1000,10000
  --edits N       edits, completions, lists of code actions and hovers that are timed; default: 200
  --seed N        of the generator; default: 1
  --alone         leave out the other tools and the corpus, which are downloaded
  --json          print everything as JSON
  --write         write the tables into docs/performance.md
`;

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100,1000,10000" },
    edits: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    alone: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const say = (message: string): void => void process.stderr.write(`${message}\n`);

function whole(option: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${option} takes whole numbers, not "${value}"`);
  return number;
}

const folder = path.join(root, ".cache", "bench");

interface Generated {
  readonly input: string;
  readonly measures: readonly Measure[];
}

async function measureLength(length: number, programs: Programs, others: Others | undefined): Promise<Generated> {
  const history = generateHistory(length, whole("seed", values.seed));
  const { project, sql } = await writeWorkspace(path.join(folder, String(length)), history);
  const kilobytes = history.revisions.reduce((sum, { text }) => sum + text.length, 0) / 1000;
  const merges = history.revisions.filter(({ parents }) => parents.length > 1).length;
  say(`${length} revisions: check`);
  const file = history.revisions.findLast(({ sql: statements }) => statements !== "")?.path ?? "";
  const measures = [
    ...(await measureCheck(programs, [project], project)),
    await measureRecheck(programs, project, path.join(project, file)),
    await measureGraph(programs, project),
    ...(await measureReplay(programs, project)),
  ];
  say(`${length} revisions: language server`);
  const edits = whole("edits", values.edits);
  const random = createRandom(whole("seed", values.seed));
  measures.push(
    ...(await measureEditor({ program: path.join(root, "dist", "server.cjs"), root: project, file, edits, random })),
  );
  say(`${length} revisions: floor`);
  measures.push(...(await measureFloor(programs, path.join(project, "migrations", "versions"))));
  if (others !== undefined) {
    say(`${length} revisions: other tools`);
    measures.push(...(await measureOthers(others, project, sql)));
  }
  return { input: `${Math.round(kilobytes)} kB of Python, ${merges} merges`, measures };
}

async function run(): Promise<Measured> {
  if (process.env["RETORT_BUILT"] === undefined) await build();
  await mkdir(folder, { recursive: true });
  const child = await bundleChildren(path.join(folder, "programs"));
  const programs: Programs = { cli: path.join(root, "dist", "cli.cjs"), child };
  const others = values.alone ? undefined : await findOthers(path.join(folder, "tools"), say);
  const columns: (readonly [string, readonly Measure[]])[] = [];
  const inputs: Record<string, string> = {};
  for (const length of values.sizes.split(",").map((one) => whole("sizes", one))) {
    const { input, measures } = await measureLength(length, programs, others);
    columns.push([String(length), measures]);
    inputs[String(length)] = input;
    await rm(path.join(folder, String(length)), { recursive: true, force: true });
  }
  if (!values.alone) {
    say("corpus");
    const corpus = await measureCorpus(programs, path.join(folder, "corpus"), say);
    columns.push(["corpus", corpus.measures]);
    inputs["corpus"] = corpus.input;
  }
  return {
    date: new Date().toISOString(),
    machine: {
      cores: availableParallelism(),
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
    },
    columns: columns.map(([column]) => column),
    inputs,
    rows: toRows(columns),
  };
}

if (values.help) process.stdout.write(usage);
else {
  const measured = await run();
  if (values.write) {
    const page = path.join(root, "docs", "performance.md");
    await writeFile(page, writePage(await readFile(page, "utf8"), measured));
    say(`docs/performance.md has the tables of this run`);
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(measured, undefined, 2)}\n`
      : `${renderMachine(measured)}\n\n${renderTables(measured)}\n${renderRatios(measured)}`,
  );
}
