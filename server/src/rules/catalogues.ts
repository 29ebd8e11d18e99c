/** Tables that the server itself keeps of what there is. */
import type { QualifiedName } from "../sql/action.ts";

const schemas = new Set(["information_schema", "pg_catalog", "mysql", "performance_schema", "sys"]);

export const isCatalogue = ({ schema, name }: QualifiedName): boolean =>
  schema === undefined ? name.startsWith("pg_") || name.startsWith("sqlite_") : schemas.has(schema);
