import { describe, expect, test } from "vitest";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const environment = (metadata: string): string =>
  `from alembic import context\n${metadata}\ncontext.configure(connection=connection, target_metadata=target_metadata)\n`;

const config = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n";

async function open(files: Readonly<Record<string, string>>) {
  const texts = memoryFiles({
    "/w/alembic.ini": config,
    "/w/migrations/versions/a.py": 'revision = "a"\ndown_revision = None\n',
    ...files,
  });
  const store = new ProjectStore(texts, memoryLog());
  await store.open(["/w"], { loose: false });
  return { store, texts, env: () => store.snapshot().projects[0]?.config.env };
}

const names = '{"uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}';
const found = { uq: "uq_%(table_name)s_%(column_0_name)s", pk: "pk_%(table_name)s" };
const standard = { ix: "ix_%(column_0_label)s" };

describe("the naming convention", () => {
  test.each<[string, Readonly<Record<string, string>>, object | undefined]>([
    [
      "of metadata in env.py itself",
      {
        "migrations/env.py": environment(
          `from sqlalchemy import MetaData\ntarget_metadata = MetaData(naming_convention=${names})`,
        ),
      },
      found,
    ],
    [
      "of an imported declarative base, through several modules",
      {
        "migrations/env.py": environment("from app.models import Base\ntarget_metadata = Base.metadata"),
        "app/models/__init__.py": "from .base import Base\nfrom .user import User\n",
        "app/models/base.py":
          "from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\nfrom app.naming import CONVENTION\nclass Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=CONVENTION)\n",
        "app/naming.py": `CONVENTION = ${names}\n`,
      },
      found,
    ],
    [
      "of a base that a function makes",
      {
        "migrations/env.py": environment("import app.db\ntarget_metadata = app.db.Base.metadata"),
        "app/__init__.py": "",
        "app/db.py": `from sqlalchemy.orm import declarative_base\nfrom sqlalchemy import MetaData\nmeta = MetaData(naming_convention=${names})\nBase = declarative_base(metadata=meta)\n`,
      },
      found,
    ],
    [
      "of Flask-SQLAlchemy's object",
      {
        "migrations/env.py": environment("from app import db\ntarget_metadata = db.metadata"),
        "app.py": `from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import MetaData\ndb = SQLAlchemy(metadata=MetaData(naming_convention=${names}))\n`,
      },
      found,
    ],
    [
      "of a package below src",
      {
        "migrations/env.py": environment("from shop.tables import metadata\ntarget_metadata = metadata"),
        "src/shop/__init__.py": "",
        "src/shop/tables.py": `from sqlalchemy import MetaData\nmetadata = MetaData(naming_convention=${names})\n`,
      },
      found,
    ],
    [
      "with tokens that functions make left out",
      {
        "migrations/env.py": environment(
          'from sqlalchemy import MetaData\ndef token(c, t):\n    return "x"\ntarget_metadata = MetaData(naming_convention={"own": token, "uq": "uq_%(own)s"})',
        ),
      },
      { uq: "uq_%(own)s" },
    ],
    ["of no metadata is SQLAlchemy's own", { "migrations/env.py": environment("target_metadata = None") }, standard],
    [
      "of a base that says nothing is SQLAlchemy's own",
      {
        "migrations/env.py": environment("from app import Base\ntarget_metadata = Base.metadata"),
        "app.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
      },
      standard,
    ],
    [
      "that is set afterwards in env.py",
      {
        "migrations/env.py": environment(
          `from sqlmodel import SQLModel\nSQLModel.metadata.naming_convention = ${names}\ntarget_metadata = SQLModel.metadata`,
        ),
      },
      found,
    ],
    [
      "is not known where another module may set it afterwards",
      {
        "migrations/env.py": environment("from app import metadata\ntarget_metadata = metadata"),
        "app.py": "from sqlalchemy import MetaData\nmetadata = MetaData()\nmetadata.naming_convention = load()\n",
      },
      undefined,
    ],
    [
      "is not known where a pattern is made at run time",
      {
        "migrations/env.py": environment(
          'from sqlalchemy import MetaData\ntarget_metadata = MetaData(naming_convention={"uq": make()})',
        ),
      },
      undefined,
    ],
    [
      "is not known where the metadata comes from a library",
      { "migrations/env.py": environment("from library import Base\ntarget_metadata = Base.metadata") },
      undefined,
    ],
    [
      "is not known where modules import each other in a circle",
      {
        "migrations/env.py": environment("from app.a import Base\ntarget_metadata = Base.metadata"),
        "app/a.py": "from app.b import Base\n",
        "app/b.py": "from app.a import Base\n",
      },
      undefined,
    ],
  ])("%s", async (_name, files, expected) => {
    const { env } = await open(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/w/${path}`, text])));
    const convention = env()?.namingConvention;
    expect(convention && Object.fromEntries(convention)).toEqual(expected);
  });

  test("follows an edit of the module that has it", async () => {
    const { store, env } = await open({
      "/w/migrations/env.py": environment("from app import Base\ntarget_metadata = Base.metadata"),
      "/w/app.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
    });
    expect(Object.fromEntries(env()?.namingConvention ?? [])).toEqual(standard);
    await store.update(
      "/w/app.py",
      `from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=${names})\n`,
    );
    expect(Object.fromEntries(env()?.namingConvention ?? [])).toEqual(found);
  });
});

test("the template of revisions is there, and follows an edit", async () => {
  const path = "/w/migrations/script.py.mako";
  const { store } = await open({ "/w/migrations/env.py": environment("target_metadata = None"), [path]: "one" });
  const template = () => store.snapshot().projects[0]?.config.template;
  expect(template()).toEqual({ path, text: "one" });
  await store.update(path, "two");
  expect(template()).toEqual({ path, text: "two" });
});
