/** What generated revisions do: each step as Python in `upgrade()` and `downgrade()`, and as the SQL that it comes to. */
import type { Random } from "./random.ts";

export interface Step {
  /** Lines of Python, not indented. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Statements of PostgreSQL that `up` comes to, each with its semicolon. */
  readonly sql: readonly string[];
}

/** The tables that exist so far, and columns that were added to them. */
export interface Database {
  readonly tables: string[];
  made: number;
}

export type MakeStep = (random: Random, database: Database) => Step;

const words = [
  "account", "address", "article", "audit", "badge", "basket", "booking", "campaign", "cart", "category", "channel",
  "comment", "company", "contact", "contract", "coupon", "course", "customer", "delivery", "device", "document",
  "employee", "event", "export", "feature", "folder", "group", "image", "import", "invoice", "item", "job", "label",
  "ledger", "license", "location", "member", "message", "metric", "note", "offer", "order", "partner", "payment",
  "person", "plan", "product", "profile", "project", "quote", "region", "report", "review", "role", "route", "session",
  "shipment", "stock", "subscription", "supplier", "tag", "task", "team", "ticket", "token", "user", "vehicle", "visit",
] as const; // prettier-ignore

const attributes = [
  "amount", "code", "colour", "country", "currency", "description", "email", "external_id", "flags", "height", "kind",
  "language", "level", "name", "notes", "owner", "phone", "position", "price", "priority", "quantity", "rank", "score",
  "slug", "source", "state", "status", "subject", "timezone", "title", "total", "url", "version", "weight", "width",
] as const; // prettier-ignore

interface Type {
  readonly python: string;
  readonly sql: string;
  readonly literal: string;
}

const types: readonly [Type, ...Type[]] = [
  { python: "sa.String(length=255)", sql: "varchar(255)", literal: "'unknown'" },
  { python: "sa.Text()", sql: "text", literal: "'-'" },
  { python: "sa.Integer()", sql: "integer", literal: "0" },
  { python: "sa.BigInteger()", sql: "bigint", literal: "0" },
  { python: "sa.Boolean()", sql: "boolean", literal: "false" },
  { python: "sa.DateTime(timezone=True)", sql: "timestamptz", literal: "now()" },
  { python: "sa.Numeric(precision=12, scale=2)", sql: "numeric(12, 2)", literal: "0" },
  { python: "sa.Enum('new', 'open', 'closed', name='state')", sql: "state", literal: "'new'" },
];

const newTable = (random: Random, { tables }: Database): string => {
  const name = `${random.pick(words)}_${random.pick(words)}s_${tables.length}`;
  tables.push(name);
  return name;
};

const tableOf = (random: Random, { tables }: Database): string => tables[random.integer(tables.length)] ?? "users";

const newColumn = (random: Random, database: Database): string =>
  `${random.pick(attributes)}_${(database.made++).toString(36)}`;

const createTable: MakeStep = (random, database) => {
  const parent = tableOf(random, database);
  const table = newTable(random, database);
  const columns = Array.from({ length: 3 + random.integer(9) }, () => ({
    name: newColumn(random, database),
    type: random.pick(types),
    nullable: random.chance(0.5),
  }));
  return {
    up: [
      "op.create_table(",
      `    "${table}",`,
      '    sa.Column("id", sa.Integer(), nullable=False),',
      ...columns.map(
        ({ name, type, nullable }) =>
          `    sa.Column("${name}", ${type.python}, nullable=${nullable ? "True" : "False"}),`,
      ),
      '    sa.Column("parent_id", sa.Integer(), nullable=True),',
      '    sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),',
      `    sa.ForeignKeyConstraint(["parent_id"], ["${parent}.id"], name="fk_${table}_parent_id", ondelete="CASCADE"),`,
      `    sa.PrimaryKeyConstraint("id", name=op.f("pk_${table}")),`,
      ")",
      `op.create_index(op.f("ix_${table}_parent_id"), "${table}", ["parent_id"], unique=False)`,
    ],
    down: [`op.drop_index(op.f("ix_${table}_parent_id"), table_name="${table}")`, `op.drop_table("${table}")`],
    sql: [
      `CREATE TABLE ${table} (\n    id serial NOT NULL,\n${columns.map(({ name, type, nullable }) => `    ${name} ${type.sql}${nullable ? "" : " NOT NULL"},\n`).join("")}    parent_id integer,\n    created_at timestamp DEFAULT now() NOT NULL,\n    CONSTRAINT fk_${table}_parent_id FOREIGN KEY (parent_id) REFERENCES ${parent} (id) ON DELETE CASCADE,\n    CONSTRAINT pk_${table} PRIMARY KEY (id)\n);`,
      `CREATE INDEX ix_${table}_parent_id ON ${table} (parent_id);`,
    ],
  };
};

const addColumn: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  const type = random.pick(types);
  const isRequired = random.chance(0.4);
  const more = isRequired ? `, server_default=sa.text("${type.literal}"), nullable=False` : ", nullable=True";
  return {
    up: [`op.add_column("${table}", sa.Column("${column}", ${type.python}${more}))`],
    down: [`op.drop_column("${table}", "${column}")`],
    sql: [
      `ALTER TABLE ${table} ADD COLUMN ${column} ${type.sql}${isRequired ? ` DEFAULT ${type.literal} NOT NULL` : ""};`,
    ],
  };
};

