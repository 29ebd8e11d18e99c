/** What constructs of SQLAlchemy define, wherever they are created or executed. The directives themselves: `test/slow`. */
import { describe, expect, test } from "vitest";
import { renderName, type ColumnDefinition } from "../../../server/src/sql/action.ts";
import type { ConstraintDefinition, IndexDefinition } from "../../../server/src/sql/definition.ts";
import type { Operation } from "../../../server/src/model/revision.ts";
import { readRevision } from "../../../server/src/model/read.ts";

const imports = `import enum
import sqlalchemy as sa
from alembic import op
from alembic.operations import ops
from alembic_utils.pg_extension import PGExtension
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView
from alembic_postgresql_enum import TableReference
from app.models import Mixin, fresh
from app.types import GUID
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, declarative_base, declared_attr, mapped_column
from sqlalchemy.schema import *

Base = declarative_base()
revision = "a1"
down_revision = None


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"
    CRIMSON = "r"


class Short(sa.types.TypeDecorator):
    impl = sa.String(20)


class Sized(sa.types.TypeDecorator):
    impl = sa.String


class Guid(sa.types.TypeDecorator):
    impl = sa.CHAR

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(sa.CHAR(32))


class Moment(sa.types.TypeDecorator):
    impl = sa.TIMESTAMP(timezone=True)

    def load_dialect_impl(self, dialect):
        if dialect.name == "mysql":
            return mysql.TIMESTAMP(fsp=6)
        return super().load_dialect_impl(dialect)


class Chosen(sa.types.TypeDecorator):
    impl = sa.String

    def load_dialect_impl(self, dialect):
        return self.impl


class Computed(sa.types.TypeDecorator):
    impl = sa.String

    def load_dialect_impl(self, dialect):
        return load_type(dialect)


class Typed(sa.types.TypeDecorator):
    impl = sa.JSON

    def __init__(self, of, column_type=None):
        super().__init__()
        self.of = of
        if column_type is not None:
            self.impl = column_type


class Longer(sa.types.TypeDecorator):
    impl = sa.String

    def __init__(self, length):
        sa.types.TypeDecorator.__init__(self, length=length * 2)


class Zoned(sa.TIMESTAMP):
    def __init__(self, *args, timezone=True, **kwargs):
        super().__init__(*args, timezone=timezone, **kwargs)


class Widest(Zoned):
    pass


class Sometimes(sa.types.TypeDecorator):
    impl = sa.String

    def __init__(self, length):
        if read_settings().long:
            super().__init__(length)
        else:
            super().__init__(5)


class Overwritten(sa.types.TypeDecorator):
    impl = sa.String

    def __init__(self):
        self.impl = sa.Text()
        super().__init__()


class Remembering(sa.types.TypeDecorator):
    impl = sa.String

    def __init__(self, length):
        self.length = length
        super().__init__()

    def load_dialect_impl(self, dialect):
        return sa.CHAR(self.length) if dialect.name == "postgresql" else sa.Text()


class Own(sa.types.UserDefinedType):
    def get_col_spec(self):
        return "OWN"


class Stamped:
    created_at = sa.Column(sa.DateTime)

    @declared_attr
    def created_by(cls):
        return sa.Column(sa.Integer)

    def tell(self):
        return self.created_at


class User(Stamped, Base):
    __tablename__ = "users"
    __table_args__ = (sa.UniqueConstraint("a", "user_name", name="uq"), {"schema": "app", "comment": "people"})
    id = mapped_column(sa.Integer, primary_key=True)
    a = sa.Column(sa.String(5), index=True)
    name = sa.Column("user_name", sa.Text)


class Post(Mixin, Base):
    __tablename__ = "posts"
    id = sa.Column(sa.Integer, primary_key=True)


meta = sa.MetaData(schema="app")
users = sa.Table(
    "users", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", sa.Enum("a", name="k"), index=True)
)


def upgrade():
    bind = op.get_bind()
`;

const operationsOf = (line: string): readonly Operation[] =>
  readRevision("a1.py", `${imports}    ${line}\n`, { dialect: "postgresql" }).upgrades.flatMap(
    ({ operations }) => operations,
  );

