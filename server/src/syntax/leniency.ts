/**
 * What the grammar lets pass and Python refuses: an expression that goes on in the next line (`x =` above `y()`), an
 * empty block, statements that are indented as they like, `return` outside a function. All are what half-typed code
 * looks like.
 */
import type { Range } from "../text/range.ts";
import { logicalLine } from "./blocks.ts";
import type { Node } from "./node.ts";

const holdsStatements = /_statement$|_clause$|_definition$|^(?:module|block)$/;
/** Statements that end with their line. */
const simple = new Set(["expression_statement", "return_statement", "raise_statement"]);

/** Places that Python would refuse; positions of nodes count from `offset` characters before the text. */
export function overlookedErrors(root: Node, text: string, offset: number): Range[] {
  const errors: Range[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === "module" || node.type === "block") errors.push(...strayLines(node, text, offset));
    for (const child of node.children) {
      if (child.type === "block" && child.children.length === 0) errors.push({ start: node.start, end: child.end });
      if (child.type === "block" || holdsStatements.test(child.type)) open.push(child);
    }
    if (!simple.has(node.type)) continue;
    const { lineBreak } = logicalLine(text, node.start - offset, node.end - offset);
    if (lineBreak !== undefined) errors.push({ start: node.start, end: lineBreak + offset });
  }
  return errors;
}

/** Statements that begin a line with another indentation than the first of their block: spaces for tabs, or one too many. */
export function strayLines({ type, children }: Node, text: string, offset: number): Range[] {
  let expected = type === "module" ? "" : undefined;
  return children.flatMap(({ type: kind, start, end }) => {
    if (kind === "ERROR") return [];
    const lineStart = text.lastIndexOf("\n", start - offset - 1) + 1;
    const before = text.slice(lineStart, start - offset).replace(/^[\uFEFF\f]+/, "");
    if (/[^ \t\f]/.test(before)) return [];
    expected ??= before;
    if (before === expected) return [];
    const lineEnd = text.indexOf("\n", start - offset);
    return [{ start, end: lineEnd < 0 ? end : Math.min(end, lineEnd + offset) }];
  });
}

/** The statements of a module, a `return` among them being an error: the line above that begins its function is gone. */
export function refuseReturns(statements: readonly Node[], errors: Range[]): readonly Node[] {
  return statements.map((node) => {
    if (node.type === "return_statement") {
      errors.push({ start: node.start, end: node.end });
      return { ...node, type: "ERROR" };
    }
    if (!/_statement$|_clause$|^block$/.test(node.type) || node.children.length === 0) return node;
    const before = errors.length;
    const children = refuseReturns(node.children, errors);
    return errors.length === before ? node : { ...node, children };
  });
}
