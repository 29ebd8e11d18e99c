/** The revision ids that a file's variables name, each where it is written. */
import { lexemes, type StringToken } from "../syntax/lexemes.ts";
import { literalText, typedAt } from "../syntax/typed.ts";
import { range as rangeOf, type Range } from "../text/range.ts";
import type { Identifier, RevisionFile } from "./revision.ts";

export interface Mention {
  readonly variable: "revision" | "down_revision" | "depends_on";
  /** An id; of `depends_on` perhaps a branch label. */
  readonly id: string;
  /** Between the quotes; of an id that is not written in one piece the whole value of the variable. */
  readonly range: Range;
  /** It is written in one piece, so that another can be written in its place. */
  readonly isLiteral: boolean;
}

export function mentionsIn({ text, identifiers }: RevisionFile): readonly Mention[] {
  const { revision, downRevision, dependsOn } = identifiers;
  const own = revision && { ...revision, value: [revision.value] };
  return [
    ...mentionsOf("revision", text, own),
    ...mentionsOf("down_revision", text, downRevision),
    ...mentionsOf("depends_on", text, dependsOn),
  ];
}

/** What Python reads of the value must be what its literals say; else something is worked out there. */
function mentionsOf(
  variable: Mention["variable"],
  text: string,
  identifier: Identifier<readonly string[]> | undefined,
): readonly Mention[] {
  if (!identifier || identifier.value.length === 0) return [];
  const { value, range } = identifier;
  const literals = literalsIn(text, range);
  const isWritten = literals.length === value.length && literals.every(({ id }, i) => id === value[i]);
  return isWritten
    ? literals.map((literal) => ({ variable, ...literal, isLiteral: true }))
    : value.map((id) => ({ variable, id, range, isLiteral: false }));
}

interface Literal {
  readonly id: string;
  readonly range: Range;
}

/** Empty where two stand side by side, or one is no plain text: then a part of a text is in each. */
function literalsIn(text: string, range: Range): readonly Literal[] {
  const tokens = lexemes(text, range).filter(({ kind }) => kind !== "line");
  const strings = tokens.filter((token): token is StringToken => token.kind === "string");
  if (tokens.some(({ kind }, i) => kind === "string" && tokens[i + 1]?.kind === "string")) return [];
  return strings.flatMap((token) => {
    const id = literalText(text, [token]);
    return id === undefined ? [] : [{ id, range: rangeOf(token.content.start, token.content.end) }];
  });
}

/** The string that a place of any Python file is in. */
export interface PlacedText {
  readonly text: string;
  /** Between the quotes. */
  readonly range: Range;
  /** What it is an argument of, name by name: `["command", "upgrade"]`; empty where it is none. */
  readonly callee: readonly string[];
}

export function textAt(text: string, offset: number): PlacedText | undefined {
  const typed = typedAt(text, offset);
  const found = typed?.string && literalText(text, [typed.string]);
  if (typed?.string === undefined || found === undefined) return undefined;
  const { start, end } = typed.string.content;
  return { text: found, range: rangeOf(start, end), callee: typed.open[0]?.callee ?? [] };
}
