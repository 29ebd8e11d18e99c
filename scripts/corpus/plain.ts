/** Whether plain Python is read as the grammar reads it. */
import { isDeepStrictEqual } from "node:util";
import { readPlain } from "../../server/src/syntax/plain/index.ts";
import { parseByGrammar } from "../../server/src/syntax/source.ts";

/** What is wrong, in words; undefined where both make the same of the text, or it is left to the grammar. */
export function findMisreading(text: string): string | undefined {
  const plain = readPlain(text);
  if (!plain) return undefined;
  const { statements, comments, errors } = parseByGrammar(text);
  if (errors.length > 0) return "read as plain Python, and the grammar says that it is none";
  return isDeepStrictEqual([plain.statements, plain.comments], [statements, comments])
    ? undefined
    : "read as plain Python otherwise than by the grammar";
}
