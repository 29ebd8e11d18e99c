import { describe, expect, test } from "vitest";
import { inProjectForm } from "../../server/src/rewrite/form.ts";

const formed = (template: string, text: string): string =>
  inProjectForm(
    { template: { path: "/w/script.py.mako", text: template }, databases: [], dialect: "postgresql" },
    "/w/versions/x.py",
    text,
  );

const header = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
`;
const annotated = `${header}from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
\${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = \${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = \${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = \${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = \${repr(depends_on)}


def upgrade() -> None:
    \${upgrades if upgrades else "pass"}
`;
const plain = `${header}
from alembic import op

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}
`;

const body = `

def upgrade():
    op.execute("SELECT 1")


def downgrade():
    pass
`;
const old = `"""Add names (expand)

Revision ID: bbb
Revises: aaa
Create Date: 2024-05-06 07:08:09.101112

"""
from alembic import op

# revision identifiers
revision = "bbb"
down_revision = "aaa"
branch_labels = None
${body}`;
const recent = `"""Add names (expand)

Revision ID: bbb
Revises: aaa
Create Date: 2024-05-06 07:08:09.101112

"""
from typing import Sequence, Union

from alembic import op

# revision identifiers
revision: str = "bbb"
down_revision: Union[str, None] = "aaa"
branch_labels: Union[str, Sequence[str], None] = None
${body}`;

describe("a new file is written in the project's form", () => {
  test("with its annotations, and what they need", () => {
    expect(formed(annotated, old)).toBe(
      old
        .replace("from alembic import op\n", "from typing import Sequence, Union\nfrom alembic import op\n")
        .replace("revision =", "revision: str =")
        .replace("down_revision =", "down_revision: Union[str, Sequence[str], None] =")
        .replace("branch_labels =", "branch_labels: Union[str, Sequence[str], None] ="),
    );
  });

  test("without annotations, and without what only they needed", () => {
    const text = formed(plain, recent);
    expect(text).toContain(
      '\nrevision = "bbb"\ndown_revision = "aaa"\nbranch_labels: Union[str, Sequence[str], None] = None\n',
    );
    expect(formed(`${plain}branch_labels = \${repr(branch_labels)}\n`, recent)).toBe(
      old.replace('"""\nfrom', '"""\n\nfrom'),
    );
  });

  test("with its docstring", () => {
    const template = annotated.replace(
      header,
      `"""Migration \${up_revision}, after \${down_revision}: \${message}."""\n`,
    );
    expect(formed(template, old).split("\n")[0]).toBe('"""Migration bbb, after aaa: Add names (expand)."""');
  });

  test("and a second time it stays as it is", () => {
    for (const template of [annotated, plain]) {
      const once = formed(template, old);
      expect(formed(template, once)).toBe(once);
    }
  });
});

describe("it stays as it is", () => {
  test.each([
    [
      "where the template writes the same",
      annotated.replaceAll("Union[str, Sequence[str], None] = ${repr(down", "Union[str, None] = ${repr(down"),
      recent,
    ],
    ["where the template is not followed", `<%include file="x"/>${annotated}`, old],
    ["where the template makes no revision", "hello", old],
    ["where the template makes no Python", `${annotated}\n)(\n`, old],
  ])("%s", (_name, template, text) => {
    expect(formed(template, text)).toBe(text);
  });

  test.each([
    [
      "more is said in the docstring",
      "Create Date: 2024-05-06 07:08:09.101112\n",
      "Create Date: 2024-05-06 07:08:09.101112\n\nBy hand.\n",
    ],
    ["the date would come back as another", "07:08:09.101112", "07:08"],
    ["the docstring is somebody's own", "Revision ID: bbb\n", ""],
  ])("in its docstring, where %s", (_name, from, to) => {
    const text = old.replace(from, to);
    const template = annotated.replace(header, `"""\${message}"""\n`);
    expect(formed(template, text).slice(0, 60)).toBe(text.slice(0, 60));
  });
});
