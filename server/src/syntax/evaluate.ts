/** Expressions to values. */
import { extend, itemAt, itemsOf, mapping, sequence } from "./containers.ts";
import { maximalTurns, rangeOf, unknown, type Interpreter, type Use } from "./interpreter.ts";
import { readString } from "./literal.ts";
import { findMember } from "./members.ts";
import { childOf, type Node, textOf } from "./node.ts";
import { foldBinary, foldComparison, foldNot, truthOf } from "./operators.ts";
import { choose, lookUp, newScope, type Scope } from "./scope.ts";
import { isKnown, rebuild } from "./text.ts";
import type { Argument, Definition, Value } from "./value.ts";

const maximalDepth = 300;

export function evaluate(vm: Interpreter, node: Node, scope: Scope, use: Use = "expression"): Value {
  const { limits } = vm;
  if (limits.depth > maximalDepth || limits.steps <= 0) {
    limits.exhausted = true;
    return unknown("too much to follow", node);
  }
  limits.depth++;
  limits.steps--;
  try {
    return evaluateNode(vm, node, scope, use);
  } finally {
    limits.depth--;
  }
}

function evaluateNode(vm: Interpreter, node: Node, scope: Scope, use: Use): Value {
  const child = (index: number): Node | undefined => node.children[index];
  const value = (at: Node | undefined): Value => (at ? vm.evaluate(at, scope) : unknown("incomplete code", node));
  switch (node.type) {
    case "identifier":
      return readName(vm, node, scope);
    case "string":
    case "concatenated_string":
      return readString(node, vm.text, (part) => vm.evaluate(part, scope));
    case "integer":
    case "float":
      return { kind: "scalar", value: readNumber(textOf(vm.text, node)), range: rangeOf(node) };
    case "true":
    case "false":
      return { kind: "scalar", value: node.type === "true", range: rangeOf(node) };
    case "none":
      return { kind: "scalar", value: null, range: rangeOf(node) };
    case "parenthesized_expression":
    case "type":
    case "list_splat":
    case "as_pattern":
      return child(0) ? vm.evaluate(child(0) as Node, scope, use) : unknown("incomplete code", node);
    case "await":
      return child(0) ? vm.evaluate(child(0) as Node, scope, use) : unknown("incomplete code", node);
    case "attribute":
      return readAttribute(vm, node, scope);
    case "subscript":
      return readSubscript(vm, node, scope);
    case "call":
      return evaluateCall(vm, node, scope, use);
    case "list":
    case "tuple":
    case "set":
    case "expression_list":
      return readSequence(vm, node, scope);
    case "dictionary":
      return readMapping(vm, node, scope);
    case "list_comprehension":
    case "set_comprehension":
    case "generator_expression":
    case "dictionary_comprehension":
      return comprehend(vm, node, scope);
    case "conditional_expression":
      return conditional(vm, node, scope, use);
    case "boolean_operator":
      return boolean(vm, node, scope, use);
    case "not_operator":
      return foldNot(value(child(0)), node);
    case "comparison_operator":
      return foldComparison(node.children.map(value), operatorsOf(vm.text, node), node);
    case "binary_operator":
      return binary(vm, node, scope);
    case "unary_operator":
      return unary(vm, node, value(child(0)));
    case "lambda":
      return define(vm, node, scope, "lambda", "<lambda>");
    case "named_expression": {
      const bound = value(child(1));
      const target = child(0);
      if (target) vm.assign(target, bound, scope);
      return bound;
    }
    case "yield": {
      const yielded = child(0) ? value(child(0)) : unknown("a yield without a value", node);
      vm.running.at(-1)?.returned.push(yielded);
      return unknown("what is sent to a generator", node);
    }
    case "ellipsis":
      return { kind: "reference", path: "builtins.Ellipsis", range: rangeOf(node) };
    default:
      for (const part of node.children) vm.evaluate(part, scope);
      return unknown("code that could not be parsed", node);
  }
}

