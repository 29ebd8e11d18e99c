/** Calls: what the file's own code does is run, what can be told is told, and the rest is reported to the watcher. */
import type { Range } from "../text/range.ts";
import { askContainer, mutated, sequence } from "./containers.ts";
import { bodyOf } from "./definitions.ts";
import { isEnum, memberByValue } from "./enums.ts";
import { answerFunction, sortedItems } from "./functions.ts";
import {
  rangeOf,
  unknown,
  type BranchFrame,
  type Code,
  type Completion,
  type Frame,
  type Interpreter,
  type Invocation,
  type Running,
} from "./interpreter.ts";
import { findInClass, findMember, initializedBy } from "./members.ts";
import { childOf, type Node, textOf } from "./node.ts";
import { foldNot } from "./operators.ts";
import { bindFields, makeTuple } from "./records.ts";
import { rebind } from "./aliases.ts";
import { choose, decide, newScope, sameValue, type Scope } from "./scope.ts";
import { askText } from "./strings.ts";
import { superInit, type Argument, type Call, type Definition, type Value } from "./value.ts";

/** Calls within each other, of the file's own functions; and where the innermost is of another module. */
const maximalCalls = 30;
const maximalCallsElsewhere = 12;

export function invoke(vm: Interpreter, invocation: Invocation): Value {
  const { callee, args, range } = invocation;
  switch (callee.kind) {
    case "class":
      return instantiate(vm, callee, invocation);
    case "function":
    case "lambda":
      return run(vm, callee, invocation);
    case "choice":
      if (!callee.options.some((option) => option.kind === "function" || option.kind === "lambda")) break;
      return choose(
        callee.options.map((option) => vm.invoke({ ...invocation, callee: option })),
        range,
      );
    case "member": {
      const answer =
        askMember(vm, callee.of, callee.name, invocation) ?? callMethod(vm, callee.of, callee.name, invocation);
      if (answer) return answer;
      break;
    }
    case "reference": {
      const values = args.map((arg) => arg.value);
      const answer = answerFunction(callee.path, { vm, args, values, range, nameRange: invocation.nameRange });
      if (answer) return answer;
      break;
    }
    case "call": {
      const [inner, ...bound] = callee.args;
      if (callee.callee.kind !== "reference" || callee.callee.path !== "functools.partial" || !inner) break;
      return vm.invoke({ ...invocation, callee: inner.value, args: [...bound, ...args] });
    }
    default:
      break;
  }
  noteSuperInit(vm, invocation);
  return report(vm, invocation);
}

function noteSuperInit(vm: Interpreter, { callee, args, range, nameRange }: Invocation): void {
  const initialized = initializedBy(callee, args);
  const attributes = initialized && vm.attributes.get(initialized.self);
  if (!initialized || !attributes) return;
  const call: Call = {
    kind: "call",
    callee,
    args: initialized.args,
    nameRange: rangeOf(nameRange),
    range: rangeOf(range),
  };
  vm.journal.bind(attributes, superInit, call);
}

/** The call stays a call. */
function report(vm: Interpreter, { callee, args, range, nameRange, use }: Invocation): Call {
  const call: Call = { kind: "call", callee, args, nameRange: rangeOf(nameRange), range: rangeOf(range) };
  vm.watcher.called(call, use);
  const callbacks = args.filter(({ value }) => value.kind === "function" || value.kind === "lambda");
  if (callbacks.length > 0 && vm.watcher.runsArguments(call)) {
    for (const { value } of callbacks)
      if (value.kind === "function" || value.kind === "lambda") runBlindly(vm, value, call);
  }
  return call;
}

function runBlindly(vm: Interpreter, definition: Definition, call: Call): void {
  const given = parametersOf(vm, definition).map((): Argument => ({
    value: unknown("an argument given elsewhere", call.range, call),
    range: call.range,
  }));
  run(vm, definition, {
    callee: definition,
    args: given,
    range: call.range,
    nameRange: call.nameRange,
    use: "expression",
  });
}

