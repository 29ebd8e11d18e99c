/**
 * Plain Python, as nearly all revisions are written, read without the grammar: several times faster, since no tree has
 * to be made in WebAssembly and copied out of it. It makes the nodes that the grammar makes or none at all, and never
 * decides that a text is wrong: whatever it has not seen for certain it leaves to the grammar.
 */
import type { Range } from "../../text/range.ts";
import type { Node } from "../node.ts";
import { notPlain, type Cursor } from "./cursor.ts";
import { readModule } from "./statements.ts";

export interface PlainModule {
  readonly statements: readonly Node[];
  readonly comments: readonly Range[];
}

/** Undefined where the text is not plain, or is no Python at all. */
export function readPlain(text: string): PlainModule | undefined {
  if (/\r(?!\n)/.test(text)) return undefined;
  const cursor: Cursor = { text, at: 0, brackets: 0, depth: 0, quote: 0, comments: [] };
  try {
    const statements = readModule(cursor);
    return cursor.at === text.length ? { statements, comments: cursor.comments } : undefined;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}
