/** `script.py.mako` filled in: the text that Alembic would write for a new revision. */
import { interpretModule } from "../syntax/interpret.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import type { Node } from "../syntax/node.ts";
import { truthOf } from "../syntax/operators.ts";
import { parseSource } from "../syntax/source.ts";
import type { Value } from "../syntax/value.ts";
import { parseMako, type MakoNode } from "./mako.ts";
import type { Moment } from "./moment.ts";
import type { Formatted } from "./percent.ts";
import { createAnswers, renderText, toValue } from "./template-values.ts";

/** What `alembic revision -m message` knows of the revision that it makes. */
export interface NewRevisionFacts {
  readonly revision: string;
  readonly message: string;
  /** None: a base. Several: a merge. */
  readonly parents: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly createDate: Moment;
  /** Names of the engines of a multi-database project. */
  readonly databases: readonly string[];
}

/**
 * Never throws; the cause names what in the template is not followed. Needs `loadEngine()`. What autogenerate would put
 * into `upgrade()` is `pass`.
 */
export function renderRevision(template: string, facts: NewRevisionFacts): Formatted {
  const parsed = parseMako(template);
  if ("cause" in parsed) return parsed;
  const code = new Code();
  const nodes = parsed.nodes.map((node) => prepare(node, code));
  const output: string[] = [];
  try {
    new Renderer(code, facts, output).render(nodes);
  } catch (error) {
    if (error instanceof Unrendered) return { cause: error.message };
    throw error;
  }
  return { value: output.join("") };
}

class Unrendered extends Error {}

/** All Python of a template as one text, since that is what the interpreter runs. */
class Code {
  text = "";

  /** Answers where the fragment begins. */
  add(fragment: string): number {
    const start = this.text.length;
    this.text += `${fragment}\n`;
    return start;
  }
}

type Prepared =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly start: number; readonly code: string; readonly filters: readonly string[] }
  | { readonly kind: "code"; readonly start: number; readonly end: number }
  | { readonly kind: "for"; readonly start: number; readonly code: string; readonly body: readonly Prepared[] }
  | {
      readonly kind: "if";
      readonly arms: readonly { readonly start?: number; readonly code: string; readonly body: readonly Prepared[] }[];
    };

function prepare(node: MakoNode, code: Code): Prepared {
  const all = (nodes: readonly MakoNode[]): readonly Prepared[] => nodes.map((one) => prepare(one, code));
  switch (node.kind) {
    case "text":
      return node;
    case "expression":
      return { ...node, start: code.add(`(${node.code})`) };
    case "code": {
      const start = code.add(node.code);
      return { kind: "code", start, end: code.text.length };
    }
    case "for":
      return { kind: "for", code: node.head, start: code.add(`${node.head}:\n    pass`), body: all(node.body) };
    case "if":
      return {
        kind: "if",
        arms: node.arms.map(({ test, body }) => ({
          code: test ?? "",
          ...(test === undefined ? {} : { start: code.add(`(${test})`) }),
          body: all(body),
        })),
      };
  }
}

/** More turns than this are no template of a revision. */
const maximalTurns = 1000;

class Renderer {
  readonly #vm: Interpreter;
  readonly #statements: readonly Node[];
  readonly #output: string[];
  readonly #settle: (value: Value) => Value;
  #turns = 0;

  constructor(code: Code, facts: NewRevisionFacts, output: string[]) {
    const source = parseSource(code.text);
    this.#statements = source.statements;
    this.#output = output;
    this.#settle = createAnswers(facts);
    this.#vm = interpretModule({ ...source, statements: [] }, () => undefined);
    for (const [name, value] of namesOf(facts)) this.#vm.module.names.set(name, value);
  }

  render(nodes: readonly Prepared[]): void {
    for (const node of nodes) this.#renderOne(node);
  }

  #renderOne(node: Prepared): void {
    switch (node.kind) {
      case "text":
        this.#output.push(node.text);
        return;
      case "expression":
        this.#output.push(this.#print(node));
        return;
      case "code":
        this.#vm.execute(this.#between(node.start, node.end), this.#vm.module);
        return;
      case "for":
        this.#loop(node);
        return;
      case "if":
        this.#choose(node);
    }
  }

  #print({ start, code, filters }: Prepared & { readonly kind: "expression" }): string {
    const value = this.#evaluate(start);
    const strange = filters.find((name) => !["comma", "n", "str", "trim"].includes(name));
    const text = filters.includes("comma") ? joinWithCommas(value) : renderText(value);
    if (strange !== undefined || text === undefined) throw new Unrendered(`"\${${code}}" is not followed`);
    return filters.includes("trim") ? text.trim() : text;
  }

  #loop({ start, code, body }: Prepared & { readonly kind: "for" }): void {
    const [statement] = this.#between(start, start + code.length + 1);
    const [target, over] = statement?.children ?? [];
    const values = over && this.#settle(this.#vm.evaluate(over, this.#vm.module));
    if (target === undefined || values?.kind !== "sequence" || !values.complete)
      throw new Unrendered(`"% ${code}" is not followed`);
    for (const value of values.items) {
      if (++this.#turns > maximalTurns) throw new Unrendered(`"% ${code}" goes on for too long`);
      this.#vm.assign(target, value, this.#vm.module);
      this.render(body);
    }
  }

  #choose({ arms }: Prepared & { readonly kind: "if" }): void {
    for (const { start, code, body } of arms) {
      const truth = start === undefined ? true : truthOf(this.#evaluate(start));
      if (truth === undefined) throw new Unrendered(`"% if ${code.trim()}" is not followed`);
      if (!truth) continue;
      this.render(body);
      return;
    }
  }

  #evaluate(start: number): Value {
    const [statement] = this.#between(start, start + 1);
    const expression = statement?.type === "expression_statement" ? statement.children[0] : undefined;
    if (expression === undefined) return { kind: "unknown", why: "no expression", range: { start, end: start } };
    return this.#settle(this.#vm.evaluate(expression, this.#vm.module));
  }

  #between(start: number, end: number): readonly Node[] {
    return this.#statements.filter((statement) => start <= statement.start && statement.start < end);
  }
}

/** Alembic's own `comma`: of none nothing, of one itself. */
function joinWithCommas(value: Value): string | undefined {
  if (value.kind === "scalar" && value.value === null) return "";
  if (value.kind !== "sequence") return renderText(value);
  const items = value.items.map(renderText);
  return items.every((item) => item !== undefined) ? items.join(", ") : undefined;
}

/** What a template may name. Nothing is generated, so that the names for it are as good as None. */
function namesOf(facts: NewRevisionFacts): ReadonlyMap<string, Value> {
  const { revision, message, parents, branchLabels, dependsOn } = facts;
  const several = (ids: readonly string[]): Value => (ids.length > 1 ? toValue(ids) : toValue(ids[0] ?? null));
  const reference = (path: string): Value => ({ kind: "reference", path, range: { start: 0, end: 0 } });
  return new Map<string, Value>([
    ["up_revision", toValue(revision)],
    ["message", toValue(message)],
    ["down_revision", several(parents)],
    ["branch_labels", branchLabels.length === 0 ? toValue(null) : toValue(branchLabels)],
    ["depends_on", several(dependsOn)],
    ...["imports", "upgrades", "downgrades"].map((name) => [name, toValue(null)] as const),
    ...["create_date", "config", "context", "comma"].map((name) => [name, reference(name)] as const),
  ]);
}
