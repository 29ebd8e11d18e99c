/** A project that was edited is the project that would be read afresh, whichever way the edit took. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const names = ["a", "b", "c", "names"] as const;
const pathOf = (name: string): string => `/w/m/versions/${name}.py`;

/** No URL: what the revisions import tells the dialect. */
const config = {
  "/w/alembic.ini": "[alembic]\nscript_location = %(here)s/m\n",
  "/w/m/env.py": "from alembic import context\n",
};

interface Text {
  readonly id: string | undefined;
  readonly parent: string | undefined;
  readonly body: string;
  readonly imports: string;
}

const render = ({ id, parent, body, imports }: Text): string =>
  `"""Message ${body.length}"""\nfrom alembic import op\n${imports}\n${id === undefined ? "" : `revision = "${id}"\n`}down_revision = ${parent === undefined ? "None" : `"${parent}"`}\nTABLE = "${body.length}"\n\n\ndef upgrade():\n    ${body}\n`;

const text: fc.Arbitrary<Text> = fc.record({
  id: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined, freq: 8 }),
  parent: fc.option(fc.constantFrom("a", "b", "z"), { nil: undefined }),
  body: fc.constantFrom("pass", 'op.drop_table("t")', "op.drop_table(TABLE)", 'op.execute("UPDATE t SET a = 1")'),
  imports: fc.constantFrom("", "", "from names import TABLE", "from sqlalchemy.dialects import mysql"),
});

async function open(texts: ReadonlyMap<string, string>): Promise<ProjectStore> {
  const store = new ProjectStore(memoryFiles(new Map([...Object.entries(config), ...texts])), memoryLog());
  await store.open(["/w"]);
  return store;
}

const shown = (store: ProjectStore): unknown =>
  store.snapshot().projects.map(({ id, config: settled, files, history, problems }: Project) => ({
    id,
    config: settled,
    files: [...files],
    problems,
    revisions: [...history.revisions],
    heads: history.heads,
    before: [...history.before],
    order: history.order,
    historyProblems: history.problems,
  }));

test("after any edits it is what a fresh store reads", async () => {
  const edit = fc.record({ name: fc.constantFrom(...names), text });
  const initial = fc.tuple(text, text, text, text);
  await fc.assert(
    fc.asyncProperty(initial, fc.array(edit, { minLength: 1, maxLength: 6 }), async (first, edits) => {
      const texts = new Map(names.map((name, i) => [pathOf(name), render(first[i] ?? first[0])]));
      const store = await open(texts);
      for (const { name, text: next } of edits) {
        texts.set(pathOf(name), render(next));
        await store.update(pathOf(name), render(next));
        expect(shown(store)).toEqual(shown(await open(texts)));
      }
    }),
    { numRuns: 60 },
  );
});

test("an edit of one file leaves the others and what is known of the history alone", async () => {
  const plain = (id: string, parent: string | undefined, body = "pass"): string =>
    render({ id, parent, body, imports: "" });
  const store = await open(
    new Map([
      [pathOf("a"), plain("a", undefined)],
      [pathOf("b"), plain("b", "a")],
    ]),
  );
  const [before] = store.snapshot().projects;
  await store.update(pathOf("b"), plain("b", "a", 'op.drop_table("t")'));
  const [after] = store.snapshot().projects;
  expect(after?.files.get(pathOf("b"))?.upgrades[0]?.operations).toHaveLength(1);
  expect(after?.history.revisions.get("b")?.file).toBe(after?.files.get(pathOf("b")));
  expect(after?.files.get(pathOf("a"))).toBe(before?.files.get(pathOf("a")));
  expect(after?.history.children).toBe(before?.history.children);
  expect(before?.files.get(pathOf("b"))?.upgrades[0]?.operations).toHaveLength(0);
});
