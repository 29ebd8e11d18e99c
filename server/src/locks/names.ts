import type { QualifiedName } from "../sql/action.ts";

/** Without the schema where it is the default one. */
export const plainName = ({ schema, name }: QualifiedName): QualifiedName =>
  schema === undefined || schema === "" || schema === "public" ? { name } : { schema, name };

export const sameTable = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && (plainName(a).schema ?? "") === (plainName(b).schema ?? "");