const typeOf = ({ sqlType }: ColumnDefinition): string =>
  sqlType === undefined
    ? "?"
    : `${sqlType.name}${sqlType.arguments.length > 0 ? `(${sqlType.arguments.join(",")})` : ""}${"[]".repeat(sqlType.dimensions)}`;

const column = (one: ColumnDefinition): string =>
  [one.name, typeOf(one), ...(one.nullable === false ? ["not null"] : []), ...(one.serial ? ["serial"] : [])].join(" ");

const constraint = ({ type, name, columns, references }: ConstraintDefinition): string =>
  `${type} ${name ?? ""}(${(columns ?? ["?"]).join(",")})${references ? ` -> ${renderName(references.table)}` : ""}`;

const index = ({ name, keys, unique }: IndexDefinition): string =>
  `${unique ? "unique " : ""}index ${name ?? ""}(${(keys ?? []).map((key) => key.column ?? key.expression?.sql ?? "?").join(",")})`;

function shown({ kind, table, name, details, confidence, why }: Operation): readonly string[] {
  const subject = [kind, ...(table ? [renderName(table)] : []), ...(name === undefined ? [] : [name])].join(" ");
  return [
    subject,
    ...(details.definitions ?? []).map(column),
    ...(details.constraints ?? []).map(constraint),
    ...(details.indexes ?? []).map(index),
    ...(details.enumTypes ?? []).map((type) => `enum ${renderName(type.name)}(${(type.values ?? ["?"]).join(",")})`),
    ...(details.sequence ? [JSON.stringify(details.sequence)] : []),
    ...(details.options?.comment === undefined ? [] : [`comment ${details.options.comment}`]),
    ...(details.ifNotExists ? ["if not exists"] : []),
    ...(details.ifExists ? ["if exists"] : []),
    ...(details.cascade ? ["cascade"] : []),
    ...(confidence === "certain" ? [] : [`${confidence}: ${why ?? ""}`]),
  ];
}

const table = ["id integer not null serial", "k k", "primary_key (id)"];