function askMember(vm: Interpreter, of: Value, name: string, invocation: Invocation): Value | undefined {
  const { args, range } = invocation;
  if (of.kind === "text") return askText(of, name, args, range);
  if (of.kind === "choice") return askChoice(vm, of, name, invocation);
  if (of.kind !== "sequence" && of.kind !== "mapping") return undefined;
  if (name === "sort" && of.kind === "sequence") {
    const { nameRange } = invocation;
    const items = of.complete ? sortedItems({ vm, args, range, nameRange }, of.items) : undefined;
    if (items) putBack(vm, of, { ...of, items }, invocation);
    return { kind: "scalar", value: null, range: rangeOf(range) };
  }
  const answer = askContainer(of, name, args, range);
  const changed = mutated(of, name, args);
  if (changed && changed !== of) putBack(vm, of, changed, invocation);
  return answer ?? (changed ? { kind: "scalar", value: null, range: rangeOf(range) } : undefined);
}

/** A list or a dictionary that differs by branch is changed in each of its forms. */
function askChoice(
  vm: Interpreter,
  of: Value & { readonly kind: "choice" },
  name: string,
  invocation: Invocation,
): Value | undefined {
  const { options } = of;
  const changed = options.map((option) =>
    option.kind === "sequence" || option.kind === "mapping" ? mutated(option, name, invocation.args) : undefined,
  );
  if (changed.every((one) => one === undefined)) return undefined;
  const after = options.map((option, i) => changed[i] ?? option);
  putBack(vm, of, choose(after, invocation.range), invocation);
  return undefined;
}

/** What a method has made of its object is bound to where the object came from, and to all names that it goes by. */
function putBack(vm: Interpreter, before: Value, changed: Value, { target, scope }: Invocation): void {
  const object = target?.type === "attribute" ? target.children[0] : undefined;
  if (!object || !scope || !isPlace(object)) return;
  vm.assign(object, changed, scope);
  rebind(vm, before, changed);
  vm.watcher.bound(changed);
  if (object.type === "identifier") vm.watcher.mutated(textOf(vm.text, object));
}

/** Methods that rows, queries and containers have of their own. */
const common = new Set(
  "get set add all any count copy delete execute filter first format insert items join keys merge pop query remove run save select update values".split(
    " ",
  ),
);

/** A method that one class of the file defines, called on an object of which only the origin is known: a row of a query. */
function callMethod(vm: Interpreter, of: Value, name: string, invocation: Invocation): Value | undefined {
  const isObject = (of.kind === "unknown" && of.from !== undefined) || of.kind === "call" || of.kind === "item";
  if (!isObject || common.has(name)) return undefined;
  const methods = [...vm.module.names.values()].flatMap((value) => {
    const method = value.kind === "class" && (value.bases ?? []).length > 0 ? value.members?.get(name) : undefined;
    return method?.kind === "function" ? [method] : [];
  });
  const [method, ...others] = methods;
  const code = method && vm.code.get(method);
  if (!code || others.length > 0 || code.decorators.length > 0) return undefined;
  const bound: Definition = { ...method };
  vm.code.set(bound, { ...code, self: of });
  return run(vm, bound, invocation);
}

const isPlace = (node: Node): boolean =>
  node.type === "identifier" || node.type === "attribute" || node.type === "subscript";

function instantiate(vm: Interpreter, callee: Definition, { args, range, nameRange, use }: Invocation): Value {
  const [first] = args;
  const made =
    (isEnum(callee) && first && args.length === 1 ? memberByValue(callee, first.value) : undefined) ??
    makeTuple(vm, callee, args, range);
  if (made) return made;
  const object: Call = { kind: "call", callee, args, nameRange: rangeOf(nameRange), range: rangeOf(range) };
  const attributes = newScope(undefined);
  vm.attributes.set(object, attributes);
  const fields = callee.fields && bindFields(vm, callee.fields, args, range);
  for (const [name, value] of fields ?? []) vm.journal.bind(attributes, name, value);
  if (findInClass(callee, "__init__")) {
    const initialize = findMember(vm, object, "__init__", range, nameRange);
    if (initialize.kind === "function")
      run(vm, initialize, { callee: initialize, args, range, nameRange, use: "expression" });
  }
  vm.watcher.called(object, use);
  return object;
}

function run(vm: Interpreter, definition: Definition, invocation: Invocation): Value {
  return enter(vm, definition, invocation, (own, code, scope) => runBody(own, code, scope, invocation));
}

/**
 * Runs a context manager of the project: at its `yield` the block of the `with`, then the rest of it. A `yield` in each
 * arm of a branch is the same block, whatever the branch asks.
 */
