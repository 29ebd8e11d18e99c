/** SQL that is put together: what binds how tightly, and where brackets are needed. */
import { anything, chaining, inverses, type Binary } from "./operators.ts";

/** SQL, and how tightly its outermost operator binds. */
export interface Piece {
  readonly sql: string;
  readonly precedence: number;
  /** Where SQLAlchemy turns the operator round instead of writing NOT. */
  readonly inverse?: string;
  /** The operator, where a chain of it needs no brackets. */
  readonly chains?: string;
}

export const atom = (sql: string): Piece => ({ sql, precedence: anything });

/** In brackets where its operator binds no tighter than what it stands in, a chain of one operator apart. */
export function enclosed({ sql, precedence, chains }: Piece, outer: number, operator?: string): string {
  const chained = operator !== undefined && chains === operator;
  return !chained && precedence <= outer ? `(${sql})` : sql;
}

export function compared(before: string, { sql, precedence }: Binary, behind: string): Piece {
  const inverse = Object.hasOwn(inverses, sql) ? inverses[sql] : undefined;
  const chains = chaining.has(sql) ? { chains: sql } : {};
  const piece: Piece = { sql: `${before} ${sql} ${behind}`, precedence, ...chains };
  return inverse === undefined ? piece : { ...piece, inverse: `${before} ${inverse} ${behind}` };
}
