/** Operators as SQLAlchemy writes them, with the precedence that decides over its brackets. */

export interface Binary {
  readonly sql: string;
  readonly precedence: number;
}

const comparison = (sql: string): Binary => ({ sql, precedence: 5 });

/** What `not_()` makes of an operator; NOT stands before what is not here. */
export const inverses: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["=", "!="],
    ["<", ">="],
    [">", "<="],
    ["IS", "IS NOT"],
    ["IS DISTINCT FROM", "IS NOT DISTINCT FROM"],
    ["LIKE", "NOT LIKE"],
    ["ILIKE", "NOT ILIKE"],
    ["IN", "NOT IN"],
    ["BETWEEN", "NOT BETWEEN"],
  ].flatMap(([one = "", other = ""]) => [
    [one, other],
    [other, one],
  ]),
) as Record<string, string>;

/** Of Python's operators. `+` joins text on some types and adds on others, and `/` divides in more than one way: not here. */
export const pythonOperators: Readonly<Record<string, Binary>> = {
  "==": comparison("="),
  "!=": comparison("!="),
  "<": comparison("<"),
  "<=": comparison("<="),
  ">": comparison(">"),
  ">=": comparison(">="),
  "-": { sql: "-", precedence: 7 },
  "*": { sql: "*", precedence: 8 },
  "%": { sql: "%", precedence: 8 },
  "&": { sql: "AND", precedence: 3 },
  "|": { sql: "OR", precedence: 2 },
  "<<": { sql: "<<", precedence: 7 },
  ">>": { sql: ">>", precedence: 7 },
};

/** Of methods with one argument. */
export const methodOperators: Readonly<Record<string, Binary>> = {
  is_: comparison("IS"),
  is_not: comparison("IS NOT"),
  isnot: comparison("IS NOT"),
  is_distinct_from: comparison("IS DISTINCT FROM"),
  isnot_distinct_from: comparison("IS NOT DISTINCT FROM"),
  is_not_distinct_from: comparison("IS NOT DISTINCT FROM"),
  like: comparison("LIKE"),
  not_like: comparison("NOT LIKE"),
  notlike: comparison("NOT LIKE"),
  ilike: comparison("ILIKE"),
  not_ilike: comparison("NOT ILIKE"),
  notilike: comparison("NOT ILIKE"),
  concat: comparison("||"),
  bitwise_and: { sql: "&", precedence: 7 },
  bitwise_or: { sql: "|", precedence: 7 },
  overlaps: comparison("&&"),
  contained_by: comparison("<@"),
  has_key: comparison("?"),
};

/** What stands behind an expression to order it. */
export const orderings: Readonly<Record<string, string>> = {
  desc: "DESC",
  asc: "ASC",
  nulls_first: "NULLS FIRST",
  nullsfirst: "NULLS FIRST",
  nulls_last: "NULLS LAST",
  nullslast: "NULLS LAST",
};

export const anything = 100;
/** Operators that a chain of needs no brackets. */
export const chaining: ReadonlySet<string> = new Set(["AND", "OR", "*", "||"]);