function readName(vm: Interpreter, node: Node, scope: Scope): Value {
  const name = textOf(vm.text, node);
  const found = lookUp(scope, name);
  if (found) return found;
  const star = vm.resolveStar(name, vm.stars);
  if (star !== undefined) return { kind: "reference", path: star, range: rangeOf(node) };
  if (builtins.has(name)) return { kind: "reference", path: `builtins.${name}`, range: rangeOf(node) };
  return unknown(`the name ${name} is not defined in this file`, node);
}

const builtins = new Set(
  (
    "abs all any ascii bin bool bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float " +
    "format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max min next object oct open ord " +
    "pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __name__ __file__ " +
    "Exception ValueError TypeError KeyError RuntimeError NotImplementedError AssertionError AttributeError IndexError StopIteration NotImplemented " +
    "ImportError LookupError OSError ArithmeticError BaseException unicode basestring xrange long"
  ).split(" "),
);

function readNumber(source: string): number {
  const digits = source.replaceAll("_", "").replace(/[lL]$/, "");
  return /[jJ]$/.test(digits) && !/^0[xX]/.test(digits) ? NaN : Number(digits);
}

function readAttribute(vm: Interpreter, node: Node, scope: Scope): Value {
  const [object, attribute] = node.children;
  if (!object || !attribute) return unknown("incomplete code", node);
  return findMember(vm, vm.evaluate(object, scope), textOf(vm.text, attribute), node, attribute);
}

function readSubscript(vm: Interpreter, node: Node, scope: Scope): Value {
  const [object, ...indexes] = node.children;
  if (!object) return unknown("incomplete code", node);
  const of = vm.evaluate(object, scope);
  const [first] = indexes;
  if (first?.type === "slice" && indexes.length === 1) return readSlice(vm, of, first, node, scope);
  const values = indexes.map((index) => vm.evaluate(index, scope));
  const index = values.length === 1 && values[0] ? values[0] : sequence(values, node, "tuple");
  return (
    itemAt(of, index) ??
    (of.kind === "unknown"
      ? unknown("an element of something unknown", node, of)
      : { kind: "item", of, index, range: rangeOf(node) })
  );
}

function readSlice(vm: Interpreter, of: Value, slice: Node, node: Node, scope: Scope): Value {
  const bounds = sliceBounds(vm, slice, scope);
  const [start, end, step] = bounds;
  if (bounds.some((bound) => bound === "unknown") || (step !== undefined && step !== 1))
    return unknown("a part of something", node, of);
  const from = start as number | undefined;
  const to = end as number | undefined;
  if (of.kind === "sequence" && of.complete) return { ...of, items: of.items.slice(from, to), range: rangeOf(node) };
  if (of.kind !== "text") return unknown("a part of something", node, of);
  const negative = (from ?? 0) < 0 || (to ?? 0) < 0;
  if (of.holes.length > 0 && negative) return unknown("a part of a string", node, of);
  const length = of.text.length;
  const clamp = (bound: number): number => Math.max(0, Math.min(length, bound < 0 ? length + bound : bound));
  return rebuild(of, [[clamp(from ?? 0), clamp(to ?? length)]], node);
}

type Bound = number | "unknown" | undefined;

function sliceBounds(vm: Interpreter, slice: Node, scope: Scope): readonly Bound[] {
  const bounds: Bound[] = [undefined];
  let at = slice.start;
  for (const part of [...slice.children, undefined]) {
    const colons = vm.text.slice(at, part ? part.start : slice.end).split(":").length - 1;
    for (let i = 0; i < colons; i++) bounds.push(undefined);
    if (!part) break;
    const bound = vm.evaluate(part, scope);
    bounds[bounds.length - 1] =
      bound.kind === "scalar"
        ? bound.value === null
          ? undefined
          : typeof bound.value === "number"
            ? bound.value
            : "unknown"
        : "unknown";
    at = part.end;
  }
  return bounds;
}

function evaluateCall(vm: Interpreter, node: Node, scope: Scope, use: Use): Value {
  const [target, list] = node.children;
  if (!target || !list) return unknown("incomplete code", node);
  const callee = vm.evaluate(target, scope);
  const nameRange = rangeOf(target.type === "attribute" ? (target.children.at(-1) ?? target) : target);
  const args =
    list.type === "generator_expression" ? [argument(list, vm.evaluate(list, scope))] : readArguments(vm, list, scope);
  return vm.invoke({ callee, args, range: rangeOf(node), nameRange, use, scope, target });
}

