import { describe, expect, test } from "vitest";
import { readRevision } from "../../server/src/model/read.ts";
import { pruneExisting, pruneNew } from "../../server/src/rewrite/module.ts";
import { applyEdits } from "../../server/src/text/edit.ts";

const text = `"""m

Revision ID: 1
Revises:
"""
from __future__ import annotations

import json
import logging  # noqa: F401
from typing import Any, Optional, Sequence

from alembic import op
import sqlalchemy as sa

# revision identifiers
revision: str = "1"
down_revision: Optional[str] = None

# the statements
FIRST = json.dumps([])
SECOND = FIRST + "x"


class Thing:
    value: Any = SECOND


def help_thing() -> Thing:
    return Thing()


def upgrade() -> None:
    help_thing()
    op.execute(FIRST)


def downgrade() -> None:
    pass


if __name__ == "__main__":
    upgrade()
`;

const file = readRevision("/versions/1.py", text, { dialect: "postgresql" });

describe("a new file keeps", () => {
  test("what it uses, at any remove, and nothing else", () => {
    const pruned = applyEdits(text, pruneNew(file, ["help_thing"]));
    expect(pruned).toContain("import json\n");
    expect(pruned).toContain("from typing import Any, Optional\n");
    expect(pruned).toContain("class Thing:");
    expect(pruned).not.toMatch(/import sqlalchemy|from alembic|Sequence/);
  });

  test("imports for their effect, future imports and identifiers", () => {
    const pruned = applyEdits(text, pruneNew(file, ["op"]));
    expect(pruned.split("def upgrade")[0]).toBe(`"""m

Revision ID: 1
Revises:
"""
from __future__ import annotations

import logging  # noqa: F401
from typing import Optional

from alembic import op

# revision identifiers
revision: str = "1"
down_revision: Optional[str] = None


`);
  });
});

describe("an existing file loses", () => {
  test("only what the removed code used", () => {
    const pruned = applyEdits(
      text,
      pruneExisting(file, { before: ["help_thing", "op", "FIRST"], after: ["op", "FIRST"] }),
    );
    // `Sequence` and `sa` were not used before either, and `upgrade` is called at the end.
    expect(pruned).toContain("from typing import Optional, Sequence\n");
    expect(pruned).toContain("import sqlalchemy as sa\n");
    expect(pruned).toContain("# the statements\nFIRST = json.dumps([])\n\n\ndef upgrade");
    expect(pruned).toContain("__main__");
  });

  test("nothing where nothing was removed", () => {
    const uses = ["help_thing", "op", "FIRST"];
    expect(pruneExisting(file, { before: uses, after: uses })).toEqual([]);
  });
});