const cases: readonly (readonly [line: string, ...operations: readonly (readonly string[])[]])[] = [
  ["users.create(bind)", ["create_table app.users", ...table, "index (k)", "enum k(a)", "if not exists"]],
  ["users.create(bind, checkfirst=False)", ["create_table app.users", ...table, "index (k)", "enum k(a)"]],
  ["op.execute(CreateTable(users))", ["create_table app.users", ...table]],
  ["bind.execute(CreateTable(users, if_not_exists=True))", ["create_table app.users", ...table, "if not exists"]],
  ["CreateTable(users).execute(bind)", ["create_table app.users", ...table]],
  ["users.drop(bind)", ["drop_table app.users", "if exists"]],
  ["op.execute(DropTable(users))", ["drop_table app.users"]],
  [
    "User.__table__.create(bind, checkfirst=False)",
    [
      "create_table app.users",
      "created_at timestamp without time zone",
      "created_by integer",
      "id integer not null serial",
      "a character varying(5)",
      "user_name text",
      "primary_key (id)",
      "unique uq(a,user_name)",
      "index (a)",
      "comment people",
    ],
  ],
  [
    "Base.metadata.create_all(bind, tables=[Post.__table__])",
    [
      "create_table posts",
      "id integer not null serial",
      "primary_key (id)",
      "if not exists",
      "likely: what `Mixin` adds to the table is not known",
    ],
  ],
  ["meta.create_all(bind)", ["create_table", "if not exists", "likely: which tables the metadata holds is not known"]],
  ["sa.Index('ix', users.c.k, unique=True).create(bind)", ["create_index app.users ix", "unique index ix(k)"]],
  ["op.execute(DropIndex(sa.Index('ix', users.c.k), if_exists=True))", ["drop_index app.users ix", "if exists"]],
  [
    "op.execute(AddConstraint(sa.UniqueConstraint(users.c.k, name='uq')))",
    ["create_unique_constraint app.users uq", "unique uq(k)"],
  ],
  [
    "op.execute(AddConstraint(sa.ForeignKeyConstraint([users.c.k], ['u.id'], name='fk')))",
    ["create_foreign_key app.users fk", "foreign_key fk(k) -> u"],
  ],
  [
    "op.execute(DropConstraint(sa.UniqueConstraint(users.c.k, name='uq'), cascade=True))",
    ["drop_constraint app.users uq", "cascade"],
  ],
  ["sa.Enum('a', name='k').create(bind)", ["create_type k", "enum k(a)"]],
  ["sa.Enum(Colour).create(bind, checkfirst=True)", ["create_type colour", "enum colour(RED,BLUE)", "if not exists"]],
  ["sa.Enum(Colour, values_callable=fresh, name='c').create(bind)", ["create_type c", "enum c(?)"]],
  ["postgresql.ENUM('a', name='k', schema='s').create(bind)", ["create_type k", "enum s.k(a)", "if not exists"]],
  ["postgresql.ENUM(name='k').drop(bind)", ["drop_type k", "if exists"]],
  ["op.execute(CreateSequence(sa.Sequence('s', start=5)))", ["create_sequence s", '{"start":5}']],
  ["op.execute(CreateSchema('app', if_not_exists=True))", ["create_schema app", "if not exists"]],
  ["op.execute(DropSchema('app', cascade=True))", ["drop_schema app", "cascade"]],
  ["sa.DDL('DROP TABLE x')(None, bind)", ["drop_table x"]],
  ["op.execute(sa.DDL('DROP TABLE %(name)s', context={'name': 'x'}))", ["drop_table x"]],
  ["op.execute(sa.DDL(\"ALTER TABLE x ADD y text CHECK (y LIKE 'a%%')\"))", ["add_column x", "y text", "check (y)"]],
  ["op.invoke(ops.DropTableOp('t', schema='s'))", ["drop_table s.t"]],
  ["op.invoke(ops.CreateTableOp('t', [sa.Column('a', sa.Integer)]))", ["create_table t", "a integer"]],
  [
    "op.invoke(ops.CreateTableOp('t', fresh()))",
    ["create_table t", "likely: arguments are unpacked from a value that is not known"],
  ],
  ["op.invoke(ops.ExecuteSQLOp('DROP TABLE t'))", ["drop_table t"]],
  ["op.invoke(fresh())", ["opaque", "opaque: an operation object is invoked"]],
  ["op.add_column('t', sa.Column('c', Short()))", ["add_column t", "c character varying(20)"]],
  ["op.add_column('t', sa.Column('c', Sized(7)))", ["add_column t", "c character varying(7)"]],
  ["op.add_column('t', sa.Column('c', Guid))", ["add_column t", "c uuid"]],
  ["op.add_column('t', sa.Column('c', Moment()))", ["add_column t", "c timestamp with time zone"]],
  ["op.add_column('t', sa.Column('c', Chosen(5)))", ["add_column t", "c character varying(5)"]],
  ["op.add_column('t', sa.Column('c', Computed(5)))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', Typed(dict)))", ["add_column t", "c json"]],
  ["op.add_column('t', sa.Column('c', Typed(dict, sa.String(9))))", ["add_column t", "c character varying(9)"]],
  ["op.add_column('t', sa.Column('c', Typed(dict, column_type=sa.Text)))", ["add_column t", "c text"]],
  ["op.add_column('t', sa.Column('c', Longer(7)))", ["add_column t", "c character varying(14)"]],
  ["op.add_column('t', sa.Column('c', Zoned()))", ["add_column t", "c timestamp with time zone"]],
  ["op.add_column('t', sa.Column('c', Widest(timezone=False)))", ["add_column t", "c timestamp without time zone"]],
  ["op.add_column('t', sa.Column('c', Sometimes(7)))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', Overwritten()))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', Remembering(7)))", ["add_column t", "c character(7)"]],
  ["op.add_column('t', sa.Column('c', Own()))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', GUID()))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', sa.String(fresh())))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', mysql.TINYINT()))", ["add_column t", "c ?"]],
  ["op.add_column('t', sa.Column('c', sa.Text() if fresh() else sa.Text()))", ["add_column t", "c text"]],
  ["op.add_column('t', sa.Column('c', sa.Text() if fresh() else sa.JSON()))", ["add_column t", "c ?"]],
  [
    "op.create_entity(PGFunction(schema='public', signature='f(i int)', definition='returns int language sql as $$ select 1 $$'))",
    ["create_function f"],
  ],
  ["op.replace_entity(PGView('public', 'v', 'SELECT 1'))", ["create_view v"]],
  ["op.drop_entity(PGView('public', 'v', 'SELECT 1'), cascade=True)", ["drop_view v", "cascade"]],
  [
    "op.replace_entity(PGMaterializedView('public', 'v', 'SELECT 1;'))",
    ["drop_view v", "if exists"],
    ["create_view v"],
  ],
  [
    "op.create_entity(PGTrigger('public', 'tr', 'AFTER INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f()', 'public.t'))",
    ["create_trigger t tr"],
  ],
  ["op.drop_entity(PGPolicy('public', 'p', 'USING (true)', 'public.t'))", ["drop_policy public.t p"]],
  ["op.create_entity(PGExtension('public', 'citext'))", ["create_extension citext"]],
  [
    "op.create_entity(PGGrantTable('public', 't', 'role', 'SELECT'))",
    ["opaque", "opaque: rights on a table are granted or revoked"],
  ],
  ["op.create_entity(fresh)", ["opaque", "opaque: the entity comes from `app.models.fresh`"]],
  [
    "op.sync_enum_values('public', 'k', ['a', 'b'], [('t', 'c'), TableReference(table_schema='s', table_name='u', column_name='d')])",
    ["alter_type k", "enum public.k(a,b)"],
  ],
  ["op.sync_enum_values('public', 'k', fresh(), [])", ["alter_type k", "enum public.k(?)"]],
  ["op.add_enum_value('public', 'k', 'c', before_value='a')", ["alter_type k"]],
];

