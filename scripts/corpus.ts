/**
 * Runs `check` and the split over the revision files of real projects, taken out of wheels from PyPI, and prints what
 * came of it; then breaks some of the files as typing does. Fails where a file crashed a part of the engine, a split
 * lost something, too many of the findings that were judged are wrong, or broken files are not read as well as they must
 * be. Also shows findings to those who judge them.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { loadEngine } from "../server/src/host/engine.ts";
import type { Project } from "../server/src/project/snapshot.ts";
import { severities } from "../server/src/rules/define.ts";
import { rules } from "../server/src/rules/index.ts";
import { fetchCorpus } from "./corpus/fetch.ts";
import { findAll, packageOf } from "./corpus/findings.ts";
import { measure, readProjects, type Measured } from "./corpus/measure.ts";
import { areGood, measureMutants, renderMutants } from "./corpus/mutants.ts";
import { extendedPackages, packages } from "./corpus/packages.ts";
import { renderCorpusPage } from "./corpus/page.ts";
import { choose, renderReview, toEntries } from "./corpus/review.ts";
import { renderComparison, renderMeasured } from "./corpus/report.ts";
import { parseVerdicts, rate, tooWrong, type Rate, type Verdict } from "./corpus/verdicts.ts";

const usage = `npm run corpus -- [PACKAGE…] [options]

  --rule ID         print twenty findings of a rule at random, with their source, and nothing else
  --severity S      the same for all rules that are on by default and find something of this severity
  --count N         so many instead of twenty
  --context N       so many lines around each (20)
  --extended        with the packages of the extended corpus, too; of them verdicts count, and docs/corpus.md tells nothing
  --counts          print how often each rule finds something, and nothing else
  --write           write docs/corpus.md and nothing else
  --check           fail where docs/corpus.md is out of date
  --json            print everything as JSON; with --rule or --severity: entries for test/corpus/verdicts.json
  --against FILE    print what is new and what is gone since a run that was kept with --json
  --findings        list every finding
  --splits FOLDER   write every split that was made into this folder
  --mutants N       make N broken files and nothing else
  --seed N          make, or choose, others than last time
`;

/** Broken files of an ordinary run: less than a minute. */
const someMutants = 2_000;

const page = path.join(import.meta.dirname, "..", "docs", "corpus.md");
const verdicts = path.join(import.meta.dirname, "..", "test", "corpus", "verdicts.json");
/** Of the packages that are looked at. */
const readVerdicts = async (): Promise<readonly Verdict[]> =>
  parseVerdicts(await readFile(verdicts, "utf8")).filter(({ place }) => chosenPackages.includes(packageOf(place)));
const recommended = new Set(rules.filter((rule) => rule.recommended).map(({ id }) => id));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rule: { type: "string" },
    severity: { type: "string" },
    count: { type: "string", default: "20" },
    context: { type: "string", default: "20" },
    write: { type: "boolean", default: false },
    extended: { type: "boolean", default: false },
    counts: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    findings: { type: "boolean", default: false },
    against: { type: "string" },
    splits: { type: "string" },
    mutants: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const allPackages = values.extended ? { ...packages, ...extendedPackages } : packages;
const chosenPackages = positionals.length > 0 ? positionals : Object.keys(allPackages);

const say = (message: string): void => void process.stderr.write(`${message}\n`);

if (values.help) process.stdout.write(usage);
else process.exitCode = await chosenMode()();

function chosenMode(): () => Promise<number> {
  if (values.rule !== undefined || values.severity !== undefined) return review;
  if (values.counts) return tellCounts;
  if (values.write) return writePage;
  const { mutants } = values;
  return mutants === undefined ? run : () => breakFiles(Number(mutants));
}

interface Read {
  readonly projects: readonly Project[];
  readonly root: string;
}

async function read(): Promise<Read> {
  const folders = await fetchCorpus(chosenPackages, say);
  await loadEngine();
  const projects = await readProjects(folders, (file, _during, error) => {
    throw new Error(`${file} cannot be read`, { cause: error });
  });
  return { projects, root: path.dirname(folders[0] ?? ".") };
}

/** An integer of an option; @throws Error where it is none. */
function integer(name: "count" | "context" | "seed"): number {
  if (!/^\d+$/.test(values[name])) throw new Error(`--${name} is a number, and not "${values[name]}"`);
  return Number(values[name]);
}