export function runManager(
  vm: Interpreter,
  definition: Definition,
  invocation: Invocation,
  block: (value: Value) => Completion,
): Completion {
  let completion: Completion | undefined;
  const { range } = invocation;
  const manages = (own: Interpreter, code: Code, scope: Scope): Value => {
    const always = yieldsOf(code.node).length > 1;
    const resume = (yielded: Value): void => {
      if (completion !== undefined) return;
      completion = "next";
      const frame = vm.running.pop();
      try {
        completion = vm.watcher.outside(always, () => block(yielded));
      } finally {
        if (frame) vm.running.push(frame);
      }
    };
    vm.running.push({ node: code.node, scope, returned: [], asked: [], self: code.self, resume });
    try {
      own.execute(bodyOf(code.node), scope);
    } finally {
      vm.running.pop();
    }
    return { kind: "scalar", value: null, range: rangeOf(range) };
  };
  enter(vm, definition, invocation, manages, true);
  return completion ?? block(unknown("what a context manager gives", range));
}

type Enter = (own: Interpreter, code: Code, scope: Scope) => Value;

/** Runs the code of a function, as its own module sees it, with its parameters bound. */
function enter(vm: Interpreter, definition: Definition, invocation: Invocation, body: Enter, manages?: true): Value {
  const code = vm.code.get(definition);
  if (!code) return unknown("a function that cannot be found", invocation.range);
  if (vm.running.some(({ node }) => node === code.node))
    return unknown(`${definition.name}() calls itself`, invocation.range);
  const { isMain, path = "" } = code.home;
  if (!isMain && vm.running.length >= maximalCallsElsewhere) return asForeign(vm, definition, path, invocation);
  if (vm.running.length >= maximalCalls) {
    vm.limits.exhausted = true;
    return unknown("calls too deep to follow", invocation.range);
  }
  const scope = newScope(code.scope);
  const own = vm.at(code.home);
  bindParameters(own, definition, code, invocation, scope);
  const frame: Frame = {
    kind: "helper",
    name: definition.name,
    range: rangeOf(invocation.range),
    nameRange: rangeOf(invocation.nameRange),
    ...(code.home.isMain || code.home.path === undefined ? {} : { path: code.home.path }),
    use: invocation.use,
    given: [...invocation.args.map((arg) => arg.value), ...(code.self ? [code.self] : [])],
    ...(manages && { manages }),
  };
  return vm.watcher.within(frame, () => body(own, code, scope));
}

/** What lies too deep in another module is as code of a module that is not known. */
const asForeign = (vm: Interpreter, { name, range }: Definition, path: string, invocation: Invocation): Value =>
  report(vm, { ...invocation, callee: { kind: "reference", path: `${path}.${name}`, range } });

function runBody(vm: Interpreter, code: Code, scope: Scope, { range }: Invocation): Value {
  const { node, self } = code;
  if (node.type === "lambda") {
    const body = node.children.at(-1);
    vm.running.push({ node, scope, returned: [], asked: [], self });
    try {
      return body ? vm.evaluate(body, scope) : unknown("incomplete code", range);
    } finally {
      vm.running.pop();
    }
  }
  const returned: Value[] = [];
  const asked: Value[] = [];
  const returnedUnder: (readonly BranchFrame[])[] = [];
  vm.running.push({ node, scope, returned, asked, self, under: [], returnedUnder });
  try {
    const completion = vm.execute(bodyOf(node), scope);
    if (isGenerator(node) && !code.decorators.includes("contextmanager"))
      return sequence(returned, range, "list", isStraight(node));
    if (completion === "next") returned.push({ kind: "scalar", value: null, range: rangeOf(range) });
    return (
      answerOf(returned, vm.running.at(-1), range) ??
      decide(
        returned.length > 1 && isGenerator(node) ? returned.slice(0, -1) : returned,
        range,
        asked,
        returnedUnder.length === returned.length ? returnedUnder : [],
      )
    );
  } finally {
    vm.running.pop();
  }
}

/** `if test: return True`, and False at the end: what the function answers is the test itself. */
function answerOf(returned: readonly Value[], frame: Running | undefined, range: Range): Value | undefined {
  const [first, second] = returned;
  const tested = frame?.firstReturn;
  const isFlag = (value: Value | undefined): boolean => value?.kind === "scalar" && typeof value.value === "boolean";
  if (!first || !second || returned.length > 2 || !tested || !isFlag(first) || !isFlag(second)) return undefined;
  if (first.kind !== "scalar" || sameValue(first, second)) return undefined;
  return first.value === tested.negated ? foldNot(tested.test, range) : tested.test;
}

