/** `upgrade()` and `downgrade()`, or one of them for each engine of a multi-database revision. */
import { interpretFunction } from "../syntax/interpret.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import { childOf, textOf, walk, type Node } from "../syntax/node.ts";
import { lookUp } from "../syntax/scope.ts";
import type { Value } from "../syntax/value.ts";
import { isDocstring } from "./header.ts";
import { newRecorder, type Readers } from "./recorder.ts";
import type { Direction, Form } from "./revision.ts";
import { bodyOfFunction, headOf, isEllipsis, readStatements } from "./statements.ts";

export interface DirectionReading {
  readonly direction: Direction;
  readonly places: ReadonlyMap<string, boolean>;
}

type Name = Direction["name"];

export function readDirections(name: Name, vm: Interpreter, readers: Readers): readonly DirectionReading[] {
  const definition = functionNamed(name, vm);
  if (!definition)
    return [{ direction: { name, form: "absent", indent: "", statements: [], operations: [] }, places: new Map() }];
  const engines = enginesOf(name, definition, vm);
  if (engines.length === 0) return [readDirection(name, undefined, definition, vm, readers)];
  return engines.map(({ engine, node }) => readDirection(name, engine, node, vm, readers));
}

/** The last definition counts, as it does for Python. */
function functionNamed(name: string, vm: Interpreter): Node | undefined {
  const value = lookUp(vm.module, name);
  const node = value?.kind === "function" ? vm.code.get(value)?.node : undefined;
  return node?.type === "function_definition" ? node : undefined;
}

/** Functions that `upgrade(engine_name)` picks by name: `globals()["upgrade_%s" % engine_name]()`. */
function enginesOf(name: Name, definition: Node, vm: Interpreter): readonly { engine: string; node: Node }[] {
  const body = childOf(definition, "block");
  if (!body) return [];
  const picks =
    [...walk(body)].some(
      (node) =>
        node.type === "call" &&
        /^(?:globals|eval|getattr|locals)\b/.test(textOf(vm.text, node)) &&
        textOf(vm.text, node).includes(`${name}_`),
    ) ||
    (/\bglobals\(\)/.test(textOf(vm.text, body)) && textOf(vm.text, body).includes(`${name}_`));
  if (!picks) return [];
  return [...vm.module.names.keys()].flatMap((key) => {
    const engine = key.startsWith(`${name}_`) ? key.slice(name.length + 1) : "";
    const node = engine === "" ? undefined : functionNamed(key, vm);
    return node ? [{ engine, node }] : [];
  });
}

function readDirection(
  name: Name,
  engine: string | undefined,
  definition: Node,
  vm: Interpreter,
  readers: Readers,
): DirectionReading {
  const { text } = vm;
  const head = headOf(definition, text);
  const nameNode = childOf(definition, "identifier");
  const body = bodyOfFunction(definition, text);
  const nodes = body?.nodes ?? [];
  const recorder = newRecorder(nodes, readers);
  const finished = interpretFunction(vm, definition, recorder, (parameter) => argumentFor(parameter, definition));
  const unfinished = !finished || recorder.overflows;
  if (unfinished) recorder.giveUp({ start: definition.start, end: head?.end ?? definition.end });
  const direction: Direction = {
    name,
    ...(engine === undefined ? {} : { engine }),
    form: formOf(nodes, text),
    ...(head ? { head } : {}),
    ...(nameNode ? { nameRange: { start: nameNode.start, end: nameNode.end } } : {}),
    ...(body ? { body: body.range } : {}),
    indent: body?.indent ?? "",
    statements: body ? readStatements(nodes, body.range, text, (node) => recorder.show(node)) : [],
    operations: recorder.operations,
    ...(unfinished ? { unfinished } : {}),
  };
  return { direction, places: recorder.places };
}

/** Alembic's runner hands in the engine's name; some projects hand in `op` itself. */
function argumentFor(parameter: string, definition: Node): Value {
  const range = { start: definition.start, end: definition.start };
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
