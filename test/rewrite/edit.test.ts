import { describe, expect, test } from "vitest";
import type { Operation, RevisionFile } from "../../server/src/model/revision.ts";
import { newEdit, type Edit } from "../../server/src/rewrite/edit.ts";
import { Refused } from "../../server/src/rewrite/refused.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { absolute, openFixture, openTexts, assertReads } from "../support/project.ts";

type Make = (edit: Edit, operations: readonly Operation[], file: RevisionFile) => void;

const open = async (source: string): Promise<RevisionFile> => {
  const { project, fixture } = await openFixture(source);
  const [path = ""] = [...fixture.files.keys()].filter((name) => name.includes("versions/"));
  const file = project.files.get(absolute(path));
  if (!file) throw new Error("no revision");
  return file;
};

/** The text after the edits, which must read, from the line of the first import on. */
async function edited(source: string, make: Make): Promise<string> {
  const file = await open(source);
  const edit = newEdit(file);
  make(edit, file.upgrades[0]?.operations ?? [], file);
  const text = applyEdits(file.text, edit.build());
  assertReads(await openTexts(new Map([[file.path, text]])));
  return text;
}

const bodyOf = (text: string): string =>
  (/def upgrade\(\)[^\n]*\n([^]*?)\n*def downgrade/.exec(text)?.[1] ?? "").trimEnd().replaceAll(/^ {4}/gm, "");

const upgraded = async (source: string, make: Make): Promise<string> => bodyOf(await edited(source, make));

const first: (then: (edit: Edit, operation: Operation) => void) => Make = (then) => (edit, operations) => {
  const [operation] = operations;
  if (!operation) throw new Error("no operation");
  then(edit, operation);
};

