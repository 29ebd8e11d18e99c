/** The variables that Alembic reads from a revision file. */
import { childOf, textOf, type Characters, type Node } from "../syntax/node.ts";
import type { Interpreter } from "../syntax/interpreter.ts";
import type { Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import type { Identifier, Identifiers } from "./revision.ts";

const names = ["revision", "down_revision", "branch_labels", "depends_on"] as const;
type Name = (typeof names)[number];

export interface AssignedName {
  readonly name: string;
  readonly value: Node;
  readonly statement: Range;
}

/** `name = value`, with or without an annotation, of one name. */
export function readAssignment(statement: Node, text: Characters): AssignedName | undefined {
  const assignment = statement.type === "expression_statement" ? childOf(statement, "assignment") : undefined;
  const target = assignment?.children[0];
  const value = assignment && valueOf(assignment);
  if (target?.type !== "identifier" || !value) return undefined;
  return { name: textOf(text, target), value, statement: { start: statement.start, end: statement.end } };
}

/** What `a = b = value` assigns to `a`. */
function valueOf(assignment: Node): Node | undefined {
  const right = assignment.children.slice(1).find((child) => child.type !== "type");
  return right?.type === "assignment" ? valueOf(right) : right;
}

export const isIdentifierName = (name: string): name is Name => (names as readonly string[]).includes(name);

/** The last assignment of each name counts, as it does for Python. */
export function readIdentifiers(statements: readonly Node[], vm: Interpreter): Identifiers {
  const found = new Map<string, AssignedName>();
  for (const statement of statements) {
    const assigned = readAssignment(statement, vm.text);
    if (assigned && isIdentifierName(assigned.name)) found.set(assigned.name, assigned);
  }
  const several = (name: Name): Identifier<readonly string[]> | undefined => {
    const assigned = found.get(name);
    const value = assigned && stringsOf(vm.evaluate(assigned.value, vm.module));
    return assigned && value && place(assigned, value);
  };
  const revision = found.get("revision");
  const id = revision && stringsOf(vm.evaluate(revision.value, vm.module))?.[0];
  const downRevision = several("down_revision");
  const branchLabels = several("branch_labels");
  const dependsOn = several("depends_on");
  return {
    ...(revision && id !== undefined ? { revision: place(revision, id) } : {}),
    ...(downRevision ? { downRevision } : {}),
    ...(branchLabels ? { branchLabels } : {}),
    ...(dependsOn ? { dependsOn } : {}),
  };
}

const place = <T>({ value: node, statement }: AssignedName, value: T): Identifier<T> => ({
  value,
  range: { start: node.start, end: node.end },
  statement,
});

/** A string, None or a sequence of strings; undefined where that cannot be told. */
function stringsOf(value: Value): readonly string[] | undefined {
  if (value.kind === "text") return value.holes.length === 0 ? [value.text] : undefined;
  if (value.kind === "scalar")
    return value.value === null ? [] : typeof value.value === "number" ? [String(value.value)] : undefined;
  if (value.kind !== "sequence" || !value.complete) return undefined;
  const items = value.items.map(stringsOf);
  return items.every((item) => item !== undefined) ? items.flat() : undefined;
}
