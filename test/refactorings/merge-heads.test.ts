import { describe, expect, test } from "vitest";
import { mergeHeads as merge } from "../../server/src/refactorings/merge-heads.ts";
import { ignores, refactors } from "../support/cases.ts";
import { here, revision } from "./heads.ts";

const base = revision("a1", "None", 'op.create_table("users", sa.Column("id", sa.Integer()))');
const one = revision("b1", '"a1"', 'op.add_column("users", sa.Column("age", sa.Integer()))');
const two = here(revision("c1", '"a1"', 'op.create_table("pets", sa.Column("id", sa.Integer()))'));
const [a, b, c] = ["a1", "b1", "c1"].map((id) => `versions/${id}_x.py`) as [string, string, string];

const template = `-- script.py.mako --
"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}
"""
from alembic import op

# ours
revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}


def upgrade():
    \${upgrades if upgrades else "pass"}


def downgrade():
    \${downgrades if downgrades else "pass"}

`;

describe("heads that others have", () => {
  test("are joined, by the project's own template and in the manner of its file names", async () => {
    const { title, parts, after } = await refactors(merge, template + base + one + two, { published: [a, b, c] });
    expect(title).toBe("Join b1 and c1 by a merge revision, as others have them all");
    const [part] = parts;
    expect(part?.text).toBe(`"""merge b1 and c1

Revision ID: ${part?.revision ?? ""}
Revises: b1, c1
Create Date: 2000-01-01 00:00:00
"""
from alembic import op

# ours
revision = '${part?.revision ?? ""}'
down_revision = ('b1', 'c1')


def upgrade():
    pass


def downgrade():
    pass
`);
    expect(part?.path).toBe(`/project/versions/${part?.revision ?? ""}_merge_b1_and_c1.py`);
    expect(after.history.heads).toEqual([part?.revision]);
  });

  test("are joined all at once, wherever one asks", async () => {
    const source = base + one + here(revision("d1", '"a1"')) + two.replace("<|>", "");
    const { parts } = await refactors(merge, source, { file: b });
    expect(parts[0]?.text).toContain("down_revision: Union[str, Sequence[str], None] = ('b1', 'c1', 'd1')");
  });
});

test("where a head could still be moved, the merge is not the first choice", async () => {
  const { title } = await refactors(merge, base + one + two, { published: [a, b] });
  expect(title).toBe("Join b1 and c1 by a merge revision");
});

test("a table that the branches both change is said", async () => {
  const both = here(revision("c1", '"a1"', 'op.add_column("users", sa.Column("name", sa.Text()))'));
  const { result } = await refactors(merge, base + one + both);
  expect(result.notes).toEqual([
    "The branches both change users: read them together before you run them, in either order.",
  ]);
});

test("a template that cannot be filled in is said when it is asked for", async () => {
  const broken = template.replace("# ours", "# ${what_is_this()}");
  await expect(refactors(merge, broken + base + one + two)).rejects.toThrow(
    "The template of new revisions cannot be filled in",
  );
});

test("has nothing to offer where the heads are meant to be apart", async () => {
  await ignores(merge, base + here(one));
  await ignores(merge, base + one + two.replace("\n\n\ndef up", '\nbranch_labels = ("x",)\n\n\ndef up'));
});
