/**
 * Mixed migrations that can run, made of random numbers: each statement fits the tables as those before have left them.
 * They meet three tables, of which one is empty; the rows hold NULL, quotes and letters of all kinds.
 */
import fc from "fast-check";

/** SQL that makes what the migrations meet. */
export const generatedGiven = `
  CREATE TABLE a (id integer PRIMARY KEY, x integer, s text);
  CREATE TABLE b (id integer PRIMARY KEY, x integer, s text);
  CREATE TABLE c (id integer PRIMARY KEY, x integer, s text);
  INSERT INTO a SELECT n, CASE WHEN n % 3 > 0 THEN n END, CASE WHEN n % 4 > 0 THEN 'O''Neil "' || n || '" öß😀' END FROM generate_series(1, 60) n;
  INSERT INTO b SELECT n, n % 5, repeat('x', n % 7) FROM generate_series(1, 40) n;
`;

interface Column {
  /** In SQLAlchemy. */
  readonly type: "sa.Integer()" | "sa.BigInteger()" | "sa.Text()";
  /** What was made over it, which goes with it: statements of Python. */
  readonly made: string[];
}

interface State {
  /** Columns beside `id`, by table. */
  readonly tables: Map<string, Map<string, Column>>;
  count: number;
}

interface Made {
  readonly up: string;
  /** What takes it back; the last of a revision first. */
  readonly down?: string;
}

type Pick = <T>(from: readonly T[]) => T | undefined;
type Make = (state: State, pick: Pick) => Made | undefined;

const columnsOf = ({ tables }: State, table: string): Map<string, Column> => tables.get(table) ?? new Map();
const numbersOf = (columns: Map<string, Column>): string[] =>
  [...columns].flatMap(([name, { type }]) => (type === "sa.Text()" ? [] : [name]));

const pickTable = (state: State, pick: Pick): string => pick([...state.tables.keys()]) ?? "a";

/** A table and a number in it. */
function pickNumber(state: State, pick: Pick): readonly [string, string] | undefined {
  const table = pickTable(state, pick);
  const column = pick(numbersOf(columnsOf(state, table)));
  return column === undefined ? undefined : [table, column];
}

const integer = (): Column => ({ type: "sa.Integer()", made: [] });

const addColumn: Make = (state, pick) => {
  const table = pickTable(state, pick);
  const column = `n${state.count}`;
  state.tables.get(table)?.set(column, integer());
  return {
    up: `op.add_column("${table}", sa.Column("${column}", sa.Integer()))`,
    down: `op.drop_column("${table}", "${column}")`,
  };
};

const update: Make = (state, pick) => {
  const table = pickTable(state, pick);
  const numbers = numbersOf(columnsOf(state, table));
  const [to, from] = [pick(numbers), pick([...numbers, "id", "7", "NULL"])];
  if (to === undefined) return undefined;
  return { up: `op.execute("UPDATE ${table} SET ${to} = ${from} WHERE id % ${2 + (state.count % 3)} = 0")` };
};

const dropColumn: Make = (state, pick) => {
  const table = pickTable(state, pick);
  const columns = columnsOf(state, table);
  const column = pick([...columns.keys()]);
  const dropped = columns.get(column ?? "");
  if (column === undefined || !dropped || columns.size < 2) return undefined;
  columns.delete(column);
  const back = `op.add_column("${table}", sa.Column("${column}", ${dropped.type}))`;
  return { up: `op.drop_column("${table}", "${column}")`, down: [back, ...dropped.made].join("\n") };
};

const demand: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  if (table === undefined || column === undefined) return undefined;
  return {
    up: `op.execute("UPDATE ${table} SET ${column} = ${state.count} WHERE ${column} IS NULL")\n# demanded by ${state.count}\nop.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=False)\n# let go by ${state.count}\nop.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=True)`,
  };
};

/** What is made over a column, and goes with it. */
function over(state: State, [table, column]: readonly [string, string], up: string, down: string): Made {
  columnsOf(state, table).get(column)?.made.push(up);
  return { up, down };
}

const createIndex: Make = (state, pick) => {
  const table = pickTable(state, pick);
  const column = pick([...columnsOf(state, table).keys()]);
  if (column === undefined) return undefined;
  const name = `ix_${state.count}`;
  const up = `op.create_index("${name}", "${table}", ["${column}"])`;
  return over(state, [table, column], up, `op.drop_index("${name}", "${table}")`);
};

const copyRows: Make = (state, pick) => {
  const [to, from] = [pickTable(state, pick), pick([...state.tables.keys()]) ?? "b"];
  const [into, out] = [to, from].map((table) => pick(numbersOf(columnsOf(state, table))));
  if (into === undefined || out === undefined) return undefined;
  const first = 1000 * (state.count + 1);
  return {
    up: `op.execute("INSERT INTO ${to} (id, ${into}) SELECT id + ${first}, ${out} FROM ${from} WHERE id < 5")`,
    down: `op.execute("DELETE FROM ${to} WHERE id > ${first} AND id < ${first + 1000}")`,
  };
};

const deleteRows: Make = (state, pick) => ({
  up: `op.execute("DELETE FROM ${pickTable(state, pick)} WHERE id % 11 = ${state.count % 11}")`,
});

