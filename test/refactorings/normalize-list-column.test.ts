import { expect, test } from "vitest";
import { normalizeListColumn as normalize } from "../../server/src/refactorings/normalize-list-column.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table("posts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("tags", sa.Text()), sa.Column("n", sa.Integer()))
op.create_table("kinds", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
-- versions/0002_case.py --
`;

const pairs = (more = ""): string =>
  `op.create_table("post_kinds", sa.Column("p", sa.Integer(), sa.ForeignKey("posts.id")), sa.Column("k", sa.Integer(), sa.ForeignKey("kinds.id"))${more})\n`;

test("values may go into a table that is there", async () => {
  const [body = ""] = upgradesOf(await refactors(normalize, `${given}${pairs()}op.drop_column("posts", "tags")<|>\n`));
  expect(body).toContain("INSERT INTO kinds (name) SELECT DISTINCT btrim(item)");
  expect(body).toContain("INSERT INTO post_kinds (p, k) SELECT DISTINCT posts.id, kinds.id");
});

test("is refused in a loop", () =>
  refuses(normalize, `${given}${pairs()}for name in ("tags",):\n    op.drop_column("posts", name)<|>\n`, /in a loop/));

test.each<[string, string]>([
  ["there is no association table", `op.drop_column("posts", "tags")<|>`],
  [
    "the association needs more",
    `${pairs(`, sa.Column("more", sa.Integer(), nullable=False)`)}op.drop_column("posts", "tags")<|>`,
  ],
  ["the column is no text", `${pairs()}op.drop_column("posts", "n")<|>`],
])("is not offered where %s", (_, body) => ignores(normalize, `${given}${body}\n`));
