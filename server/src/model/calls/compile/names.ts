/** Names and constants as SQLAlchemy writes them into SQL. */
import type { Dialect } from "../../../sql/action.ts";

/** Words that every server here keeps for itself; SQLAlchemy puts them in quotes. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog " +
    "current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except " +
    "false fetch for foreign from grant group having in initially intersect into leading limit localtime localtimestamp new not " +
    "null of off offset old on only or order placing primary references returning select session_user some symmetric table then " +
    "to trailing true union unique user using variadic when where window with authorization between binary cross current_schema " +
    "freeze full ilike inner is isnull join left like natural notnull outer over overlaps right similar verbose"
  ).split(" "),
);

const plain = /^[a-z_][a-z0-9_$]*$/;

export function quoteName(name: string, dialect: Dialect): string {
  if (plain.test(name) && !reserved.has(name)) return name;
  if (dialect === "mysql" || dialect === "mariadb") return `\`${name.replaceAll("`", "``")}\``;
  return dialect === "mssql" ? `[${name.replaceAll("]", "]]")}]` : `"${name.replaceAll('"', '""')}"`;
}

/** A literal of text; MySQL reads backslashes in it. */
export function quoteText(text: string, dialect: Dialect): string {
  const quoted = text.replaceAll("'", "''");
  return `'${dialect === "mysql" || dialect === "mariadb" ? quoted.replaceAll("\\", "\\\\") : quoted}'`;
}

export const booleanWord = (value: boolean, dialect: Dialect): string =>
  dialect === "postgresql" || dialect === "mysql" || dialect === "mariadb" ? String(value) : value ? "1" : "0";
