/** What an operation and the schema that it meets say against each other. */
import type { Entity, QualifiedName } from "../../sql/action.ts";

/** What the operation needs is missing, or what it makes is there already. */
export interface Contradicts {
  readonly how: "missing" | "present";
  readonly thing: Entity;
  /** Of an index or constraint: the table that it is, or should be, on; absent where the operation does not say. */
  readonly table?: QualifiedName;
}

export interface Contradicted extends Contradicts {
  /** One sentence, without a place of its own. */
  readonly message: string;
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? "an" : "a");

/** "Drops users.name, a column that does not exist at this point." */
export const renderContradiction = (doing: string, { how, thing: { type } }: Contradicts): string =>
  `${doing}, ${article(type)} ${type} that ${how === "missing" ? "does not exist" : "exists"} at this point.`;
