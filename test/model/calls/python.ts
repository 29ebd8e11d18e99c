/** Operations of an `upgrade()` that is given as Python. */
import { readRevision } from "../../../server/src/model/read.ts";
import type { Operation } from "../../../server/src/model/revision.ts";
import { renderName, type Dialect } from "../../../server/src/sql/action.ts";
import { slice } from "../../../server/src/text/range.ts";

const imports = `import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, declarative_base, sessionmaker

revision = "a1"
down_revision = None

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("user_name", sa.String)
    age = sa.Column(sa.Integer)


users = sa.table("users", sa.column("id"), sa.column("name"), sa.column("age"))
posts = sa.Table("posts", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("user_id", sa.Integer), schema="blog")


def upgrade():
    conn = op.get_bind()
    session = Session(bind=conn)
`;

export interface Ran {
  readonly text: string;
  readonly operations: readonly Operation[];
}

export function run(body: string, dialect: Dialect = "postgresql"): Ran {
  const indented = body
    .trim()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
  const text = `${imports}${indented}\n`;
  return {
    text,
    operations: readRevision("a1.py", text, { dialect }).upgrades.flatMap(({ operations }) => operations),
  };
}

/** The only operation of a body. */
export function runOne(body: string, dialect: Dialect = "postgresql"): Operation {
  const { operations } = run(body, dialect);
  const [first, ...others] = operations;
  if (first === undefined || others.length > 0) throw new Error(`${String(operations.length)} operations`);
  return first;
}

/** Each operation in a line: `update users(age) | update users, update users.age, read users.id`. */
export const shown = (body: string, dialect: Dialect = "postgresql"): readonly string[] =>
  run(body, dialect).operations.map(show);

export function show({ kind, table, columns, touches, confidence }: Operation): string {
  const head = `${kind} ${table ? renderName(table) : "?"}${columns.length > 0 ? `(${columns.join(", ")})` : ""}`;
  const touched = touches.map(({ how, on }) => {
    if (on.type === "column") return `${how} ${renderName(on.name)}.${on.column ?? ""}`;
    return on.type === "table" ? `${how} ${renderName(on.name)}` : `${how} ${on.type}:${renderName(on.name)}`;
  });
  return [
    confidence === "certain" ? head : `${confidence} ${head}`,
    ...(touched.length > 0 ? [touched.join(", ")] : []),
  ].join(" | ");
}

/** What is underlined, and the whole, as they stand in the file. */
export const places = (body: string): readonly (readonly [string, string])[] => {
  const { text, operations } = run(body);
  return operations.map(({ nameRange, range }) => [slice(text, nameRange), slice(text, range)] as const);
};
