/** What the reader holds values to be, against what Python computes: the same programs, run by both. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRevision } from "../../server/src/model/read.ts";
import { interpretFunction, interpretModule, silence } from "../../server/src/syntax/interpret.ts";
import { maximalTurns, type Frame, type Watcher } from "../../server/src/syntax/interpreter.ts";
import { parseSource } from "../../server/src/syntax/source.ts";
import { isKnown } from "../../server/src/syntax/text.ts";
import type { Call, Value } from "../../server/src/syntax/value.ts";
import { pythonWithAlembic } from "../support/python.ts";
import { program } from "./programs.ts";

type Noted = readonly [name: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>];

/** By Python itself; undefined for a program that does not run to its end. */
async function runByPython(programs: readonly string[]): Promise<readonly (readonly Noted[] | undefined)[]> {
  const child = spawn(await pythonWithAlembic(), [join(import.meta.dirname, "run_programs.py")], {
    env: { ...process.env, PYTHONUTF8: "1" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.end(programs.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const lines = (await text(child.stdout)).trimEnd().split("\n");
  return lines.map((line) => (JSON.parse(line) as { calls?: readonly Noted[] }).calls);
}

class NotKnown extends Error {}

/** By the reader; undefined where it says that it cannot tell. */
function runByReader(source: string): readonly Noted[] | undefined {
  const noted: Noted[] = [];
  let isSure = true;
  const watcher: Watcher = {
    ...silence,
    called(call) {
      const name = call.callee.kind === "reference" ? /^alembic\.op\.(\w+)$/.exec(call.callee.path)?.[1] : undefined;
      if (name !== undefined) noted.push([name, positional(call), keywords(call)]);
    },
    within<T>(frame: Frame, run: () => T): T {
      if (frame.kind === "branch" || (frame.kind === "loop" && !isUnrolled(frame))) isSure = false;
      return run();
    },
  };
  const vm = interpretModule(parseSource(source), () => undefined);
  const upgrade = vm.module.names.get("upgrade");
  const node = upgrade?.kind === "function" ? vm.code.get(upgrade)?.node : undefined;
  if (!node) throw new Error("upgrade() is not found");
  try {
    const finished = interpretFunction(vm, node, watcher, () => ({ kind: "unknown", why: "", range: node }));
    return finished && isSure ? noted : undefined;
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}

const isUnrolled = ({ constant, over }: Extract<Frame, { kind: "loop" }>): boolean =>
  constant && !(over?.kind === "sequence" && over.items.length > maximalTurns);

const positional = ({ args }: Call): readonly unknown[] =>
  args.filter(({ name }) => name === undefined).map((arg) => (arg.starred ? fail() : plain(arg.value)));

const keywords = ({ args }: Call): Noted[2] =>
  Object.fromEntries(args.flatMap(({ name, value }) => (name === undefined ? [] : [[name, plain(value)]])));

/** As Python writes it in JSON. */
function plain(value: Value): unknown {
  if (isKnown(value)) return value.text;
  if (value.kind === "scalar") return value.value;
  if (value.kind === "sequence" && value.complete) return value.items.map(plain);
  if (value.kind === "mapping" && value.complete)
    return Object.fromEntries(value.entries.map(([key, item]) => [String(plain(key)), plain(item)]));
  return fail();
}

const fail = (): never => {
  throw new NotKnown();
};

const show = (calls: readonly Noted[]): string => calls.map((one) => JSON.stringify(one)).join("\n");

/** Few enough to be quick; another seed, or more, for a search. */
const seed = Number(process.env["RETORT_SEED"] ?? 20);
const numRuns = Number(process.env["RETORT_RUNS"] ?? 400);

/** Drops that the model tells, where it is certain of all that the program does. */
function dropsOf(source: string): readonly Noted[] | undefined {
  const [upgrade] = readRevision("/versions/program.py", source, { dialect: "postgresql" }).upgrades;
  const operations = upgrade?.operations ?? [];
  const drops = operations.filter(({ kind }) => kind === "drop_table" || kind === "drop_column");
  const isCertain = drops.every(({ confidence }) => confidence === "certain") && upgrade?.unfinished === undefined;
  return isCertain ? drops.map(({ kind, table, columns }): Noted => [kind, [table?.name, ...columns], {}]) : undefined;
}

const isDrop = ([name]: Noted): boolean => name === "drop_table" || name === "drop_column";

test("what is said to be known is what Python computes", async () => {
  const programs = fc.sample(program, { seed, numRuns });
  const byPython = await runByPython(programs);
  const counts = { ran: 0, known: 0, drops: 0 };
  const compare = (source: string, read: readonly Noted[], truth: readonly Noted[]): void => {
    // The program is part of what is compared, so that a failure shows it.
    if (show(read) !== show(truth)) expect(`${source}\n# ---\n${show(read)}`).toBe(`${source}\n# ---\n${show(truth)}`);
  };
  programs.forEach((source, i) => {
    const truth = byPython[i];
    if (truth === undefined) return;
    counts.ran++;
    const read = runByReader(source);
    if (read === undefined) return;
    counts.known++;
    compare(source, read, truth);
    const drops = dropsOf(source);
    if (drops === undefined) return;
    counts.drops++;
    compare(source, drops, truth.filter(isDrop));
  });
  // Were nothing known, nothing could be wrong.
  expect(counts.ran).toBeGreaterThan(0.9 * numRuns);
  expect(counts.known).toBeGreaterThan(0.9 * counts.ran);
  expect(counts.drops).toBeGreaterThan(0.6 * counts.ran);
});
