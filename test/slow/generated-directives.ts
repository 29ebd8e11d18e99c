/** Directives at random: any type with any option, expressions of any shape, tables of any constraints. */
import fc from "fast-check";
import { defaults, types } from "./directive-cases.ts";

const columns = ["a", "b", "Mixed Case", "order"];
const column = fc.constantFrom(...columns);
const name = fc.constantFrom("None", '"ck_x"', 'op.f("ck_y")', '"Quoted Name"');
const schema = fc.constantFrom("", ', schema="app"', ', schema="Odd Schema"');
const text = (value: string): string => JSON.stringify(value);

const literal = fc.oneof(
  fc.integer({ min: -9, max: 9 }).map((n) => `sa.literal(${String(n)})`),
  fc.constantFrom("x", "it's", "", "50%").map((value) => `sa.literal(${text(value)})`),
  fc.constantFrom("sa.true()", "sa.false()", "sa.literal_column('b')"),
);

/** Numbers and texts. */
const { condition } = fc.letrec<{ scalar: string; condition: string }>((tie) => ({
  scalar: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    column.map((one) => `sa.column(${text(one)})`),
    literal,
    fc.tuple(tie("scalar"), fc.constantFrom("-", "*", "%"), tie("scalar")).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc
      .tuple(fc.constantFrom("lower", "upper", "my.fn"), fc.array(tie("scalar"), { maxLength: 2 }))
      .map(([fn, args]) => `sa.func.${fn}(${args.join(", ")})`),
    tie("scalar").map((one) => `sa.cast(${one}, sa.String(9))`),
    fc.tuple(tie("scalar"), tie("scalar")).map(([l, r]) => `${l}.op("@>")(${r})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc
      .tuple(tie("scalar"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("scalar"))
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc
      .tuple(column, fc.constantFrom("is_(None)", "is_not(None)", 'in_(["x", 1])', 'like("x%")', "between(1, 2)"))
      .map(([one, method]) => `sa.column(${text(one)}).${method}`),
    fc.tuple(tie("condition"), fc.constantFrom("&", "|"), tie("condition")).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc
      .tuple(fc.constantFrom("and_", "or_"), tie("condition"), tie("condition"), tie("condition"))
      .map(([fn, ...parts]) => `sa.${fn}(${parts.join(", ")})`),
    tie("condition").map((one) => `sa.not_(${one})`),
  ),
}));

const key = fc.oneof(
  column.map(text),
  column.map((one) => `sa.column(${text(one)}).desc()`),
  fc.constantFrom(
    "sa.text('lower(a)')",
    "sa.text('a DESC NULLS LAST')",
    "sa.func.upper(sa.column('b')).asc().nulls_first()",
  ),
  fc.tuple(column, column).map(([l, r]) => `(sa.column(${text(l)}) - sa.column(${text(r)}))`),
);

const references = fc
  .tuple(
    fc.constantFrom("u.id", "app.u.id"),
    fc.constantFrom("", ', ondelete="CASCADE"', ', onupdate="set null"', ', ondelete="NO ACTION"'),
    fc.constantFrom("", ", deferrable=True", ', deferrable=True, initially="DEFERRED"', ', match="FULL"'),
  )
  .map(([target, rule, more]) => `sa.ForeignKey(${text(target)}${rule}${more})`);

const columnOf = (own: string): fc.Arbitrary<string> =>
  fc
    .record({
      type: fc.constantFrom(...types),
      filled: fc.option(fc.constantFrom(...defaults), { freq: 3 }),
      extra: fc.oneof(
        { weight: 4, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: references },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'sa.CheckConstraint("a > 0")',
            "sa.Identity(start=3)",
            'sa.Computed("b + 1", True)',
          ),
        },
      ),
      flags: fc.subarray([
        "nullable=False",
        "unique=True",
        "index=True",
        'comment="c"',
        "primary_key=True",
        "autoincrement=False",
      ]),
    })
    .map(({ type, filled, extra, flags }) => {
      const generated = extra.startsWith("sa.Identity") || extra.startsWith("sa.Computed");
      const given = [
        ...(extra === "" ? [] : [extra]),
        ...flags,
        ...(filled === null || generated ? [] : [`server_default=${filled}`]),
      ];
      return `sa.Column(${[text(own), generated ? "sa.Integer()" : type, ...given].join(", ")})`;
    });

const tableItem = fc.oneof(
  fc
    .tuple(fc.subarray(columns, { minLength: 1 }), name)
    .map(([on, by]) => `sa.UniqueConstraint(${on.map(text).join(", ")}, name=${by})`),
  fc.tuple(condition, name).map(([one, by]) => `sa.CheckConstraint(${one}, name=${by})`),
  fc.tuple(column, name).map(([on, by]) => `sa.ForeignKeyConstraint([${text(on)}], ["app.u.id"], name=${by})`),
  fc
    .tuple(column, fc.boolean())
    .map(([on, unique]) => `sa.Index("ix", ${text(on)}, unique=${unique ? "True" : "False"})`),
  fc.subarray(columns, { minLength: 1 }).map((on) => `sa.PrimaryKeyConstraint(${on.map(text).join(", ")})`),
);

/** A table has one primary key. */
const constructOf = (item: string): string => item.slice(0, item.indexOf("("));

const createTable = fc
  .tuple(fc.tuple(...columns.map(columnOf)), fc.uniqueArray(tableItem, { maxLength: 3, selector: constructOf }), schema)
  .map(([all, items, where]) => `op.create_table("t", ${[...all, ...items].join(", ")}${where})`);

const addColumn = fc
  .tuple(
    columnOf("c"),
    schema,
    fc.subarray(["inline_references=True", "inline_primary_key=True", "if_not_exists=True"]),
  )
  .map(([one, where, flags]) => `op.add_column("t", ${[one, ...flags].join(", ")}${where})`);

const createIndex = fc
  .record({
    keys: fc.array(key, { minLength: 1, maxLength: 3 }),
    where: fc.option(condition),
    options: fc.subarray([
      "unique=True",
      'postgresql_using="gin"',
      'postgresql_include=["b"]',
      "postgresql_concurrently=True",
      "postgresql_nulls_not_distinct=True",
      'postgresql_ops={"a": "text_ops"}',
      "if_not_exists=True",
    ]),
    schema,
  })
  .map(({ keys, where, options, schema: on }) => {
    const given = [...options, ...(where === null ? [] : [`postgresql_where=${where}`])];
    return `op.create_index("ix", "t", [${keys.join(", ")}]${given.map((one) => `, ${one}`).join("")}${on})`;
  });

const createCheck = fc
  .tuple(name, condition, schema)
  .map(([by, one, where]) => `op.create_check_constraint(${by}, "t", ${one}${where})`);

const alterColumn = fc
  .record({
    type: fc.option(fc.constantFrom(...types)),
    filled: fc.option(fc.constantFrom(...defaults, "None")),
    flags: fc.subarray(["nullable=False", 'new_column_name="z"', 'comment="it\'s"']),
    schema,
  })
  .map(({ type, filled, flags, schema: on }) => {
    const given = [
      ...flags,
      ...(type === null ? [] : [`type_=${type}`]),
      ...(filled === null ? [] : [`server_default=${filled}`]),
    ];
    return `op.alter_column("t", "a"${given.map((one) => `, ${one}`).join("")}${on})`;
  });

/** One piece of Python. Where nothing is altered, nothing is written. */
export const directive = fc.oneof(
  createTable,
  addColumn,
  createIndex,
  createCheck,
  alterColumn.filter((code) => /nullable|server_default|type_|comment|new_column/.test(code)),
);
