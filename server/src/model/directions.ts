/** `upgrade()` and `downgrade()`, or one of them for each engine of a multi-database revision. */
import { interpretFunction } from "../syntax/interpret.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import { childOf, textOf, walk, type Node } from "../syntax/node.ts";
import { imported } from "../syntax/members.ts";
import { lookUp } from "../syntax/scope.ts";
import type { Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import { isDocstring } from "./header.ts";
import { newRecorder, type Readers } from "./recorder.ts";
import type { Direction, Form } from "./revision.ts";
import { readRemarks } from "./remarks.ts";
import { bodyOfFunction, headOf, isEllipsis, readStatements } from "./statements.ts";

export interface DirectionReading {
  readonly direction: Direction;
  readonly places: ReadonlyMap<string, boolean>;
}

type Name = Direction["name"];

/** A file whose own statements have been run. */
export interface OpenFile {
  readonly text: string;
  readonly vm: Interpreter;
  readonly readers: Readers;
  readonly comments: readonly Range[];
}

export function readDirections(name: Name, file: OpenFile): readonly DirectionReading[] {
  const { vm } = file;
  const definition = functionNamed(name, vm);
  if (!definition) return [readImported(name, file)];
  const engines = enginesOf(name, definition, file);
  if (engines.length === 0) return [readDirection({ name }, definition, file)];
  return engines.map(({ engine, node }) => readDirection({ name, engine }, node, file));
}

/** The last definition counts, as it does for Python. */
function functionNamed(name: string, vm: Interpreter): Node | undefined {
  const value = lookUp(vm.module, name);
  const node = value?.kind === "function" ? vm.code.get(value)?.node : undefined;
  return node?.type === "function_definition" ? node : undefined;
}

/** Functions that `upgrade(engine_name)` picks by name: `globals()["upgrade_%s" % engine_name]()`. */
function enginesOf(name: Name, definition: Node, { vm, text }: OpenFile): readonly { engine: string; node: Node }[] {
  const body = childOf(definition, "block");
  if (!body || !textOf(text, body).includes(`${name}_`)) return [];
  const picks =
    [...walk(body)].some(
      (node) =>
        node.type === "call" &&
        /^(?:globals|eval|getattr|locals)\b/.test(textOf(text, node)) &&
        textOf(text, node).includes(`${name}_`),
    ) || /\bglobals\(\)/.test(textOf(text, body));
  if (!picks) return [];
  return [...vm.module.names.keys()].flatMap((key) => {
    const engine = key.startsWith(`${name}_`) ? key.slice(name.length + 1) : "";
    const node = engine === "" ? undefined : functionNamed(key, vm);
    return node ? [{ engine, node }] : [];
  });
}

function readDirection(
  which: Pick<Direction, "name" | "engine">,
  definition: Node,
  { text, vm, readers, comments }: OpenFile,
): DirectionReading {
  const head = headOf(definition, text);
  const nameNode = childOf(definition, "identifier");
  const body = bodyOfFunction(definition, text);
  const nodes = body?.nodes ?? [];
  const recorder = newRecorder(nodes, readers);
  const finished = interpretFunction(vm, definition, recorder, (parameter) => argumentFor(parameter, definition));
  const remarks = body ? readRemarks(nodes, { start: definition.start, body: body.range }, { text, comments }) : [];
  const unfinished = !finished || recorder.overflows;
  if (unfinished) recorder.giveUp({ start: definition.start, end: head?.end ?? definition.end });
  const direction: Direction = {
    ...which,
    form: formOf(nodes, text),
    ...(head ? { head } : {}),
    ...(nameNode ? { nameRange: { start: nameNode.start, end: nameNode.end } } : {}),
    ...(body ? { body: body.range } : {}),
    indent: body?.indent ?? "",
    statements: body ? readStatements(nodes, body.range, text, (node) => recorder.show(node)) : [],
    operations: recorder.operations,
    ...(remarks.length > 0 ? { remarks } : {}),
    ...(unfinished ? { unfinished } : {}),
  };
  return { direction, places: recorder.places };
}

/** `from .first_release import upgrade`: what it does has its place at the import. */
function readImported(name: Name, { vm, readers }: OpenFile): DirectionReading {
  const absent: Direction = { name, form: "absent", indent: "", statements: [], operations: [] };
  const reference = lookUp(vm.module, name);
  const definition = reference?.kind === "reference" ? imported(vm, reference) : undefined;
  const code = definition?.kind === "function" ? vm.code.get(definition) : undefined;
  if (!reference || !code) return { direction: absent, places: new Map() };
  const place = { range: reference.range, nameRange: reference.range };
  const recorder = newRecorder([], readers);
  const path = code.home.path === undefined ? {} : { path: code.home.path };
  const finished = recorder.within({ kind: "helper", name, ...place, ...path }, () =>
    interpretFunction(vm.at(code.home), code.node, recorder, (parameter) => argumentFor(parameter, reference.range)),
  );
  const unfinished = !finished || recorder.overflows;
  if (unfinished) recorder.giveUp(reference.range);
  const { operations, places } = recorder;
  return { direction: { ...absent, form: "body", operations, ...(unfinished ? { unfinished } : {}) }, places };
}

/** Alembic's runner hands in the engine's name; some projects hand in `op` itself. */
function argumentFor(parameter: string, { start }: Range): Value {
  const range = { start, end: start };
  if (parameter === "op" || parameter === "operations") return { kind: "reference", path: "alembic.op", range };
  return { kind: "unknown", why: `the argument ${parameter} comes from outside`, range };
}

function formOf(nodes: readonly Node[], text: string): Form {
  const rest = nodes.filter(
    (node, i) => !(i === 0 && isDocstring(node)) && node.type !== "pass_statement" && !isEllipsis(node, text),
  );
  const [only] = rest;
  if (!only) return "pass";
  return rest.length === 1 && only.type === "raise_statement" ? "raise" : "body";
}