const createTable: Make = (state, pick) => {
  const [from, column] = pickNumber(state, pick) ?? [];
  if (from === undefined || column === undefined) return undefined;
  const table = `t${state.count}`;
  state.tables.set(table, new Map([["x", integer()]]));
  return {
    up: `op.create_table("${table}", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Integer()))\nop.execute("INSERT INTO ${table} (id, x) SELECT id, ${column} FROM ${from}")`,
    down: `op.drop_table("${table}")`,
  };
};

const alterType: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  const before = columnsOf(state, table ?? "").get(column ?? "");
  if (table === undefined || column === undefined || !before) return undefined;
  state.tables.get(table)?.set(column, { ...before, type: "sa.BigInteger()" });
  return {
    up: `op.alter_column("${table}", "${column}", type_=sa.BigInteger())`,
    down: `op.alter_column("${table}", "${column}", type_=${before.type})`,
  };
};

const createCheck: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  if (table === undefined || column === undefined) return undefined;
  const name = `ck_${state.count}`;
  const up = `op.create_check_constraint("${name}", "${table}", "${column} IS NULL OR ${column} > -${state.count + 1}")`;
  return over(state, [table, column], up, `op.drop_constraint("${name}", "${table}")`);
};

const loop: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  if (table === undefined || column === undefined) return undefined;
  return {
    up: `rows_${state.count} = connection.execute(sa.text("SELECT id FROM ${table} WHERE ${column} IS NULL ORDER BY id LIMIT 3")).fetchall()\nfor row in rows_${state.count}:\n    connection.execute(sa.text("UPDATE ${table} SET ${column} = ${state.count} WHERE id = :id"), {"id": row.id})`,
  };
};

const createUnique: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  if (table === undefined || column === undefined) return undefined;
  const name = `uq_${state.count}`;
  const up = `op.create_unique_constraint("${name}", "${table}", ["id", "${column}"])`;
  return over(state, [table, column], up, `op.drop_constraint("${name}", "${table}")`);
};

const createForeignKey: Make = (state, pick) => {
  const [table, column] = pickNumber(state, pick) ?? [];
  const target = pick([...state.tables.keys()]);
  if (table === undefined || column === undefined || target === undefined) return undefined;
  const name = `fk_${state.count}`;
  const clean = `op.execute("UPDATE ${table} SET ${column} = NULL WHERE ${column} NOT IN (SELECT id FROM ${target}) AND id > -${state.count}")`;
  const make = `op.create_foreign_key("${name}", "${table}", "${target}", ["${column}"], ["id"], ondelete="SET NULL")`;
  columnsOf(state, table).get(column)?.made.push(clean, make);
  return {
    up: `${clean}\n# pointing by ${state.count}\n${make}`,
    down: `op.drop_constraint("${name}", "${table}")`,
  };
};

const renameColumn: Make = (state, pick) => {
  const table = pickTable(state, pick);
  const columns = columnsOf(state, table);
  const column = pick([...columns.keys()]);
  const renamed = columns.get(column ?? "");
  // What is over the column would go by its old name.
  if (column === undefined || !renamed || renamed.made.length > 0) return undefined;
  const name = `r${state.count}`;
  columns.delete(column);
  columns.set(name, renamed);
  return {
    up: `op.alter_column("${table}", "${column}", new_column_name="${name}")`,
    down: `op.alter_column("${table}", "${name}", new_column_name="${column}")`,
  };
};

const makers: readonly Make[] = [
  addColumn,
  update,
  dropColumn,
  demand,
  createIndex,
  copyRows,
  deleteRows,
  createTable,
  alterType,
  createCheck,
  loop,
  createUnique,
  createForeignKey,
  renameColumn,
];

const step = fc.tuple(
  fc.nat({ max: makers.length - 1 }),
  fc.array(fc.nat({ max: 997 }), { minLength: 4, maxLength: 4 }),
);

export interface GeneratedBody {
  /** The body of `upgrade()`, not indented. */
  readonly body: string;
  /** Its statements; each is unlike every other. */
  readonly blocks: readonly string[];
  /** The body of `downgrade()`. */
  readonly undo: string;
}

const startingTables = (): State["tables"] =>
  new Map(
    ["a", "b", "c"].map((name) => [
      name,
      new Map([
        ["x", integer()],
        ["s", { type: "sa.Text()", made: [] }],
      ]),
    ]),
  );

export const generatedBodies: fc.Arbitrary<GeneratedBody> = fc
  .array(step, { minLength: 3, maxLength: 9 })
  .map((steps) => {
    const state: State = { tables: startingTables(), count: 0 };
    const blocks: string[] = [];
    const undoings: string[] = [];
    for (const [which, picks] of steps) {
      const open = [...picks];
      const made = makers[which]?.(state, (from) => from[(open.shift() ?? 0) % Math.max(1, from.length)]);
      state.count++;
      if (made) blocks.push(`# step ${state.count}\n${made.up}`);
      if (made?.down !== undefined) undoings.unshift(made.down);
    }
    return {
      body: `connection = op.get_bind()\n${blocks.join("\n")}\n`,
      blocks,
      undo: `${undoings.join("\n") || "pass"}\n`,
    };
  });
