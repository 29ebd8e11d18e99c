/**
 * What `alembic check` found. It prints the `repr` of its list, so this reads Python's literals and calls as far as brackets
 * and quotes go; whatever is not understood stays as it was printed.
 */
import { t } from "../l10n.ts";
export interface Difference {
  /** `adds column users.email` */
  readonly words: string;
  /** As printed. */
  readonly detail: string;
  /** What to look for in the models. */
  readonly table?: string;
}

/** Undefined where the output tells of no differences. */
export const parseDifferences = (output: string): readonly Difference[] | undefined => {
  const [, list] = /New upgrade operations detected: (\[[^]*)/.exec(output) ?? [];
  if (list === undefined) return undefined;
  return itemsOf(list)
    .flatMap((item) => (item.startsWith("[") ? itemsOf(item) : [item]))
    .map(readDifference);
};

const pairs: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

/** The items of the bracket that the text begins with, each trimmed; what follows that bracket is not read. */
const itemsOf = (text: string): string[] => {
  const items: string[] = [];
  const open: string[] = [];
  let start = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const closing = pairs[character];
    if (character === "'" || character === '"') at = endOfString(text, at);
    else if (closing !== undefined) open.push(closing);
    else if (character === open.at(-1)) open.pop();
    const isEnd = open.length === 0;
    if (!isEnd && !(open.length === 1 && character === ",")) continue;
    const item = text.slice(start, at).trim();
    if (item !== "") items.push(item);
    if (isEnd) break;
    start = at + 1;
  }
  return items;
};

const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === text[start]) return at;
  }
  return text.length;
};

const literal = (text: string | undefined): string | undefined => {
  const [, , inside] = /^(['"])([^]*)\1$/.exec(text ?? "") ?? [];
  return inside?.replaceAll(/\\(.)/g, "$1");
};

/** The first argument of a call, where it is a string: `Column('email', String(), …)`. */
const nameInCall = (text: string | undefined): string | undefined => {
  const at = text?.indexOf("(") ?? -1;
  return at < 0 ? undefined : literal(itemsOf((text ?? "").slice(at))[0]);
};

/** `table=<users>` */
const tableInCall = (text: string | undefined): string | undefined => /\btable=<([^>]+)>/.exec(text ?? "")?.[1];

/** Names behind which a difference stands in the tuple: `('add_column', schema, table, Column(…))`. */
const readDifference = (item: string): Difference => {
  const [kindText, ...rest] = itemsOf(item);
  const kind = literal(kindText) ?? "";
  switch (kind) {
    case "add_table":
    case "remove_table": {
      const table = nameInCall(rest[0]);
      return describe(kind, item, table, table);
    }
    case "add_column":
    case "remove_column": {
      const table = literal(rest[1]);
      return describe(kind, item, join(table, nameInCall(rest[2])), table);
    }
    case "add_table_comment":
    case "remove_table_comment": {
      const table = nameInCall(rest[0]);
      return describe(kind, item, table, table);
    }
  }
  if (kind.startsWith("modify_")) {
    const table = literal(rest[1]);
    return describe(kind, item, join(table, literal(rest[2])), table);
  }
  if (kind === "") return { words: item, detail: item };
  const table = tableInCall(rest[0]) ?? /\bON (\w+)/.exec(rest[0] ?? "")?.[1];
  // A unique constraint is printed by its columns, without its name.
  const name = nameInCall(rest[0]) ?? (table === undefined ? undefined : t("on {0}", table));
  return describe(kind, item, name, table);
};

const join = (table: string | undefined, column: string | undefined): string | undefined =>
  table !== undefined && column !== undefined ? `${table}.${column}` : (table ?? column);

const describe = (kind: string, detail: string, thing: string | undefined, table: string | undefined): Difference => ({
  words: inWords(kind, thing ?? "").trim(),
  detail,
  ...(table === undefined ? {} : { table }),
});

/** What a difference is about, Alembic says itself: `table`, `column`, `fk`, `nullable`. */
const inWords = (kind: string, thing: string): string => {
  const [, verb, noun = kind] = /^(add|remove|modify)_(.*)$/.exec(kind) ?? [];
  const what = noun.replaceAll("_", " ");
  switch (verb) {
    case "add":
      return t("adds {0} {1}", what, thing);
    case "remove":
      return t("removes {0} {1}", what, thing);
    case "modify":
      return thing === "" ? t("changes the {0}", what) : t("changes the {0} of {1}", what, thing);
    default:
      return `${what} ${thing}`;
  }
};