async function review(): Promise<number> {
  const { rule, severity } = values;
  if (rule !== undefined && !rules.some(({ id }) => id === rule)) throw new Error(`there is no rule ${rule}`);
  const chosenSeverity = severities.find((one) => one === severity);
  if (severity !== undefined && chosenSeverity === undefined)
    throw new Error(`--severity is one of ${severities.join(", ")}`);
  const { projects, root } = await read();
  const all = findAll(projects, root);
  const about = rule === undefined ? all.filter((one) => recommended.has(one.rule)) : all;
  const choice = {
    count: integer("count"),
    seed: integer("seed"),
    ...(rule === undefined ? {} : { rule }),
    ...(chosenSeverity === undefined ? {} : { severity: chosenSeverity }),
  };
  const chosen = choose(about, choice, await readVerdicts());
  process.stdout.write(
    values.json
      ? `${JSON.stringify(toEntries(chosen), undefined, 2)}\n`
      : `${renderReview(chosen, integer("context"))}\n`,
  );
  say(`${chosen.length} of ${choose(about, { ...choice, count: Infinity }).length} findings`);
  return 0;
}

/** Findings of each rule in each package, and how good those are that were read. */
async function tellCounts(): Promise<number> {
  const { projects, root } = await read();
  const findings = findAll(projects, root);
  for (const { id } of rules) {
    const own = findings.filter(({ rule }) => rule === id);
    if (own.length === 0) continue;
    const each = chosenPackages.flatMap((name) => {
      const count = own.filter((one) => one.package === name).length;
      return count > 0 ? [`${name} ${count}`] : [];
    });
    process.stdout.write(`${id} ${own.length}: ${each.join(", ")}\n`);
  }
  const rates = rate(await readVerdicts(), findings, recommended);
  for (const one of rates)
    process.stdout.write(
      `${one.severity}: ${findings.filter(({ rule, severity }) => severity === one.severity && recommended.has(rule)).length} found, ${one.read} read, ${one.wrong} wrong, ${one.unclear} unclear\n`,
    );
  return sayTooWrong(rates);
}

async function makePage({ projects, root }: Read): Promise<{ readonly text: string; readonly rates: readonly Rate[] }> {
  const findings = findAll(projects, root);
  const rates = rate(await readVerdicts(), findings, recommended);
  const text = renderCorpusPage(projects, findings, rates, { rules, root });
  return { text: await format(text, { ...(await resolveConfig(page)), filepath: page }), rates };
}

async function writePage(): Promise<number> {
  const { text, rates } = await makePage(await read());
  await writeFile(page, text);
  return sayTooWrong(rates);
}

/** Whether the page stands as it must, and whether the verdicts on what is found now are good enough. */
async function judgePage(whole: Read): Promise<number> {
  const { text, rates } = await makePage(whole);
  const isStale = text !== (await readFile(page, "utf8").catch(() => ""));
  if (isStale) say("docs/corpus.md is out of date: run `npm run corpus -- --write`");
  return Math.max(sayTooWrong(rates), isStale && values.check ? 1 : 0);
}

function sayTooWrong(rates: readonly Rate[]): number {
  const bad = tooWrong(rates);
  for (const { severity, wrong, read: all } of bad)
    say(`${wrong} of ${all} findings of severity ${severity} are wrong`);
  return bad.length > 0 ? 1 : 0;
}

async function run(): Promise<number> {
  const folders = await fetchCorpus(chosenPackages, say);
  const root = path.dirname(folders[0] ?? ".");
  const made: { readonly name: string; readonly text: string }[] = [];
  let projects: readonly Project[] = [];
  const measured = await measure(folders, root, {
    onRead: (all) => void (projects = all),
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
  const isWhole = positionals.length === 0 && !values.extended && measured.crashes.length === 0;
  const isAmiss = isWhole && (await judgePage({ projects, root })) > 0;
  const isBroken = (await breakFiles(someMutants)) > 0;
  return measured.crashes.length > 0 || measured.invalid.length > 0 || isAmiss || isBroken ? 1 : 0;
}

async function breakFiles(number: number): Promise<number> {
  const { projects } = await read();
  const mutants = measureMutants(projects, number, integer("seed"));
  say(renderMutants(mutants));
  return areGood(mutants) ? 0 : 1;
}
