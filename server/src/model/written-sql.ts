/**
 * How a statement's SQL is put together in Python: an f-string, `%`, `.format`, `+`. Only edits ask for it. What is not
 * one string in one of these manners is not read.
 */
import { textOf, walk, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import { contains, type Range } from "../text/range.ts";
import type { Operation, RevisionFile } from "./revision.ts";
import { readWrittenValue, type WrittenValue } from "./written-values.ts";

/** A stretch of SQL that stands in the file letter by letter, or an expression whose value is put in. */
export type SqlPart =
  | { readonly kind: "sql"; readonly range: Range; readonly sql: string }
  | {
      readonly kind: "hole";
      /** What is replaced where something else comes in its place. */
      readonly range: Range;
      readonly value: WrittenValue;
      /** The one assignment of a name that is put in, and whether the name is used nowhere else. */
      readonly assignment?: { readonly range: Range; readonly isIdle: boolean };
      /** `!r`, `:>3`: the value is changed on its way into the text. */
      readonly isFormatted: boolean;
    };

export interface WrittenSql {
  readonly manner: "f-string" | "percent" | "format" | "concatenation";
  readonly parts: readonly SqlPart[];
  /** Once nothing is put in any more: what is taken away, and what is no longer doubled. */
  readonly cleanup: readonly { readonly range: Range; readonly text: string }[];
  /** The call that runs it: `connection.execute(…)`. */
  readonly call: Range;
  readonly callee: Range;
  readonly method: string;
  /** The first argument, and `text(…)` in it where it is wrapped. */
  readonly argument: Range;
  readonly isWrapped: boolean;
  /** The parameters that are given already, a dictionary with its braces; null where there are others. */
  readonly parameters: Range | null | undefined;
}

const toRange = ({ start, end }: Range): Range => ({ start, end });

const running = new Set(["execute", "scalar", "scalars"]);

export function writtenSqlOf(file: RevisionFile, { range, calls }: Operation): WrittenSql | undefined {
  if (calls.some(({ path }) => path !== undefined)) return undefined;
  const { text } = file;
  const top = parseSource(text).statements.find((one) => contains(one, range));
  const around = top ? [...walk(top)].filter((node) => contains(node, range) || contains(range, node)) : [];
  const call = around.findLast((node) => node.type === "call" && contains(node, range) && isRun(node, text));
  const [callee, list] = call?.children ?? [];
  const [argument, parameters, ...more] = list?.children ?? [];
  if (!call || !callee || !argument || more.length > 0 || argument.type === "keyword_argument") return undefined;
  const wrapped = argument.type === "call" && isText(argument, text) ? argument.children[1]?.children : undefined;
  if (wrapped && wrapped.length !== 1) return undefined;
  const expression = wrapped?.[0] ?? argument;
  const composed = readComposed(expression, text);
  if (!composed || !composed.parts.some(({ kind }) => kind === "hole")) return undefined;
  return {
    ...composed,
    parts: composed.parts.map((part) => (part.kind === "hole" && top ? resolved(part, top, text) : part)),
    call: toRange(call),
    callee: toRange(callee),
    method: textOf(text, callee.children.at(-1) ?? callee),
    argument: toRange(argument),
    isWrapped: wrapped !== undefined,
    parameters: parameters === undefined ? undefined : parameters.type === "dictionary" ? toRange(parameters) : null,
  };
}

/** `listed = ", ".join(…)` above the statement. */
function resolved(part: SqlPart & { readonly kind: "hole" }, top: Node, text: string): SqlPart {
  const { code, list } = part.value;
  if (list !== undefined || !/^[A-Za-z_]\w*$/.test(code)) return part;
  const uses = [...walk(top)].filter((node) => node.type === "identifier" && textOf(text, node) === code);
  const assignments = [...walk(top)].filter(
    ({ type, children: [name] }) => type === "assignment" && name?.type === "identifier" && textOf(text, name) === code,
  );
  const [only] = assignments;
  const made = only?.children.at(-1);
  if (!only || !made || assignments.length > 1 || only.end > part.range.start) return part;
  const value = readWrittenValue(made, text);
  if (value.list === undefined) return part;
  const word = readWrittenValue(made, text).word;
  return { ...part, value: { ...value, word }, assignment: { range: toRange(only), isIdle: uses.length === 2 } };
}

function isRun({ children: [callee] }: Node, text: string): boolean {
  const name = callee?.type === "attribute" ? callee.children[1] : undefined;
  return name !== undefined && running.has(textOf(text, name));
}

const isText = ({ children: [callee] }: Node, text: string): boolean =>
  callee !== undefined && /(?:^|\.)text$/.test(textOf(text, callee));

type Composed = Pick<WrittenSql, "manner" | "parts" | "cleanup">;

function readComposed(node: Node, text: string): Composed | undefined {
  if (node.type === "parenthesized_expression" && node.children.length === 1 && node.children[0])
    return readComposed(node.children[0], text);
  if (node.type === "string" || node.type === "concatenated_string") return readStrings(node, text);
  if (node.type === "binary_operator") {
    const [left, right] = node.children;
    const operator = left && right ? text.slice(left.end, right.start).trim() : "";
    if (left && right && operator === "%") return readPercent(node, left, right, text);
    return left && right && operator === "+" ? readSum(node, text) : undefined;
  }
  const [callee, list] = node.type === "call" ? node.children : [];
  const [template, name] = callee?.type === "attribute" ? callee.children : [];
  return template && name && list && textOf(text, name) === "format"
    ? readFormat(node, template, list, text)
    : undefined;
}

/** The strings of an expression, each with its pieces; undefined where one is not plain. */
function stringsOf(node: Node): readonly Node[] {
  return node.type === "concatenated_string" ? node.children : [node];
}

/** Prefixes other than `f` mean something for what is in it; so does a backslash, but for these. */
function isPlain(string: Node, text: string): boolean {
  const opening = string.children.find(({ type }) => type === "string_start");
  const contents = string.children.filter(({ type }) => type === "string_content").map((one) => textOf(text, one));
  return (
    string.type === "string" &&
    opening !== undefined &&
    /^[fF]?(?:"|')/.test(textOf(text, opening)) &&
    contents.every((one) => !/\\(?!n|t)/.test(one))
  );
}

const isFormatString = (string: Node, text: string): boolean =>
  /^[fF]/.test(text.slice(string.start, string.start + 1));

function readStrings(node: Node, text: string): Composed | undefined {
  const strings = stringsOf(node);
  if (!strings.every((one) => isPlain(one, text))) return undefined;
  const parts: SqlPart[] = [];
  const cleanup: { range: Range; text: string }[] = [];
  for (const string of strings) {
    const isFormat = isFormatString(string, text);
    if (isFormat) cleanup.push({ range: { start: string.start, end: string.start + 1 }, text: "" });
    for (const child of string.children) {
      if (child.type === "string_content") {
        parts.push({ kind: "sql", range: toRange(child), sql: textOf(text, child) });
        if (isFormat) cleanup.push(...undoubled(child, text, /\{\{|\}\}/g));
      } else if (child.type === "interpolation") {
        const [value, ...formats] = child.children;
        if (!value) return undefined;
        const isFormatted = formats.length > 0 || /=\s*[}:!]/.test(text.slice(value.end, child.end));
        parts.push({ kind: "hole", range: toRange(child), value: readWrittenValue(value, text), isFormatted });
      }
    }
  }
  return { manner: "f-string", parts, cleanup };
}

/** Of two characters that stand for one, one. */
const undoubled = (node: Node, text: string, pair: RegExp): readonly { range: Range; text: string }[] =>
  [...textOf(text, node).matchAll(pair)].map(({ index }) => ({
    range: { start: node.start + index, end: node.start + index + 1 },
    text: "",
  }));

/** Cuts what `pattern` finds in the contents of plain strings; `valueOf` says what each place is filled with. */
function readTemplate(
  template: Node,
  text: string,
  pattern: RegExp,
  valueOf: (found: RegExpMatchArray) => Node | undefined,
): readonly SqlPart[] | undefined {
  const strings = stringsOf(template);
  if (!strings.every((one) => isPlain(one, text) && !isFormatString(one, text))) return undefined;
  const parts: SqlPart[] = [];
  for (const content of strings.flatMap((one) => one.children.filter(({ type }) => type === "string_content"))) {
    let at = content.start;
    for (const found of textOf(text, content).matchAll(pattern)) {
      const value = valueOf(found);
      if (value === undefined) return undefined;
      const start = content.start + found.index;
      const end = start + found[0].length;
      parts.push({ kind: "sql", range: { start: at, end: start }, sql: text.slice(at, start) });
      parts.push({ kind: "hole", range: { start, end }, value: readWrittenValue(value, text), isFormatted: false });
      at = end;
    }
    parts.push({ kind: "sql", range: { start: at, end: content.end }, sql: text.slice(at, content.end) });
  }
  return parts;
}

const contentsOf = (template: Node): readonly Node[] =>
  stringsOf(template).flatMap((one) => one.children.filter(({ type }) => type === "string_content"));

function readPercent(node: Node, template: Node, values: Node, text: string): Composed | undefined {
  const given = values.type === "tuple" ? values.children : [values];
  const byName = new Map(
    (values.type === "dictionary" ? values.children : []).flatMap((pair) => {
      const [key, value] = pair.children;
      return key && value ? [[textOf(text, key).slice(1, -1), value] as const] : [];
    }),
  );
  let next = 0;
  const read = readTemplate(template, text, /(?<=(?:^|[^%])(?:%%)*)%(?:\((\w+)\))?[sd]/g, (found) =>
    found[1] === undefined ? given[next++] : byName.get(found[1]),
  );
  const strange = contentsOf(template).some((one) =>
    /(?<=(?:^|[^%])(?:%%)*)%(?!%|(?:\(\w+\))?[sd])/.test(textOf(text, one)),
  );
  const isAll = values.type === "dictionary" || next === given.length;
  if (!read || strange || !isAll) return undefined;
  return {
    manner: "percent",
    parts: read,
    cleanup: [
      ...contentsOf(template).flatMap((one) => undoubled(one, text, /%%/g)),
      { range: { start: template.end, end: node.end }, text: "" },
    ],
  };
}

function readFormat(node: Node, template: Node, list: Node, text: string): Composed | undefined {
  const positional = list.children.filter(({ type }) => type !== "keyword_argument");
  if (positional.some(({ type }) => type.endsWith("_splat"))) return undefined;
  const named = new Map(
    list.children.flatMap(({ type, children: [key, value] }) =>
      type === "keyword_argument" && key && value ? [[textOf(text, key), value] as const] : [],
    ),
  );
  let next = 0;
  const parts = readTemplate(template, text, /(?<=(?:^|[^{])(?:\{\{)*)\{(\w*)\}(?!\})/g, (found) => {
    const field = found[1] ?? "";
    if (field !== "" && !/^\d+$/.test(field)) return named.get(field);
    return positional[field === "" ? next++ : Number(field)];
  });
  const strange = parts?.some((part) => part.kind === "sql" && /[{}]/.test(part.sql.replaceAll(/\{\{|\}\}/g, "")));
  if (!parts || strange) return undefined;
  return {
    manner: "format",
    parts,
    cleanup: [
      ...contentsOf(template).flatMap((one) => undoubled(one, text, /\{\{|\}\}/g)),
      { range: { start: template.end, end: node.end }, text: "" },
    ],
  };
}

/** `"… " + value + " …"`, which begins with a string. What stands between two strings goes with their quotes. */
function readSum(node: Node, text: string): Composed | undefined {
  const terms: Node[] = [];
  for (let at: Node = node; ;) {
    const [left, right] = at.type === "binary_operator" ? at.children : [];
    if (!left || !right || text.slice(left.end, right.start).trim() !== "+") {
      terms.unshift(at);
      break;
    }
    terms.unshift(right);
    at = left;
  }
  const strings = terms.filter(({ type }) => type === "string");
  const [first] = strings;
  const opening = first && startOf(first, text);
  if (terms[0] !== first || !opening || opening.length !== 1) return undefined;
  if (!strings.every((one) => isPlain(one, text) && startOf(one, text) === opening)) return undefined;
  const parts: SqlPart[] = [];
  for (const [i, term] of terms.entries()) {
    if (term.type === "string") {
      const range = { start: term.start + 1, end: term.end - 1 };
      parts.push({ kind: "sql", range, sql: text.slice(range.start, range.end) });
      continue;
    }
    const [before, after] = [terms[i - 1], terms[i + 1]];
    if (before?.type !== "string" || (after && after.type !== "string")) return undefined;
    const range = { start: before.end - 1, end: after ? after.start + 1 : term.end };
    parts.push({ kind: "hole", range, value: readWrittenValue(strOf(term, text), text), isFormatted: false });
    // The quote of the string before it was taken as well.
    if (!after) parts.push({ kind: "sql", range: { start: term.end, end: term.end }, sql: "" });
  }
  const last = terms.at(-1);
  const closing =
    last && last.type !== "string" ? [{ range: toRange({ start: last.end, end: last.end }), text: opening }] : [];
  return { manner: "concatenation", parts, cleanup: closing };
}

/** Of `str(value)` the value: a sum needs a string. */
function strOf(term: Node, text: string): Node {
  const [callee, list] = term.type === "call" ? term.children : [];
  const [only, ...more] = list?.children ?? [];
  return callee && textOf(text, callee) === "str" && only && more.length === 0 ? only : term;
}

const startOf = (string: Node, text: string): string => {
  const opening = string.children.find(({ type }) => type === "string_start");
  return opening ? textOf(text, opening) : "";
};
