/** `match`: the arm that fits a known subject, or each that may. */
import { executeArms, type Arm } from "./compound.ts";
import { isConstant, itemsOf } from "./containers.ts";
import { rangeOf, unknown, type Completion, type Interpreter } from "./interpreter.ts";
import { childOf, childrenOf, type Node, textOf } from "./node.ts";
import { foldComparison, truthOf } from "./operators.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./value.ts";

export function executeMatch(vm: Interpreter, node: Node, scope: Scope): Completion {
  const subject = node.children[0] ? vm.evaluate(node.children[0], scope) : unknown("incomplete code", node);
  const arms: Arm[] = [];
  for (const clause of childrenOf(childOf(node, "block") ?? node, "case_clause")) {
    const fit = fits(vm, clause, subject, scope);
    if (fit.truth === false) continue;
    const body = childOf(clause, "block")?.children ?? [];
    const isSure = fit.truth === true;
    arms.push({
      frames: isSure ? [] : [{ kind: "branch", test: fit.test, negated: false, range: rangeOf(clause) }],
      body,
    });
    if (isSure) return executeArms(vm, arms, scope, node, []);
  }
  return executeArms(vm, [...arms, { frames: [], body: [] }], scope, node, []);
}

interface Fit {
  readonly truth: boolean | undefined;
  readonly test: Value;
}

/** Whether the clause is taken; names that its pattern binds are bound. */
function fits(vm: Interpreter, clause: Node, subject: Value, scope: Scope): Fit {
  const patterns = childrenOf(clause, "case_pattern");
  const guard = childOf(clause, "if_clause");
  const [only] = patterns;
  const test: Value = { kind: "operator", operator: "match", operands: [subject], range: rangeOf(clause) };
  if (!only || patterns.length > 1) return { truth: undefined, test };
  const fit = fitsPattern(vm, only, subject, scope);
  if (fit.truth === false || !guard?.children[0]) return { ...fit, test: fit.truth === undefined ? fit.test : test };
  const guarded = vm.evaluate(guard.children[0], scope);
  const truth = truthOf(guarded);
  return { truth: truth === false ? false : truth === true ? fit.truth : undefined, test: fit.truth ? guarded : test };
}

function fitsPattern(vm: Interpreter, node: Node, subject: Value, scope: Scope): Fit {
  const test: Value = { kind: "operator", operator: "match", operands: [subject], range: rangeOf(node) };
  const [first] = node.children;
  switch (node.type) {
    case "case_pattern":
      if (first && node.children.length === 1) return fitsPattern(vm, first, subject, scope);
      return { truth: textOf(vm.text, node) === "_" ? true : undefined, test };
    case "union_pattern": {
      const parts = node.children.map((part) => fitsPattern(vm, part, subject, scope));
      const truths = parts.map(({ truth }) => truth);
      const either: Value = {
        kind: "operator",
        operator: "or",
        operands: parts.map((part) => part.test),
        range: rangeOf(node),
      };
      if (truths.includes(true)) return { truth: true, test: either };
      return { truth: truths.every((truth) => truth === false) ? false : undefined, test: either };
    }
    case "dotted_name":
      // A bare name takes anything; a dotted one is compared.
      if (textOf(vm.text, node).includes(".")) return { truth: undefined, test };
      vm.assign({ ...node, type: "identifier" }, subject, scope);
      return { truth: true, test };
    case "string":
    case "concatenated_string":
    case "integer":
    case "float":
    case "true":
    case "false":
    case "none": {
      const value = vm.evaluate(node, scope);
      const compared = foldComparison([subject, value], ["=="], node);
      const isKnown = isConstant(subject) || itemsOf(subject) !== undefined;
      return { truth: isKnown ? truthOf(compared) : undefined, test: compared };
    }
    default:
      for (const name of node.children.filter((child) => child.type === "case_pattern"))
        fitsPattern(vm, name, unknown("a part of what is matched", name, subject), scope);
      return { truth: undefined, test };
  }
}
