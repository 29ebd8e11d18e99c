/** The comments that speak to us, and which statement each is about. */
import type { Node } from "../syntax/node.ts";
import type { Source } from "../syntax/source.ts";
import { contains, type Range } from "../text/range.ts";
import { endOfLine } from "./lines.ts";
import { headOf } from "./statements.ts";
import type { Remark } from "./revision.ts";

export const readRemarksToUs = ({
  text,
  statements,
  comments,
}: Pick<Source, "text" | "statements" | "comments">): readonly Remark[] =>
  comments.flatMap((range): readonly Remark[] => {
    const written = text.slice(range.start, range.end);
    if (!written.includes("retort:")) return [];
    const about = aboutOf(statements, range, text);
    return [{ range, text: written, ...(about ? { about } : {}) }];
  });

/** The innermost statement on whose lines a comment stands, else the one that follows it in the same block; of one with blocks its head. */
function aboutOf(statements: readonly Node[], comment: Range, text: string): Range | undefined {
  for (const node of statements) {
    const head = headOf(node, text);
    const own = head ?? { start: node.start, end: node.end };
    if (comment.end <= endOfLine(text, own.end)) return { start: own.start, end: own.end };
    if (contains(node, comment)) return aboutOf(inner(node), comment, text);
  }
  return undefined;
}

/** The statements in all blocks of a statement; a decorated definition and a clause hold theirs one step further in. */
const inner = (node: Node): readonly Node[] =>
  node.children.flatMap((child) =>
    child.type === "block" ? child.children : /_(?:clause|definition)$/.test(child.type) ? inner(child) : [],
  );
