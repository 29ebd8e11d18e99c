/** Expressions to values. */
import { argument, readArguments } from "./arguments.ts";
import { comprehend, readMapping, readSequence } from "./collections.ts";
import { define } from "./definitions.ts";
import { charge, maximalDepth, rangeOf, unknown, type Interpreter, type Invocation, type Use } from "./interpreter.ts";
import { readString } from "./literal.ts";
import { findMember, imported } from "./members.ts";
import { type Characters, type Node, textOf } from "./node.ts";
import { foldBinary, foldComparison, foldNot, truthOf } from "./operators.ts";
import { choose, lookUp, type Scope } from "./scope.ts";
import { readSubscript } from "./subscript.ts";
import type { Tested, Value } from "./value.ts";

export function evaluate(vm: Interpreter, node: Node, scope: Scope, use: Use = "expression"): Value {
  const { limits } = vm;
  if (limits.depth > maximalDepth || limits.steps <= 0) {
    limits.exhausted = true;
    return unknown("too much to follow", node);
  }
  limits.depth++;
  limits.steps--;
  try {
    const value = evaluateNode(vm, node, scope, use);
    if (node.type !== "identifier") charge(vm, value);
    return value;
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
      return {
        kind: "scalar",
        value: readNumber(textOf(vm.text, node)),
        ...(node.type === "float" ? { isFloat: true } : {}),
        range: rangeOf(node),
      };
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
      const frame = vm.running.at(-1);
      if (frame?.resume) frame.resume(yielded);
      else frame?.returned.push(yielded);
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
  if (found) return imported(vm, found);
  const star = vm.resolveStar(name, vm.home.stars);
  if (star !== undefined) return { kind: "reference", path: star, range: rangeOf(node) };
  for (const module of vm.home.stars) {
    const shared = vm.modules?.resolve(`${module}.${name}`, vm);
    if (shared) return shared;
  }
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

function evaluateCall(vm: Interpreter, node: Node, scope: Scope, use: Use): Value {
  const invocation = readInvocation(vm, node, scope, use);
  return invocation ? vm.invoke(invocation) : unknown("incomplete code", node);
}

/** What a call calls, and with what; undefined for one that is not written to its end. */
export function readInvocation(vm: Interpreter, node: Node, scope: Scope, use: Use): Invocation | undefined {
  const [target, list] = node.children;
  if (!target || !list) return undefined;
  const callee = vm.evaluate(target, scope);
  const nameRange = rangeOf(target.type === "attribute" ? (target.children.at(-1) ?? target) : target);
  const args =
    list.type === "generator_expression" ? [argument(list, vm.evaluate(list, scope))] : readArguments(vm, list, scope);
  return { callee, args, range: rangeOf(node), nameRange, use, scope, target };
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
  const under = (negated: boolean): readonly Tested[] => [{ test: value, negated, range: rangeOf(node) }];
  return choose([arm(whenTrue, false), arm(whenFalse, true)], node, [under(false), under(true)]);
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

function operatorsOf(text: Characters, node: Node): string[] {
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
    charge(vm, result);
    if (vm.limits.steps <= 0) return unknown("too much to follow", node);
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
