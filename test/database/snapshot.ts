/** What a PostgreSQL database holds, as values that can be compared: its schema and its rows. */
import type pg from "pg";

/** One line per fact, sorted: a difference shows which facts differ. */
export type SchemaFacts = readonly string[];

/** Rows of each table as JSON with sorted keys: the order of columns and of rows does not count. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** Alembic's own table says where the database stands, not what it is. */
const ours = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relname <> 'alembic_version'";

const facts: readonly string[] = [
  `SELECT format('table %s.%s (%s)', n.nspname, c.relname, c.relkind)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${ours}`,
  `SELECT format('column %s.%s %s%s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                 CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                 coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''),
                 CASE WHEN a.attidentity <> '' THEN ' IDENTITY ' || a.attidentity::text ELSE '' END,
                 CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' || a.attgenerated::text ELSE '' END)
     FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND ${ours}`,
  `SELECT format('constraint %s %s: %s%s', c.relname, k.conname, pg_get_constraintdef(k.oid),
                 CASE WHEN k.convalidated THEN '' ELSE ' (not validated)' END)
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours}`,
  `SELECT format('index %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END)
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours}`,
  `SELECT format('enum %s: %s', t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
     FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname`,
  `SELECT format('trigger %s', pg_get_triggerdef(t.oid))
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND ${ours}`,
  `SELECT format('function %s', pg_get_functiondef(p.oid))
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.prokind IN ('f', 'p')`,
  `SELECT format('comment on %s%s: %s', c.relname, coalesce('.' || a.attname, ''), d.description)
     FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
     JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE ${ours}`,
];

export async function readSchema(client: pg.Client): Promise<SchemaFacts> {
  const { rows } = await client.query<[string]>({ text: facts.join("\nUNION ALL "), rowMode: "array" });
  return rows.map(([line]) => line).sort();
}

export async function readRows(client: pg.Client): Promise<Rows> {
  const tables = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND ${ours} ORDER BY 1`,
  );
  const rows: Record<string, readonly string[]> = {};
  for (const { name } of tables.rows) {
    const found = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`);
    rows[name] = found.rows.map(({ row }) => row).sort();
  }
  return rows;
}

/** Where Alembic says that the database stands. */
export async function readStanding(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ version_num: string }>("SELECT version_num FROM alembic_version ORDER BY 1");
  return rows.map((row) => row.version_num);
}
