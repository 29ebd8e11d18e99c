import type { Dialect, QualifiedName } from "./action.ts";

const brackets: Partial<Record<Dialect, readonly [string, string]>> = {
  mysql: ["`", "`"],
  mariadb: ["`", "`"],
  mssql: ["[", "]"],
};

/** Words that some dialect reserves and that are likely names of tables or columns: quoted whether or not this one does. */
const reserved = new Set(
  `all alter analyse analyze and any array as asc asymmetric authorization between binary both by case cast change check
  collate column condition constraint convert create cross current_date current_role current_time current_timestamp
  current_user cursor database default deferrable delete desc describe distinct div do drop else end except exists explain
  false fetch float for force foreign freeze from full function generated grant group grouping groups having if ignore
  ilike in index initially inner insert int integer intersect interval into is isnull join key keys kill lag lateral lead
  leading leave left like limit lines load localtime localtimestamp lock long loop match natural not notnull null of off
  offset on only option optimize or order outer over overlaps partition placing precision primary procedure public range
  rank read references release rename repeat replace require restrict return returning revoke right row rows schema select
  session_user set show similar some sql symmetric system table tablesample terminated text then to trailing trigger true
  undo union unique unlock unsigned update usage use user using value values variadic verbose when where while window with
  write`.split(/\s+/),
);

/** A name in SQL text, quoted where it would not come back as it is. */
export function quoteName(name: string, dialect: Dialect): string {
  const plain = dialect === "oracle" ? /^[A-Z][A-Z0-9_$]*$|^[a-z][a-z0-9_$]*$/ : /^[a-z_][a-z0-9_]*$/;
  if (plain.test(name) && !reserved.has(name.toLowerCase())) return name;
  const [open, close] = brackets[dialect] ?? ['"', '"'];
  return open + name.replaceAll(close, close + close) + close;
}

/** With its schema, for PostgreSQL. */
export const renderFullName = ({ schema, name }: QualifiedName): string =>
  schema === undefined
    ? quoteName(name, "postgresql")
    : `${quoteName(schema, "postgresql")}.${quoteName(name, "postgresql")}`;
