/** What `env.py` says of the way that migrations run. */
import type { Dialect } from "../sql/action.ts";
import { isImport, readImport } from "../syntax/imports.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import { childOf, textOf, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import { dialectOfEnvironment } from "./dialect.ts";
import { argumentOf, calleeName, runEnvironment, type Made } from "./env-run.ts";
import { findUrlSource, type Override, type UrlSource } from "./env-url.ts";

/** Of a switch: "unknown" where its value, or whether it is given, cannot be told from the file. */
export type Switch = boolean | "unknown";

export interface Environment {
  readonly importsAlembic: boolean;
  /** Keywords of `context.configure(…)`. */
  readonly transactionPerMigration: Switch;
  readonly renderAsBatch: Switch;
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  /** Names of environment variables that it reads, for saying where a URL may come from. */
  readonly variables: readonly string[];
  readonly url: UrlSource;
  /** The first place that is not Python, where there is one. */
  readonly broken?: Range;
  readonly dialect?: Dialect;
}

/** Reads the text of an `env.py`; never throws. Needs `loadEngine()`. */
export function readEnvironment(text: string): Environment {
  const source = parseSource(text);
  const { vm, nodes, made } = runEnvironment(source);
  const imports = importsOf(nodes, text);
  const calls = configureCalls(made);
  const versionTable = agreed(calls, "version_table");
  const versionTableSchema = agreed(calls, "version_table_schema");
  const [broken] = source.errors;
  const dialect = dialectOfEnvironment(imports.values(), stringsOf(nodes, text));
  return {
    importsAlembic: [...imports.values()].some((path) => path === "alembic" || path.startsWith("alembic.")),
    transactionPerMigration: switchOf(calls, "transaction_per_migration"),
    renderAsBatch: switchOf(calls, "render_as_batch"),
    ...(versionTable === undefined ? {} : { versionTable }),
    ...(versionTableSchema === undefined ? {} : { versionTableSchema }),
    variables: variablesOf(nodes, imports, vm),
    url: findUrlSource(made, assignedUrls(nodes, vm)),
    ...(dialect === undefined ? {} : { dialect }),
    ...(broken === undefined ? {} : { broken }),
  };
}

/** By the name that they bind. The same name may be imported twice; the last one counts. */
function importsOf(nodes: readonly Node[], text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes) {
    if (!isImport(node)) continue;
    const { names, star } = readImport(node, text);
    for (const { name, path } of names) found.set(name, path);
    if (star !== undefined) found.set(`* of ${star}`, star);
  }
  return found;
}

/** Those of Alembic's context. With a connection it is the call that migrates a server; the others only print SQL. */
function configureCalls(made: readonly Made[]): readonly Call[] {
  const calls = made.flatMap(({ call }) => (isConfigure(call) ? call : []));
  const online = calls.filter((call) => argumentOf(call, "connection", 0) !== undefined || isOpen(call));
  return online.length > 0 ? online : calls;
}

const telling = new Set(["connection", "url", "target_metadata", "transaction_per_migration"]);

function isConfigure(call: Call): boolean {
  if (calleeName(call) !== "configure") return false;
  const { callee } = call;
  if (callee.kind === "reference" && callee.path.startsWith("alembic.")) return true;
  return call.args.some(({ name }) => name !== undefined && telling.has(name));
}

/** `**options` that are not known may hold any keyword. */
const isOpen = ({ args }: Call): boolean => args.some(({ starred }) => starred === true);

/** What a keyword may be given, one for each way that the call may go; undefined: it is not given. */
function keyword(call: Call, name: string): readonly (Value | "unknown" | undefined)[] {
  const given = call.args.find((arg) => arg.name === name);
  if (given !== undefined) return [given.value];
  const spread = call.args.filter(({ starred }) => starred === true).map(({ value }) => entriesNamed(value, name));
  return spread.find((values) => values.some((value) => value !== undefined)) ?? [undefined];
}