const knownYields = new WeakMap<Node, readonly Node[]>();

/** The function's own, not those of functions in it. */
function yieldsOf(node: Node): readonly Node[] {
  const known = knownYields.get(node);
  if (known) return known;
  const within = (part: Node): readonly Node[] =>
    part.type === "yield" ? [part] : definitions.has(part.type) ? [] : part.children.flatMap(within);
  const found = bodyOf(node).flatMap(within);
  knownYields.set(node, found);
  return found;
}

const definitions = new Set(["function_definition", "class_definition", "lambda"]);

export const isGenerator = (node: Node): boolean => yieldsOf(node).length > 0;

/** Each of its yields is reached exactly once. */
const isStraight = (node: Node): boolean =>
  bodyOf(node).every(
    (statement) =>
      statement.type === "expression_statement" ||
      !yieldsOf(node).some(({ start, end }) => statement.start <= start && end <= statement.end),
  );

interface Parameter {
  readonly name: string;
  readonly kind: "plain" | "rest" | "keywords" | "keyword-only";
  readonly default?: Node;
  readonly node: Node;
}

export function parametersOf(vm: Interpreter, definition: Definition): readonly Parameter[] {
  const code = vm.code.get(definition);
  const own = code ? vm.at(code.home) : vm;
  const list = code && (childOf(code.node, "parameters") ?? childOf(code.node, "lambda_parameters"));
  if (!list) return [];
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const node of list.children) {
    const parameter = readParameter(own, node);
    if (node.type === "keyword_separator" || parameter?.kind === "rest") keywordOnly = true;
    if (!parameter) continue;
    parameters.push(keywordOnly && parameter.kind === "plain" ? { ...parameter, kind: "keyword-only" } : parameter);
  }
  const bound = code.self !== undefined;
  return bound ? parameters.slice(1) : parameters;
}

function readParameter(vm: Interpreter, node: Node): Parameter | undefined {
  const [first, ...others] = node.children;
  switch (node.type) {
    case "identifier":
      return { name: textOf(vm.text, node), kind: "plain", node };
    case "typed_parameter":
      return first && readParameter(vm, first);
    case "default_parameter":
    case "typed_default_parameter": {
      const value = others.at(-1);
      return first && value && { name: textOf(vm.text, first), kind: "plain", default: value, node };
    }
    case "list_splat_pattern":
      return first && { name: textOf(vm.text, first), kind: "rest", node };
    case "dictionary_splat_pattern":
      return first && { name: textOf(vm.text, first), kind: "keywords", node };
    default:
      return undefined;
  }
}

function bindParameters(
  vm: Interpreter,
  definition: Definition,
  code: Code,
  { args, range }: Invocation,
  scope: Scope,
): void {
  const parameters = parametersOf(vm, definition);
  const starred = args.find((arg) => arg.starred);
  const positional = args.filter((arg) => arg.name === undefined && !arg.starred).map((arg) => arg.value);
  const named = new Map(args.flatMap((arg) => (arg.name === undefined ? [] : [[arg.name, arg.value] as const])));
  const missing = (parameter: Parameter): Value =>
    parameter.default && !starred
      ? vm.evaluate(parameter.default, code.scope)
      : unknown(`the argument ${parameter.name} is not known`, range, starred?.value);
  if (code.self) bindSelf(vm, code, code.self, scope);
  for (const parameter of parameters) {
    const bind = (value: Value): void => vm.journal.bind(scope, parameter.name, value);
    if (parameter.kind === "rest") bind(sequence(positional.splice(0), range, "tuple", !starred));
    else if (parameter.kind === "keywords") {
      const entries = [...named].map(
        ([name, value]) =>
          [{ kind: "text", text: name, holes: [], pieces: [], range: value.range } as Value, value] as const,
      );
      bind({ kind: "mapping", entries, complete: !starred, range: rangeOf(range) });
    } else {
      const given = named.get(parameter.name) ?? (parameter.kind === "plain" ? positional.shift() : undefined);
      named.delete(parameter.name);
      bind(given ?? missing(parameter));
    }
  }
}

function bindSelf(vm: Interpreter, code: Code, self: Value, scope: Scope): void {
  const list = childOf(code.node, "parameters");
  const first = list?.children[0] && readParameter(vm, list.children[0]);
  if (first) vm.journal.bind(scope, first.name, self);
}