const argument = (node: Node, value: Value): Argument => ({ value, range: rangeOf(node) });

export function readArguments(vm: Interpreter, list: Node, scope: Scope): Argument[] {
  return list.children.flatMap((node): Argument[] => {
    const [first, second] = node.children;
    if (node.type === "keyword_argument" && first && second) {
      return [{ name: textOf(vm.text, first), value: vm.evaluate(second, scope), range: rangeOf(node) }];
    }
    if (node.type === "list_splat" && first) {
      const value = vm.evaluate(first, scope);
      const items = itemsOf(value);
      return items ? items.map((item) => argument(node, item)) : [{ starred: true, value, range: rangeOf(node) }];
    }
    if (node.type === "dictionary_splat" && first) return spread(vm.evaluate(first, scope), node);
    return [argument(node, vm.evaluate(node, scope))];
  });
}

function spread(value: Value, node: Node): Argument[] {
  const known = value.kind === "mapping" && value.complete && value.entries.every(([key]) => isKnown(key));
  if (!known) return [{ starred: true, value, range: rangeOf(node) }];
  return value.entries.flatMap(([key, item]) =>
    key.kind === "text" ? [{ name: key.text, value: item, range: rangeOf(node) }] : [],
  );
}

function readSequence(vm: Interpreter, node: Node, scope: Scope): Value {
  const type = node.type === "list" ? "list" : node.type === "set" ? "set" : "tuple";
  let result = sequence([], node, type);
  const items: Value[] = [];
  for (const child of node.children) {
    const value = vm.evaluate(child, scope);
    if (child.type !== "list_splat") items.push(value);
    else {
      result = extend({ ...result, items: [...result.items, ...items.splice(0)] }, value);
    }
  }
  return { ...result, items: result.items.length > 0 ? [...result.items, ...items] : items };
}

function readMapping(vm: Interpreter, node: Node, scope: Scope): Value {
  const entries: [Value, Value][] = [];
  let complete = true;
  for (const child of node.children) {
    const [first, second] = child.children;
    if (child.type === "pair" && first && second) entries.push([vm.evaluate(first, scope), vm.evaluate(second, scope)]);
    else if (child.type === "dictionary_splat" && first) {
      const value = vm.evaluate(first, scope);
      if (value.kind === "mapping") entries.push(...value.entries.map(([key, item]): [Value, Value] => [key, item]));
      complete &&= value.kind === "mapping" && value.complete;
    } else complete = false;
  }
  return mapping(entries, node, complete);
}

function comprehend(vm: Interpreter, node: Node, outer: Scope): Value {
  const [body, ...clauses] = node.children;
  if (!body) return unknown("incomplete code", node);
  const items: Value[] = [];
  const entries: [Value, Value][] = [];
  let complete = true;
  const scope = newScope(outer);
  const run = (index: number): void => {
    const clause = clauses[index];
    if (!clause) {
      const [key, item] = body.children;
      if (body.type === "pair" && key && item) entries.push([vm.evaluate(key, scope), vm.evaluate(item, scope)]);
      else items.push(vm.evaluate(body, scope));
    } else if (clause.type === "if_clause") {
      const test = clause.children[0] ? vm.evaluate(clause.children[0], scope) : unknown("incomplete code", clause);
      const truth = truthOf(test);
      if (truth === undefined) complete = false;
      if (truth !== false) run(index + 1);
    } else if (clause.type === "for_in_clause") {
      const [target, iterable] = clause.children;
      if (!target || !iterable) return;
      const over = vm.evaluate(iterable, scope);
      const turns = itemsOf(over);
      const each = (item: Value): void => {
        vm.assign(target, item, scope);
        run(index + 1);
      };
      if (turns && turns.length <= maximalTurns * 16) for (const turn of turns) each(turn);
      else {
        complete = false;
        vm.watcher.within(
          { kind: "loop", over, constant: turns !== undefined, endless: false, range: rangeOf(node) },
          () => {
            each(unknown("an element of something", iterable, over));
          },
        );
      }
    }
  };
  run(0);
  if (body.type === "pair") return mapping(entries, node, complete);
  return sequence(items, node, node.type === "set_comprehension" ? "set" : "list", complete);
}