describe("what a construct creates", () => {
  for (const [line, ...operations] of cases) {
    test(line, () => {
      expect(operationsOf(line).map(shown)).toEqual(operations);
    });
  }
});

describe("texts that are known", () => {
  const detailsOf = (line: string): object => operationsOf(line)[0]?.details ?? {};
  test.each([
    ["op.bulk_insert(sa.table('t', sa.column('a')), [{'a': 'x', 'b': 1}, {'a': 'y'}])", ["a=x", "a=y"]],
    ["op.execute(sa.table('t', sa.column('a')).update().values(a='x', b=fresh()))", ["a=x"]],
    ["op.execute(sa.table('t', sa.column('a')).insert().values({'a': 'x'}))", ["a=x"]],
    ["op.execute(sa.table('t', sa.column('a')).update().values(a=1))", undefined],
  ])("%s", (line, texts) => {
    const { constants } = detailsOf(line) as { constants?: { column: string; value: string }[] };
    expect(constants?.map(({ column, value }) => `${column}=${value}`)).toEqual(texts);
  });

  test("renamed and added values of an enum", () => {
    const sync = "op.sync_enum_values('public', 'k', ['a'], [], enum_values_to_rename=[('b', 'a')])";
    expect(detailsOf(sync)).toMatchObject({ renamedValues: [{ from: "b", to: "a" }] });
    const add = "op.add_enum_value('public', 'k', 'c', before_value='a')";
    expect(detailsOf(add)).toMatchObject({ enumValue: "added", value: { name: "c", after: "a" } });
  });
});

describe("an expression that is made of itself", () => {
  const made = (step: string): string => `e = sa.column("a") > 1
    for i in range(60):
        e = ${step}
    op.create_check_constraint("ck", "t", e)`;
  for (const step of ["e & e", "sa.not_(sa.func.f(e))", "sa.and_(e)", "sa.or_(sa.not_(e), e)"]) {
    test(step, () => {
      expect(operationsOf(made(step)).map(({ kind }) => kind)).toEqual(["create_check_constraint"]);
    });
  }
});
