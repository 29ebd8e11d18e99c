/** What a PostgreSQL database holds but for its rows, in lines that can be compared: one says what one thing is. */
import type { Client } from "pg";

/** Sorted; the order of a table's columns does not count. */
export type Catalog = readonly string[];

/** What PostgreSQL or an extension brings is not of the project's making. */
const isProjects = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Alembic's own table says where the database stands, not what it is. */
const isCounted = `${isProjects} AND c.relname <> $1`;

const notOfExtension = (catalog: string, id: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${id} AND e.deptype = 'e')`;

const relations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** Each takes the name of the version table. */
const questions: readonly string[] = [
  `SELECT format('schema %I', n.nspname) FROM pg_namespace n
    WHERE ${isProjects} AND n.nspname <> 'public' AND $1::text IS NOT NULL AND ${notOfExtension("pg_namespace", "n.oid")}`,
  `SELECT format('extension %I', x.extname) FROM pg_extension x WHERE $1::text IS NOT NULL`,
  `SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END, c.oid::regclass)
            || coalesce(': ' || CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, '')
     FROM ${relations}
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${isCounted} AND ${notOfExtension("pg_class", "c.oid")}`,
  `SELECT format('sequence %s of %s%s', c.oid::regclass, format_type(s.seqtypid, NULL),
                 coalesce(' owned by ' || d.refobjid::regclass || '.' || a.attname, ''))
     FROM ${relations} JOIN pg_sequence s ON s.seqrelid = c.oid
     LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
     LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE ${isCounted}`,
  `SELECT format('column %s.%I %s%s%s%s%s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
                 CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                 coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''),
                 CASE WHEN a.attidentity <> '' THEN ' IDENTITY ' || a.attidentity::text ELSE '' END,
                 CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' || a.attgenerated::text ELSE '' END)
     FROM pg_attribute a JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = a.attrelid")}
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${isCounted}`,
  `SELECT format('constraint %I of %s: %s%s', k.conname, c.oid::regclass, pg_get_constraintdef(k.oid),
                 CASE WHEN k.convalidated THEN '' ELSE ' (not validated)' END)
     FROM pg_constraint k JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = k.conrelid")}
    WHERE ${isCounted} AND k.contype <> 'n'`,
  `SELECT format('index %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END)
     FROM pg_index i JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = i.indrelid")}
    WHERE ${isCounted}`,
  `SELECT format('enum %s: %s', t.oid::regtype, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder))
     FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE $1::text IS NOT NULL GROUP BY t.oid`,
  `SELECT format('domain %s: %s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod))
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${isProjects} AND $1::text IS NOT NULL`,
  `SELECT format('trigger %s', pg_get_triggerdef(t.oid))
     FROM pg_trigger t JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = t.tgrelid")}
    WHERE NOT t.tgisinternal AND ${isCounted}`,
  `SELECT format('policy %I of %s: %s %s', p.polname, c.oid::regclass, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
     FROM pg_policy p JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = p.polrelid")}
    WHERE ${isCounted}`,
  `SELECT format('function %s', pg_get_functiondef(p.oid))
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${isProjects} AND p.prokind IN ('f', 'p') AND $1::text IS NOT NULL AND ${notOfExtension("pg_proc", "p.oid")}`,
  `SELECT format('comment on %s%s: %s', c.oid::regclass, coalesce('.' || quote_ident(a.attname), ''), d.description)
     FROM pg_description d JOIN ${relations.replace("pg_class c", "pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass")}
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE ${isCounted}`,
];

/** @throws what the server or the connection gives */
export async function readCatalog(client: Pick<Client, "query">, versionTable = "alembic_version"): Promise<Catalog> {
  const lines: string[] = [];
  for (const text of questions) {
    const { rows } = await client.query<[string]>({ text, values: [versionTable], rowMode: "array" });
    lines.push(...rows.map(([line]) => line));
  }
  return lines.sort();
}

export interface CatalogDifference {
  readonly missing: Catalog;
  readonly added: Catalog;
}

/** What of the first is not in the second, and the other way round. */
export function compareCatalogs(before: Catalog, after: Catalog): CatalogDifference {
  const [old, now] = [new Set(before), new Set(after)];
  return { missing: before.filter((line) => !now.has(line)), added: after.filter((line) => !old.has(line)) };
}
