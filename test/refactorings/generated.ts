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

interface State {
  /** Columns beside `id`, by table, each with whether it is a number. */
  readonly tables: Map<string, Map<string, boolean>>;
  count: number;
}

type Make = (state: State, pick: <T>(from: readonly T[]) => T | undefined) => string | undefined;

const numbersOf = (columns: Map<string, boolean>): string[] => [...columns].flatMap(([name, is]) => (is ? [name] : []));

const makers: readonly Make[] = [
  (state, pick) => {
    const table = pick([...state.tables.keys()]);
    const column = `n${state.count}`;
    state.tables.get(table ?? "")?.set(column, true);
    return `op.add_column("${table}", sa.Column("${column}", sa.Integer()))`;
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const numbers = numbersOf(state.tables.get(table) ?? new Map());
    const [to, from] = [pick(numbers), pick([...numbers, "id", "7", "NULL"])];
    return to && `op.execute("UPDATE ${table} SET ${to} = ${from} WHERE id % ${2 + (state.count % 3)} = 0")`;
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const columns = state.tables.get(table) ?? new Map<string, boolean>();
    const column = pick([...columns.keys()]);
    if (column === undefined || columns.size < 2) return undefined;
    columns.delete(column);
    return `op.drop_column("${table}", "${column}")`;
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const column = pick(numbersOf(state.tables.get(table) ?? new Map()));
    return (
      column &&
      `op.execute("UPDATE ${table} SET ${column} = ${state.count} WHERE ${column} IS NULL")\n# demanded by ${state.count}\nop.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=False)\n# let go by ${state.count}\nop.alter_column("${table}", "${column}", existing_type=sa.Integer(), nullable=True)`
    );
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const column = pick([...(state.tables.get(table)?.keys() ?? [])]);
    return column && `op.create_index("ix_${state.count}", "${table}", ["${column}"])`;
  },
  (state, pick) => {
    const [to, from] = [pick([...state.tables.keys()]) ?? "a", pick([...state.tables.keys()]) ?? "b"];
    const [into, out] = [to, from].map((table) => pick(numbersOf(state.tables.get(table) ?? new Map())));
    return (
      into &&
      out &&
      `op.execute("INSERT INTO ${to} (id, ${into}) SELECT id + ${1000 * (state.count + 1)}, ${out} FROM ${from} WHERE id < 5")`
    );
  },
  (state, pick) =>
    `op.execute("DELETE FROM ${pick([...state.tables.keys()]) ?? "a"} WHERE id % 11 = ${state.count % 11}")`,
  (state, pick) => {
    const from = pick([...state.tables.keys()]) ?? "a";
    const column = pick(numbersOf(state.tables.get(from) ?? new Map()));
    const table = `t${state.count}`;
    if (column === undefined) return undefined;
    state.tables.set(table, new Map([["x", true]]));
    return `op.create_table("${table}", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Integer()))\nop.execute("INSERT INTO ${table} (id, x) SELECT id, ${column} FROM ${from}")`;
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const column = pick(numbersOf(state.tables.get(table) ?? new Map()));
    return column && `op.alter_column("${table}", "${column}", type_=sa.BigInteger())`;
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const column = pick(numbersOf(state.tables.get(table) ?? new Map()));
    return (
      column &&
      `op.create_check_constraint("ck_${state.count}", "${table}", "${column} IS NULL OR ${column} > -${state.count + 1}")`
    );
  },
  (state, pick) => {
    const table = pick([...state.tables.keys()]) ?? "a";
    const column = pick(numbersOf(state.tables.get(table) ?? new Map()));
    return (
      column &&
      `rows_${state.count} = connection.execute(sa.text("SELECT id FROM ${table} WHERE ${column} IS NULL ORDER BY id LIMIT 3")).fetchall()\nfor row in rows_${state.count}:\n    connection.execute(sa.text("UPDATE ${table} SET ${column} = ${state.count} WHERE id = :id"), {"id": row.id})`
    );
  },
];

const step = fc.tuple(
  fc.nat({ max: makers.length - 1 }),
  fc.array(fc.nat({ max: 997 }), { minLength: 4, maxLength: 4 }),
);

/** The body of `upgrade()`, not indented, and its statements; each is unlike every other. */
export const generatedBodies = fc.array(step, { minLength: 3, maxLength: 9 }).map((steps) => {
  const column = (): Map<string, boolean> =>
    new Map([
      ["x", true],
      ["s", false],
    ]);
  const state: State = {
    tables: new Map([
      ["a", column()],
      ["b", column()],
      ["c", column()],
    ]),
    count: 0,
  };
  const blocks: string[] = [];
  for (const [which, picks] of steps) {
    const open = [...picks];
    const made = makers[which]?.(state, (from) => from[(open.shift() ?? 0) % Math.max(1, from.length)]);
    state.count++;
    if (made) blocks.push(`# step ${state.count}\n${made}`);
  }
  return { body: `connection = op.get_bind()\n${blocks.join("\n")}\n`, blocks };
});