function conditional(vm: Interpreter, node: Node, scope: Scope, use: Use): Value {
  const [whenTrue, test, whenFalse] = node.children;
  if (!whenTrue || !test || !whenFalse) return unknown("incomplete code", node);
  const value = vm.evaluate(test, scope);
  const truth = truthOf(value);
  if (truth !== undefined) return vm.evaluate(truth ? whenTrue : whenFalse, scope, use);
  const arm = (body: Node, negated: boolean): Value =>
    vm.watcher.within({ kind: "branch", test: value, negated, range: rangeOf(node) }, () =>
      vm.evaluate(body, scope, use),
    );
  return choose([arm(whenTrue, false), arm(whenFalse, true)], node);
}

function boolean(vm: Interpreter, node: Node, scope: Scope, use: Use): Value {
  const [left, right] = node.children;
  if (!left || !right) return unknown("incomplete code", node);
  const operator = /\bor\b/.test(vm.text.slice(left.end, right.start)) ? "or" : "and";
  const first = vm.evaluate(left, scope);
  const truth = truthOf(first);
  if (truth !== undefined) return truth === (operator === "or") ? first : vm.evaluate(right, scope, use);
  const second = vm.watcher.within(
    { kind: "branch", test: first, negated: operator === "or", range: rangeOf(node) },
    () => vm.evaluate(right, scope, use),
  );
  return { kind: "operator", operator, operands: [first, second], range: rangeOf(node) };
}

const operatorPattern = /not\s+in|is\s+not|in|is|<=|>=|==|!=|<>|<|>/;

function operatorsOf(text: string, node: Node): string[] {
  return node.children.slice(1).map((right, i) => {
    const left = node.children[i];
    const between = left ? text.slice(left.end, right.start) : "";
    return (operatorPattern.exec(between)?.[0] ?? "==").replace(/\s+/g, " ");
  });
}

/** The left side nests as deep as the chain is long (`a + b + c …`), so it is unrolled. */
function binary(vm: Interpreter, node: Node, scope: Scope): Value {
  const spine: Node[] = [];
  let leftmost: Node = node;
  while (leftmost.type === "binary_operator" && leftmost.children[0]) {
    spine.push(leftmost);
    leftmost = leftmost.children[0];
  }
  let result = vm.evaluate(leftmost, scope);
  if (spine.length > maximalDepth && result.kind !== "text" && result.kind !== "scalar")
    return unknown("an expression too long to follow", node);
  for (const part of spine.reverse()) {
    const [left, right] = part.children;
    if (!left || !right) return unknown("incomplete code", node);
    const operator = /\*\*|\/\/|<<|>>|[-+*@/%|&^]/.exec(vm.text.slice(left.end, right.start))?.[0] ?? "+";
    result = foldBinary(operator, result, vm.evaluate(right, scope), part);
  }
  return result;
}

function unary(vm: Interpreter, node: Node, operand: Value): Value {
  const operator = vm.text.charAt(node.start);
  if (operand.kind === "scalar" && typeof operand.value === "number") {
    if (operator === "-") return { ...operand, value: -operand.value, range: rangeOf(node) };
    if (operator === "+") return operand;
  }
  return { kind: "operator", operator, operands: [operand], range: rangeOf(node) };
}

export function define(
  vm: Interpreter,
  node: Node,
  scope: Scope,
  kind: Definition["kind"],
  name: string,
  decorators: readonly string[] = [],
): Definition {
  const definition: Definition = { kind, name, range: rangeOf(node) };
  vm.code.set(definition, { node, scope, decorators });
  return definition;
}

export const bodyOf = (node: Node): readonly Node[] => childOf(node, "block")?.children ?? [];
