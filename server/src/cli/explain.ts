import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/define.ts";
import { InputError } from "./io.ts";

const indent = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, "    ");

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `\n${title}\n${lines.map((line) => `${line}\n`).join("")}`;

function render(rule: Rule): string {
  const [example] = rule.examples;
  const state = rule.recommended ? rule.severity : `${rule.severity}, off by default`;
  return [
    `${rule.id} (${state}; ${rule.group}; ${rule.dialects?.join(", ") ?? "every dialect"})\n`,
    `\n${rule.summary}\n`,
    section("Why", [rule.why]),
    section("Instead", [rule.instead]),
    example === undefined ? "" : section("Found", [indent(example.before)]),
    example === undefined ? "" : section("Right", [example.after.map(indent).join("\n    ---\n")]),
    section(
      "Allowed",
      (rule.allowed ?? []).map((line) => `- ${line}`),
    ),
    section(
      "Counts too",
      (rule.counted ?? []).map((line) => `- ${line}`),
    ),
    section("Suppress", [`# retort: allow ${rule.id} because <reason>`]),
    section("Sources", rule.sources),
  ].join("");
}

/** @throws InputError where there is no such rule. */
export function explain(id: string): string {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    throw new InputError(`there is no rule "${id}"; the rules are ${rules.map((one) => one.id).join(", ")}`);
  }
  return render(rule);
}
