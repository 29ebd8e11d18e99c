/** Rows for every table of a database that hold what breaks careless code: NULL, quotes, backslashes, letters of all kinds. */
import pg from "pg";

interface Column {
  readonly name: string;
  readonly type: string;
  /** Of a type with a length. */
  readonly length: number | null;
  readonly nullable: boolean;
  readonly labels: readonly string[] | null;
}

interface Key {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
}

export interface Load {
  /** Rows of each table; 4 unless told otherwise. */
  readonly each?: number;
  /** Neither NULL nor quotes nor letters of other alphabets. */
  readonly tame?: boolean;
}

/** Columns that the server fills by itself are left to it. */
const columnsOf = `
  SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, NOT a.attnotnull AS nullable,
         CASE WHEN a.atttypmod > 4 AND t.typname IN ('varchar', 'bpchar') THEN a.atttypmod - 4 END AS length,
         (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
     AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE 'nextval(%'
   ORDER BY a.attnum`;

const keysOf = `
  SELECT (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(num, n)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS columns,
         k.confrelid::regclass::text AS target,
         (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(k.confkey) WITH ORDINALITY u(num, n)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS "targetColumns"
    FROM pg_constraint k WHERE k.conrelid = $1::regclass AND k.contype = 'f' ORDER BY k.conname`;

/** Answers how many rows there are now. A row that a constraint refuses is left out. */
export async function loadRows(client: pg.Client, { each = 4, tame = false }: Load = {}): Promise<number> {
  let loaded = 0;
  for (const table of targetsFirst(await readTables(client))) {
    for (let n = 0; n < each; n++) loaded += (await insert(client, table, { n, each, tame })) ? 1 : 0;
  }
  return loaded;
}

async function readTables(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' ORDER BY relname`,
  );
  const tables: Table[] = [];
  for (const { name } of rows) {
    const columns = await client.query<Column>(columnsOf, [name]);
    const keys = await client.query<Key>(keysOf, [name]);
    tables.push({ name, columns: columns.rows, keys: keys.rows });
  }
  return tables;
}

function targetsFirst(tables: readonly Table[]): readonly Table[] {
  const ordered: Table[] = [];
  const open = [...tables];
  while (open.length > 0) {
    const ready = open.findIndex(({ name, keys }) =>
      keys.every(({ target }) => target === name || !open.some((other) => other.name === target)),
    );
    ordered.push(...open.splice(Math.max(0, ready), 1));
  }
  return ordered;
}

interface Nth {
  readonly n: number;
  readonly each: number;
  readonly tame: boolean;
}

async function insert(client: pg.Client, { name, columns, keys }: Table, nth: Nth): Promise<boolean> {
  const { n, each } = nth;
  const values = new Map<string, unknown>(columns.map((column) => [column.name, valueOf(column, nth)]));
  for (const key of keys) {
    const picked = `SELECT ${key.targetColumns.map(quoted).join(", ")} FROM ${key.target} ORDER BY 1 OFFSET ${String(n % each)} LIMIT 1`;
    const { rows } = await client.query<unknown[]>({ text: picked, rowMode: "array" });
    for (const [i, column] of key.columns.entries()) values.set(column, rows[0]?.[i] ?? null);
  }
  const places = [...values].map((_, i) => `$${String(i + 1)}`);
  const into = `INSERT INTO ${name} (${[...values.keys()].map(quoted).join(", ")}) VALUES (${places.join(", ")})`;
  try {
    await client.query(values.size === 0 ? `INSERT INTO ${name} DEFAULT VALUES` : into, [...values.values()]);
    return true;
  } catch {
    return false;
  }
}

const quoted = (name: string): string => pg.escapeIdentifier(name);

const text = `O'Brien said "50 %" \\ über ☃ {:a}`;

function valueOf({ type, length, nullable, labels }: Column, { n, tame }: Nth): unknown {
  if (nullable && n % 3 === 2 && !tame) return null;
  if (labels) return labels[n % labels.length];
  if (type.endsWith("[]")) return /char|text/.test(type) ? `{"${String(n)}",NULL}` : "{}";
  switch (type) {
    case "smallint":
    case "integer":
    case "bigint":
      return n + 1;
    case "numeric":
    case "real":
    case "double precision":
      return n + 0.5;
    case "boolean":
      return n % 2 === 0;
    case "uuid":
      return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    case "json":
    case "jsonb":
      return JSON.stringify({ n, text, list: [1, null] });
    case "date":
    case "timestamp without time zone":
    case "timestamp with time zone":
      return new Date(Date.UTC(2024, 1, 26 + n)).toISOString();
    case "bytea":
      return Buffer.from([0, 255, n]);
    case "text":
    case "character varying":
    case "character":
      return `${String(n)} ${tame ? "plain" : text}`.slice(0, length ?? undefined);
    default:
      return null;
  }
}