function entriesNamed(value: Value, name: string): readonly (Value | "unknown" | undefined)[] {
  if (value.kind === "choice") return value.options.flatMap((one) => entriesNamed(one, name));
  if (value.kind !== "mapping") return ["unknown"];
  const entry = value.entries.findLast(([key]) => !isKnown(key) || key.text === name);
  if (entry === undefined) return [value.complete ? undefined : "unknown"];
  return [isKnown(entry[0]) ? entry[1] : "unknown"];
}

/** Alembic's default is false. A file that configures nothing itself leaves it to code elsewhere. */
function switchOf(calls: readonly Call[], name: string): Switch {
  const values = new Set(
    calls
      .flatMap((call) => keyword(call, name))
      .map((value): Switch => {
        if (value === undefined) return false;
        if (value === "unknown" || value.kind !== "scalar") return "unknown";
        return value.value === true || (typeof value.value === "number" && value.value !== 0);
      }),
  );
  const [only = "unknown"] = values;
  return values.size === 1 ? only : "unknown";
}

/** The string that every call which may migrate gives; a call without the keyword means Alembic's default. */
function agreed(calls: readonly Call[], name: string): string | undefined {
  const values = new Set(
    calls
      .flatMap((call) => keyword(call, name))
      .map((value) => (value !== "unknown" && isKnown(value) ? value.text : undefined)),
  );
  const [only] = values;
  return values.size === 1 ? only : undefined;
}

/** `os.environ` of the expression, with its imports resolved; undefined for anything but a dotted name. */
function dottedName(node: Node, imports: ReadonlyMap<string, string>, text: string): string | undefined {
  if (node.type === "identifier") return imports.get(textOf(text, node)) ?? textOf(text, node);
  const [object, attribute] = node.children;
  if (node.type !== "attribute" || object === undefined || attribute === undefined) return undefined;
  const of = dottedName(object, imports, text);
  return of === undefined ? undefined : `${of}.${textOf(text, attribute)}`;
}

const readers = new Set(["os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"]);

function variablesOf(nodes: readonly Node[], imports: ReadonlyMap<string, string>, vm: Interpreter): readonly string[] {
  const found = nodes.flatMap((node) => {
    const [target, argument] = node.children;
    if (target === undefined || argument === undefined) return [];
    const isRead =
      node.type === "call"
        ? argument.type === "argument_list" && readers.has(dottedName(target, imports, vm.text) ?? "")
        : node.type === "subscript" && dottedName(target, imports, vm.text) === "os.environ";
    const name = node.type === "call" ? argument.children[0] : argument;
    const value = isRead && name !== undefined ? vm.evaluate(name, vm.module) : undefined;
    return isKnown(value) ? [value.text] : [];
  });
  return [...new Set(found)];
}

/** `section["sqlalchemy.url"] = url`, where `section` is a copy of the config's. */
function assignedUrls(nodes: readonly Node[], vm: Interpreter): readonly Override[] {
  const branches = nodes.filter(({ type }) => type === "if_statement" || type === "try_statement");
  return nodes.flatMap((node) => {
    const target = node.type === "assignment" ? node.children[0] : undefined;
    const index = target?.type === "subscript" ? target.children[1] : undefined;
    const value = node.children.at(-1);
    if (index === undefined || value === undefined) return [];
    const key = vm.evaluate(index, vm.module);
    if (!isKnown(key) || key.text !== "sqlalchemy.url") return [];
    const conditional = branches.some(({ start, end }) => start <= node.start && node.end <= end);
    return [{ value: vm.evaluate(value, vm.module), conditional }];
  });
}

/** The beginnings of strings: of an f-string what stands before the first hole. */
const stringsOf = (nodes: readonly Node[], text: string): readonly string[] =>
  nodes.flatMap((node) => {
    const content = node.type === "string" ? childOf(node, "string_content") : undefined;
    return content === undefined ? [] : [textOf(text, content)];
  });