const batch: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const columns = [newColumn(random, database), newColumn(random, database)] as const;
  const type = random.pick(types);
  return {
    up: [
      `with op.batch_alter_table("${table}", schema=None) as batch_op:`,
      ...columns.map((column) => `    batch_op.add_column(sa.Column("${column}", ${type.python}, nullable=True))`),
      `    batch_op.create_index(batch_op.f("ix_${table}_${columns[0]}"), ["${columns[0]}"], unique=False)`,
    ],
    down: [
      `with op.batch_alter_table("${table}", schema=None) as batch_op:`,
      `    batch_op.drop_index(batch_op.f("ix_${table}_${columns[0]}"))`,
      ...columns.map((column) => `    batch_op.drop_column("${column}")`),
    ],
    sql: [
      ...columns.map((column) => `ALTER TABLE ${table} ADD COLUMN ${column} ${type.sql};`),
      `CREATE INDEX ix_${table}_${columns[0]} ON ${table} (${columns[0]});`,
    ],
  };
};

const alterColumn: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [
      "op.alter_column(",
      `    "${table}",`,
      `    "${column}",`,
      "    existing_type=sa.VARCHAR(length=64),",
      "    type_=sa.String(length=255),",
      "    existing_nullable=True,",
      ")",
    ],
    down: [
      `op.alter_column("${table}", "${column}", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=64))`,
    ],
    sql: [`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE varchar(255);`],
  };
};

const notNull: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [`op.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=False)`],
    down: [`op.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=True)`],
    sql: [`ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;`],
  };
};

const constraint: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const other = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [
      `op.create_unique_constraint("uq_${table}_${column}", "${table}", ["${column}", "id"])`,
      `op.create_foreign_key("fk_${table}_${column}", "${table}", "${other}", ["${column}"], ["id"])`,
    ],
    down: [
      `op.drop_constraint("fk_${table}_${column}", "${table}", type_="foreignkey")`,
      `op.drop_constraint("uq_${table}_${column}", "${table}", type_="unique")`,
    ],
    sql: [
      `ALTER TABLE ${table} ADD CONSTRAINT uq_${table}_${column} UNIQUE (${column}, id);`,
      `ALTER TABLE ${table} ADD CONSTRAINT fk_${table}_${column} FOREIGN KEY (${column}) REFERENCES ${other} (id);`,
    ],
  };
};

const index: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [
      "with op.get_context().autocommit_block():",
      `    op.create_index("ix_${table}_${column}", "${table}", ["${column}"], postgresql_concurrently=True)`,
    ],
    down: [`op.drop_index("ix_${table}_${column}", table_name="${table}")`],
    sql: [`CREATE INDEX CONCURRENTLY ix_${table}_${column} ON ${table} (${column});`],
  };
};

const schemaSql: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  const statement = random.pick([
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column} jsonb DEFAULT '{}'::jsonb`,
    `CREATE INDEX IF NOT EXISTS ix_${table}_${column} ON ${table} USING gin (${column} jsonb_path_ops)`,
    `ALTER TABLE ${table} ADD CONSTRAINT ck_${table}_${column} CHECK (${column} >= 0) NOT VALID`,
    `COMMENT ON COLUMN ${table}.${column} IS 'kept for the old report'`,
  ]);
  return {
    up: ["op.execute(", '    """', `    ${statement}`, '    """', ")"],
    down: [`op.execute("SELECT 1")`],
    sql: [`${statement};`],
  };
};

const dataSql: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const other = tableOf(random, database);
  const column = newColumn(random, database);
  const statement = random.pick([
    `UPDATE ${table} SET ${column} = 'unknown' WHERE ${column} IS NULL`,
    `UPDATE ${table} SET ${column} = o.name FROM ${other} AS o WHERE o.id = ${table}.parent_id`,
    `DELETE FROM ${table} WHERE created_at < now() - interval '400 days'`,
    `INSERT INTO ${table} (${column}) SELECT DISTINCT name FROM ${other} WHERE name IS NOT NULL`,
  ]);
  const isBound = random.chance(0.5);
  return {
    up: isBound
      ? ["connection = op.get_bind()", "connection.execute(", `    sa.text("${statement}")`, ")"]
      : [`op.execute("${statement}")`],
    down: [],
    sql: [`${statement};`],
  };
};

const dataCore: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [
      `${table} = sa.table("${table}", sa.column("id", sa.Integer), sa.column("${column}", sa.String))`,
      "op.execute(",
      `    ${table}.update().where(${table}.c.${column}.is_(None)).values(${column}=op.inline_literal("none"))`,
      ")",
    ],
    down: [],
    sql: [`UPDATE ${table} SET ${column} = 'none' WHERE ${column} IS NULL;`],
  };
};

const dataLoop: MakeStep = (random, database) => {
  const table = tableOf(random, database);
  const column = newColumn(random, database);
  return {
    up: [
      "bind = op.get_bind()",
      `for old, new in (("a", "alpha"), ("b", "beta"), ("c", "gamma")):`,
      "    bind.execute(",
      `        sa.text("UPDATE ${table} SET ${column} = :new WHERE ${column} = :old").bindparams(old=old, new=new)`,
      "    )",
    ],
    down: [],
    sql: ["a", "b", "c"].map((old) => `UPDATE ${table} SET ${column} = '${old}!' WHERE ${column} = '${old}';`),
  };
};

/** As often as each is met in real histories, roughly. */
export const schemaSteps: readonly [MakeStep, ...MakeStep[]] = [
  addColumn, addColumn, addColumn, addColumn, createTable, createTable, batch, alterColumn, notNull, constraint, index, schemaSql,
]; // prettier-ignore

export const dataSteps: readonly [MakeStep, ...MakeStep[]] = [dataSql, dataSql, dataCore, dataLoop];
