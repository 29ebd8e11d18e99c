/** What of a Python file can be folded: blocks, and statements that go over several lines. */
import { lexemes, type Lexeme } from "../syntax/lexemes.ts";
import { range, type Range } from "../text/range.ts";

export interface Fold extends Range {
  readonly kind?: "imports" | "comment" | "region";
}

/** A statement, or the head of one that holds others: up to the end of its line. */
interface Line extends Range {
  readonly indent: number;
  readonly isImport: boolean;
  readonly isText: boolean;
}

/** Longer files are made by machines. */
const longest = 1_000_000;

/**
 * Places from the first character to the last of what is folded; those within one line are among them. No bracket need be
 * closed: what is half typed folds as far as it goes.
 */
export function foldsIn(text: string): readonly Fold[] {
  if (text.length > longest) return [];
  const lines = readLines(text, lexemes(text, range(0, text.length)));
  return [...lines, ...blocksOf(lines), ...importsOf(lines), ...regionsOf(text)].map(({ start, end, ...rest }) => ({
    start,
    end,
    ...("kind" in rest ? { kind: rest.kind } : "isText" in rest && rest.isText ? { kind: "comment" as const } : {}),
  }));
}

function readLines(text: string, tokens: readonly Lexeme[]): readonly Line[] {
  const found: Line[] = [];
  let first: number | undefined;
  let indent = 0;
  let depth = 0;
  const end = (at: number): void => {
    const own = first === undefined ? [] : tokens.slice(first, at).filter(({ kind }) => kind !== "line");
    const [head] = own;
    const last = own.at(-1);
    if (!head || !last) return;
    const word = text.slice(head.start, head.end);
    found.push({
      ...range(head.start, last.end),
      indent,
      isImport: head.kind === "name" && (word === "import" || word === "from"),
      isText: own.length === 1 && head.kind === "string",
    });
  };
  tokens.forEach((token, i) => {
    if (token.kind === "line" && depth === 0) {
      end(i);
      first = i;
      indent = token.indent;
    } else if (token.kind === "operator") {
      const bracket = text.charAt(token.start);
      if ("([{".includes(bracket)) depth += 1;
      else if (")]}".includes(bracket)) depth = Math.max(0, depth - 1);
    }
  });
  end(tokens.length);
  return found;
}

/** Of each head down to the last line that is further in than it. */
function blocksOf(lines: readonly Line[]): readonly Fold[] {
  const open: Line[] = [];
  const found: Fold[] = [];
  let last: Line | undefined;
  const close = (indent: number): void => {
    for (let head = open.at(-1); head && head.indent >= indent; head = open.at(-1)) {
      open.pop();
      if (last && last !== head) found.push(range(head.start, last.end));
    }
  };
  for (const line of lines) {
    close(line.indent);
    open.push(line);
    last = line;
  }
  close(0);
  return found;
}

/** Imports one after the other; one with lines further in beneath it, as while it is typed, folds with these instead. */
function importsOf(lines: readonly Line[]): readonly Fold[] {
  const found: Fold[] = [];
  const counts = (i: number): boolean => {
    const [line, next] = [lines[i], lines[i + 1]];
    return line?.isImport === true && (next === undefined || next.indent <= line.indent);
  };
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i];
    if (!first || !counts(i)) continue;
    let last = first;
    for (let next = lines[i + 1]; next && counts(i + 1) && next.indent === first.indent; next = lines[i + 1]) {
      last = next;
      i++;
    }
    if (last !== first) found.push({ ...range(first.start, last.end), kind: "imports" });
  }
  return found;
}

/** As the editor's own folding of Python knows them. */
function regionsOf(text: string): readonly Fold[] {
  const open: number[] = [];
  const found: Fold[] = [];
  for (const { 0: all, 1: end, index } of text.matchAll(/^[ \t]*#[ \t]*(end)?region\b.*$/gm)) {
    if (end === undefined) open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) found.push({ ...range(start, index + all.length), kind: "region" });
    }
  }
  return found;
}
