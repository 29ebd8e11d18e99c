import type { QualifiedName } from "./action.ts";

/** Stands in a SQL text for a part that is not known; PostgreSQL's lexer takes it for a letter. */
export const HOLE = "\uFFFC";

export const hasHole = (text: string): boolean => text.includes(HOLE);

/** The name, unless a part of it is not known. */
export const known = (name: string | undefined): string | undefined =>
  name === undefined || name === "" || hasHole(name) ? undefined : name;

/** A name, unless a part of it is not known: an unknown schema makes the whole name unknown. */
export function knownName(schema: string | undefined, name: string | undefined): QualifiedName | undefined {
  const own = known(name);
  if (own === undefined) return undefined;
  if (schema === undefined || schema === "") return { name: own };
  return hasHole(schema) ? undefined : { schema, name: own };
}
