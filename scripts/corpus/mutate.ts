/** Ways in which a file looks while somebody types in it. */

/** One place where a text differs from the original: what is removed there, and what stands there instead. */
export interface Mutation {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** All that may be done to a text; empty where there is nothing to do it to. */
type Places = (text: string) => readonly Mutation[];

const deletions =
  (pattern: RegExp): Places =>
  (text) =>
    [...text.matchAll(pattern)].map((match) => ({ at: match.index, removed: match[0].length, inserted: "" }));

const unfinished = [
  'op.add_column("users", sa.Column("x", sa.Integer()',
  'op.execute("UPDATE users SET x = ',
  'op.execute("""\n        UPDATE users\n        SET x = 1',
  "op.",
  "conn = ",
  'with op.batch_alter_table("users") as batch_op',
  "if context.is_offline_mode(",
  "x = [",
];

/** Before lines that are indented as deep as a function's body, and hold code. */
const calls: Places = (text) =>
  [...text.matchAll(/^(?: {4}|\t)(?=[\w@])/gm)].map((match, i) => ({
    at: match.index,
    removed: 0,
    inserted: `${match[0]}${unfinished[i % unfinished.length] ?? ""}\n`,
  }));

const prefixes: Places = (text) =>
  Array.from({ length: text.length }, (_, at) => ({ at, removed: text.length - at, inserted: "" }));

export const mutations = {
  bracket: deletions(/[()[\]{}]/g),
  quote: deletions(/["']/g),
  "triple quote": deletions(/"""|'''/g),
  colon: deletions(/:/g),
  line: deletions(/^.+(?:\r\n|\r|\n|$)/gm),
  call: calls,
  prefix: prefixes,
} satisfies Record<string, Places>;

export type MutationKind = keyof typeof mutations;

export const mutationKinds = Object.keys(mutations) as readonly MutationKind[];

export const mutate = (text: string, { at, removed, inserted }: Mutation): string =>
  text.slice(0, at) + inserted + text.slice(at + removed);