const refusal = async (source: string, make: Make): Promise<string> => {
  try {
    await edited(source, make);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  throw new Error("not refused");
};

describe("arguments", () => {
  const set = first((edit, operation) => {
    edit.setArgument(operation, "postgresql_concurrently", "True");
    edit.setArgument(operation, "if_not_exists", "True");
  });

  test.each([
    [
      `op.create_index("ix", "t", ["a"])`,
      `op.create_index("ix", "t", ["a"], postgresql_concurrently=True, if_not_exists=True)`,
    ],
    [
      `op.create_index("ix", "t", ["a"], postgresql_concurrently=False)`,
      `op.create_index("ix", "t", ["a"], postgresql_concurrently=True, if_not_exists=True)`,
    ],
    [
      `op.create_index(\n    "ix",\n    "t",\n    ["a"],\n)`,
      `op.create_index(\n    "ix",\n    "t",\n    ["a"],\n    postgresql_concurrently=True,\n    if_not_exists=True,\n)`,
    ],
    [
      `op.create_index(\n    "ix",\n    "t",\n    ["a"]  # why\n)`,
      `op.create_index(\n    "ix",\n    "t",\n    ["a"],  # why\n    postgresql_concurrently=True,\n    if_not_exists=True,\n)`,
    ],
    [
      `op.create_index(\n    "ix",\n    "t",\n    ["a"],  # why\n)`,
      `op.create_index(\n    "ix",\n    "t",\n    ["a"],  # why\n    postgresql_concurrently=True,\n    if_not_exists=True,\n)`,
    ],
    [
      `op.create_index("ix", "t", [\n    "a",\n])`,
      `op.create_index("ix", "t", [\n    "a",\n], postgresql_concurrently=True, if_not_exists=True)`,
    ],
  ])("are added in the manner of %s", async (before, after) => {
    expect(await upgraded(before, set)).toBe(after);
  });

  test("that are given by their place are replaced there", async () => {
    const made = await upgraded(
      `op.create_index("ix", "t", ["a"], None, False)`,
      first((edit, operation) => {
        edit.setArgument(operation, "unique", "True");
      }),
    );
    expect(made).toBe(`op.create_index("ix", "t", ["a"], None, True)`);
  });

  test.each([
    [`op.create_index("ix", "t", ["a"], unique=True)`, `op.create_index("ix", "t", ["a"])`],
    [`op.create_index("ix", "t", ["a"], unique=True, schema="s")`, `op.create_index("ix", "t", ["a"], schema="s")`],
    [`op.create_index("ix", "t", ["a"], schema="s", unique=True,)`, `op.create_index("ix", "t", ["a"], schema="s",)`],
  ])("are removed with their comma: %s", async (before, after) => {
    const made = await upgraded(
      before,
      first((edit, operation) => {
        edit.removeArgument(operation, "unique");
      }),
    );
    expect(made).toBe(after);
  });

  test("of a loop change where all that it makes is given", async () => {
    const loop = `for name in ("a", "b"):\n    op.create_index("ix_" + name, "t", [name])`;
    const made = await upgraded(loop, (edit, operations) => {
      edit.setArgument(operations, "unique", "True");
    });
    expect(made).toBe(`for name in ("a", "b"):\n    op.create_index("ix_" + name, "t", [name], unique=True)`);
    expect(
      await refusal(
        loop,
        first((edit, operation) => {
          edit.setArgument(operation, "unique", "True");
        }),
      ),
    ).toMatch(/runs several times/);
  });

  test("that are unpacked are left alone", async () => {
    expect(await refusal(`options = {"unique": True}\nop.create_index("ix", "t", ["a"], **options)`, set)).toMatch(
      /unpacks arguments/,
    );
  });
});

describe("statements", () => {
  test("that are neighbours come under one head, with their comments, and strings stay as they are", async () => {
    const body = `# why
op.execute("""
    UPDATE t
SET a = 1
""")

op.drop_index("ix")  # gone
op.drop_table("u")`;
    const made = await upgraded(body, (edit, operations) => {
      edit.autocommit(operations.slice(0, 2));
    });
    expect(made).toBe(`with op.get_context().autocommit_block():
    # why
    op.execute("""
    UPDATE t
SET a = 1
""")

    op.drop_index("ix")  # gone
op.drop_table("u")`);
  });

  test("can be wrapped and changed at once, with others before and after", async () => {
    const made = await upgraded(
      `op.create_index("ix", "t", ["a"])\nop.drop_table("u")`,
      first((edit, operation) => {
        edit.autocommit(operation);
        edit.setArgument(operation, "postgresql_concurrently", "True");
        edit.insertBefore(operation, `op.execute("SELECT 1")`);
        edit.insertAfter(operation, `op.execute("SELECT 2")`);
      }),
    );
    expect(made).toBe(`op.execute("SELECT 1")
with op.get_context().autocommit_block():
    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
op.execute("SELECT 2")
op.drop_table("u")`);
  });

  test("are replaced by code that is indented as they are", async () => {
    const made = await upgraded(
      `if True:\n    op.drop_table("u")  # gone`,
      first((edit, operation) => {
        edit.replaceStatement(operation, `op.execute("""\nDROP TABLE u\n""")\nop.drop_table("v")`);
      }),
    );
    expect(made).toBe(`if True:\n    op.execute("""\nDROP TABLE u\n""")\n    op.drop_table("v")  # gone`);
  });

  test("that go leave pass where nothing else is", async () => {
    const remove = first((edit, operation) => {
      edit.removeStatement(operation);
    });
    expect(await upgraded(`op.drop_table("u")\n\n# keep\nop.drop_table("v")`, remove)).toBe(
      `\n# keep\nop.drop_table("v")`,
    );
    expect(await upgraded(`if True:\n    op.drop_table("u")\nop.drop_table("v")`, remove)).toBe(
      `if True:\n    pass\nop.drop_table("v")`,
    );
  });

  test("that do more than what is given stay", async () => {
    const helper = `def upgrade():\n    both()\n\n\ndef both():\n    op.drop_table("u")\n    op.drop_table("v")\n\n\ndef downgrade():\n    pass\n`;
    const make = first((edit, operation) => {
      edit.autocommit(operation);
    });
    expect(await refusal(helper, make)).toMatch(/does more than/);
    expect(
      await upgraded(helper, (edit, operations) => {
        edit.autocommit(operations);
      }),
    ).toContain("with op.get_context().autocommit_block():\n    both()");
  });

  test("on one line stay", async () => {
    expect(
      await refusal(
        `op.drop_table("u"); op.drop_table("v")`,
        first((edit, operation) => {
          edit.autocommit(operation);
        }),
      ),
    ).toMatch(/shares its line/);
  });
});

describe("bodies", () => {
  const replace: Make = (edit, _, { downgrades: [downgrade] }) => {
    if (downgrade) edit.replaceBody(downgrade, `op.drop_table("u")\nop.drop_table("v")`);
  };
  const after = `def downgrade() -> None:\n    op.drop_table("u")\n    op.drop_table("v")\n`;

  test("are replaced, and comments around them stay", async () => {
    const plain = `def upgrade() -> None:\n    op.create_table("u")\n\n\ndef downgrade() -> None:\n    pass\n`;
    expect(await edited(plain, replace)).toMatch(new RegExp(`${after.replaceAll(/[()]/g, "\\$&")}$`));
    const commented = `def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    """Back."""\n    # begin\n    pass\n    # end\n`;
    expect(await edited(commented, replace)).toContain(
      `    """Back."""\n    # begin\n    op.drop_table("u")\n    op.drop_table("v")\n    # end\n`,
    );
  });

  test("on the line of the head get lines", async () => {
    const inline = `def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None: pass\n`;
    expect((await edited(inline, replace)).endsWith(after)).toBe(true);
  });

  test("that are absent are made as the other direction is", async () => {
    expect((await edited(`def upgrade() -> None:\n    pass\n`, replace)).endsWith(`\n\n\n${after}`)).toBe(true);
  });
});

describe("imports", () => {
  const importing =
    (...paths: readonly string[]): Make =>
    (edit) => {
      for (const path of paths) edit.addImport(path);
    };
  const names = async (source: string, ...paths: readonly string[]): Promise<readonly string[]> => {
    const edit = newEdit(await open(source));
    return paths.map((path) => edit.addImport(path));
  };

  test("that are there are used", async () => {
    expect(await names("pass\n", "alembic.op", "sqlalchemy", "sqlalchemy.text")).toEqual(["op", "sa", "sa.text"]);
    expect(
      await names(`from sqlalchemy import text as t\nrevision = "1"\ndown_revision = None\n`, "sqlalchemy.text"),
    ).toEqual(["t"]);
    expect(await edited("pass\n", importing("alembic.op"))).not.toMatch(/op.*op/);
  });

  test("that are missing come where the custom wants them", async () => {
    const text = await edited(
      `from alembic import op\nrevision = "1"\ndown_revision = None\n`,
      importing("time", "logging", "sqlalchemy.text"),
    );
    expect(text).toBe(
      `import logging\nimport time\n\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = "1"\ndown_revision = None\n`,
    );
  });

  test("come below the docstring where there are none", async () => {
    expect(await edited(`"""x"""\nrevision = "1"\ndown_revision = None\n`, importing("alembic.op"))).toBe(
      `"""x"""\n\nfrom alembic import op\nrevision = "1"\ndown_revision = None\n`,
    );
  });

  test("are refused where the name is taken", async () => {
    expect(
      await refusal(`import sqlalchemy as sa\nrevision = "1"\ndown_revision = None\nop = 1\n`, importing("alembic.op")),
    ).toMatch(/stands for something else/);
  });
});

describe("SQL", () => {
  const insert = first((edit, operation) => {
    const at = (operation.sql ?? "").indexOf("ix");
    edit.replaceSql(operation, { start: at, end: at }, "CONCURRENTLY ");
  });

  test("is edited where it stands", async () => {
    expect(await upgraded(`op.execute(sa.text("DROP INDEX ix"))`, insert)).toBe(
      `op.execute(sa.text("DROP INDEX CONCURRENTLY ix"))`,
    );
  });

  test.each([`name = "ix"\nop.execute(f"DROP INDEX {name}")`, `op.execute("DROP " "INDEX ix")`])(
    "that is put together stays: %s",
    async (body) => {
      expect(await refusal(body, insert)).toMatch(/put together/);
    },
  );
});
