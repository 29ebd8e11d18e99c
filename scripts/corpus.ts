/**
 * Runs `check` and the split over the revision files of real projects, taken out of wheels from PyPI, and prints what
 * came of it; then breaks some of the files as typing does. Fails where a file crashed a part of the engine, a split
 * lost something, or broken files are not read as well as they must be.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { loadEngine } from "../server/src/host/engine.ts";
import { fetchCorpus } from "./corpus/fetch.ts";
import { measure, readProjects, type Measured } from "./corpus/measure.ts";
import { areGood, measureMutants, renderMutants } from "./corpus/mutants.ts";
import { packages } from "./corpus/packages.ts";
import { renderComparison, renderMeasured } from "./corpus/report.ts";

const usage = `npm run corpus -- [PACKAGE…] [options]

  --json            print everything as JSON
  --against FILE    print what is new and what is gone since a run that was kept with --json
  --findings        list every finding
  --splits FOLDER   write every split that was made into this folder
  --mutants N       make N broken files and nothing else
  --seed N          make others than last time
`;

/** Broken files of an ordinary run: less than a minute. */
const someMutants = 2_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    findings: { type: "boolean", default: false },
    against: { type: "string" },
    splits: { type: "string" },
    mutants: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const say = (message: string): void => void process.stderr.write(`${message}\n`);

if (values.help) process.stdout.write(usage);
else process.exitCode = values.mutants === undefined ? await run() : await breakFiles(Number(values.mutants));

async function run(): Promise<number> {
  const names = positionals.length > 0 ? positionals : Object.keys(packages);
  const folders = await fetchCorpus(names, say);
  const root = path.dirname(folders[0] ?? ".");
  const made: { readonly name: string; readonly text: string }[] = [];
  const measured = await measure(folders, root, {
    onSplit: (file, { result, faults }) => {
      const name = path.basename(file.path, ".py");
      const parts = result.parts.map((part) => `# ==== ${part.name}: ${path.basename(part.path)}\n${part.text}`);
      const notes = [...result.notes.map((note) => `# note: ${note}`), ...faults.map((fault) => `# FAULT: ${fault}`)];
      made.push({ name, text: [`# ${file.path}`, ...notes, ...parts, `# ==== original\n${file.text}`].join("\n") });
    },
  });
  if (values.splits !== undefined) {
    await mkdir(values.splits, { recursive: true });
    for (const { name, text } of made) await writeFile(path.join(values.splits, `${name}.txt`), text);
  }
  process.stdout.write(values.json ? `${JSON.stringify(measured, undefined, 2)}\n` : renderMeasured(measured));
  if (values.findings)
    for (const { path: file, line, rule, message } of measured.findings)
      say(`${file}:${String(line)} ${rule}: ${message}`);
  if (values.against !== undefined) {
    const before = JSON.parse(await readFile(values.against, "utf8")) as Measured;
    say(renderComparison(before, measured));
  }
  const isBroken = (await breakFiles(someMutants)) > 0;
  return measured.crashes.length > 0 || measured.invalid.length > 0 || isBroken ? 1 : 0;
}

async function breakFiles(number: number): Promise<number> {
  const folders = await fetchCorpus(positionals.length > 0 ? positionals : Object.keys(packages), say);
  await loadEngine();
  const projects = await readProjects(folders, (file, _during, error) => {
    throw new Error(`${file} cannot be read`, { cause: error });
  });
  const mutants = measureMutants(projects, number, Number(values.seed));
  say(renderMutants(mutants));
  return areGood(mutants) ? 0 : 1;
}
