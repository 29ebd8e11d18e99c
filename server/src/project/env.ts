/** What `env.py` says of the way that migrations run. */
import type { Dialect } from "../sql/action.ts";
import { isImport, readImport } from "../syntax/imports.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import { childOf, textOf, type Characters, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Value } from "../syntax/value.ts";
import { slice, type Range } from "../text/range.ts";
import { dialectOfDriver, dialectOfName, dialectOfUrl } from "./dialect.ts";
import {
  comparisonOf,
  findConfigured,
  givenOf,
  possible,
  switchOf,
  textOfKeyword,
  type Given,
  type Switch,
} from "./env-configure.ts";
import { calleeName, runEnvironment, type Made } from "./env-run.ts";
import { findTimeouts, type Timeout } from "./env-timeouts.ts";
import { findBegun, lockOf } from "./env-transaction.ts";
import { findUrlSource, type Override, type UrlSource } from "./env-url.ts";

export type { Given, Switch } from "./env-configure.ts";

/** What is given as `target_metadata`. */
export interface TargetMetadata {
  /** As env.py writes it: `Base.metadata`. */
  readonly expression: string;
  readonly range: Range;
  /** Its dotted name, where it is imported: `app.models.Base.metadata`. */
  readonly path?: string;
}

export interface Environment {
  readonly importsAlembic: boolean;
  /** Keywords of `context.configure(…)`, of the calls that migrate a server. */
  readonly transactionPerMigration: Switch;
  readonly renderAsBatch: Switch;
  /** Whether each DDL statement is part of a transaction; absent where it is left to the dialect. */
  readonly transactionalDdl?: Switch;
  /** `custom`: a function decides. Alembic's default is true. */
  readonly compareType: Switch | "custom";
  readonly compareServerDefault: Switch | "custom";
  readonly includeObject: Given;
  readonly includeName: Given;
  readonly includeSchemas: Switch;
  /** A function may change what a new revision holds, its id and its message. */
  readonly processRevisionDirectives: Given;
  /** Of the call that prints SQL. */
  readonly literalBinds: Switch;
  readonly targetMetadata?: TargetMetadata;
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  /** Of the call that configures what migrates a server: its name. Absent where other code makes it. */
  readonly configure?: Range;
  /** Some connection is given `isolation_level="AUTOCOMMIT"`: each statement may be a transaction of its own. */
  readonly autocommit?: true;
  /** Migrations run over an asynchronous engine. */
  readonly isAsync: boolean;
  readonly timeouts: readonly Timeout[];
  /** The connection is used before Alembic is given it, in a transaction that nobody commits. */
  readonly begun?: Range;
  /** A lock that keeps two runs apart. */
  readonly lock: Given;
  /** Names of environment variables that it reads, for saying where a URL may come from. */
  readonly variables: readonly string[];
  readonly url: UrlSource;
  /** The first place that is not Python, where there is one. */
  readonly broken?: Range;
  readonly dialect?: { readonly name: Dialect; readonly from: "environment" | "driver" | "url" };
}

/** Reads the text of an `env.py`; never throws. Needs `loadEngine()`. */
export function readEnvironment(text: string): Environment {
  const source = parseSource(text);
  const { vm, nodes, made } = runEnvironment(source);
  const imports = importsOf(nodes, text);
  const { online, offline } = findConfigured(made);
  const [broken] = source.errors;
  const url = findUrlSource(made, assignedUrls(nodes, vm));
  return {
    importsAlembic: [...imports.values()].some((path) => path === "alembic" || path.startsWith("alembic.")),
    transactionPerMigration: switchOf(online, "transaction_per_migration"),
    renderAsBatch: switchOf(online, "render_as_batch"),
    ...transactionalDdl(online),
    compareType: comparisonOf(online, "compare_type", true),
    compareServerDefault: comparisonOf(online, "compare_server_default", false),
    includeObject: givenOf(online, "include_object"),
    includeName: givenOf(online, "include_name"),
    includeSchemas: switchOf(online, "include_schemas"),
    processRevisionDirectives: givenOf(online, "process_revision_directives"),
    literalBinds: switchOf(offline, "literal_binds"),
    ...present("targetMetadata", targetMetadataOf(online, text)),
    ...present("versionTable", textOfKeyword(online, "version_table")),
    ...present("versionTableSchema", textOfKeyword(online, "version_table_schema")),
    ...present("configure", online[0]?.nameRange),
    ...present("begun", made.some(({ call }) => isAutocommit(call)) ? undefined : findBegun(made)),
    ...(made.some(({ call }) => isAutocommit(call)) ? { autocommit: true as const } : {}),
    isAsync: made.some(({ call }) => asynchronous.has(calleeName(call) ?? "")),
    timeouts: findTimeouts(made),
    lock: lockOf(made),
    variables: variablesOf(nodes, imports, vm),
    url,
    ...present("dialect", dialectOf(online, imports.values(), url, stringsOf(nodes, text))),
    ...present("broken", broken),
  };
}

/** What Alembic is given as `target_metadata`, one value for each way that the calls may go; None where nothing is. */
export const metadataOf = (made: readonly Made[]): readonly Value[] =>
  possible(findConfigured(made).online, "target_metadata").map((value): Value => {
    const range = { start: 0, end: 0 };
    if (value === "unknown") return { kind: "unknown", why: "options that the file does not tell", range };
    return value ?? { kind: "scalar", value: null, range };
  });

const present = <K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };

const isAutocommit = ({ args }: Call): boolean =>
  args.some(({ name, value }) => name === "isolation_level" && isKnown(value) && value.text === "AUTOCOMMIT");

const transactionalDdl = (calls: readonly Call[]): Pick<Environment, "transactionalDdl"> =>
  possible(calls, "transactional_ddl").every((value) => value === undefined)
    ? {}
    : { transactionalDdl: switchOf(calls, "transactional_ddl") };

const asynchronous = new Set(["create_async_engine", "async_engine_from_config", "AsyncEngine", "run_sync"]);

function targetMetadataOf(calls: readonly Call[], text: string): TargetMetadata | undefined {
  const values = new Set(possible(calls, "target_metadata"));
  const [only] = values;
  if (values.size !== 1 || only === undefined || only === "unknown" || only.kind === "scalar") return undefined;
  return {
    expression: slice(text, only.range),
    range: only.range,
    ...(only.kind === "reference" ? { path: only.path } : {}),
  };
}

/** A keyword says it for certain, a URL nearly so; a driver's module may be imported for something else. */
function dialectOf(
  calls: readonly Call[],
  modules: Iterable<string>,
  { literal }: UrlSource,
  strings: readonly string[],
): Environment["dialect"] {
  const named = dialectOfName(textOfKeyword(calls, "dialect_name") ?? "");
  if (named !== undefined) return { name: named, from: "environment" };
  const inUrl = literal === undefined ? undefined : dialectOfUrl(literal);
  if (inUrl !== undefined) return { name: inUrl, from: "url" };
  const [driver] = [...modules].flatMap((module) => dialectOfDriver(module) ?? []);
  if (driver !== undefined) return { name: driver, from: "driver" };
  const [inString] = strings.flatMap((string) => dialectOfUrl(string) ?? []);
  return inString === undefined ? undefined : { name: inString, from: "url" };
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

/** `os.environ` of the expression, with its imports resolved; undefined for anything but a dotted name. */
function dottedName(node: Node, imports: ReadonlyMap<string, string>, text: Characters): string | undefined {
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
