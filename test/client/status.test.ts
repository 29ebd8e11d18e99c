import { expect, test } from "vitest";
import type { Standing } from "../../client/src/database/standing.ts";
import { describeStatus } from "../../client/src/views/status/model.ts";
import { diamond, projectOf } from "./history.ts";

const known = (...versions: string[]): Standing => ({
  kind: "known",
  name: "app",
  database: "dev@localhost/app",
  versions,
  from: "",
});
const forked = projectOf({ c: ["a"], b: ["a"], a: [] }, { id: "other", name: "other" });

test("the status bar says in two words what is to be done", () => {
  expect(describeStatus([])).toBeUndefined();
  expect(describeStatus([{ node: projectOf({}), standing: known() }])).toBeUndefined();
  expect(describeStatus([{ node: diamond, standing: known("d") }])).toMatchObject({ text: "$(beaker) 1 pending" });
  expect(describeStatus([{ node: diamond, standing: known("e") }])).toMatchObject({ text: "$(beaker) Up to date" });
  expect(describeStatus([{ node: diamond, standing: known("gone") }])).toMatchObject({
    text: "$(beaker) unknown revision",
  });
  expect(describeStatus([{ node: diamond, standing: { kind: "unread" } }])).toMatchObject({
    text: "$(beaker) Alembic",
  });
  const both = describeStatus([
    { node: diamond, standing: known("d") },
    { node: forked, standing: known("b") },
  ]);
  expect(both).toMatchObject({ text: "$(beaker) 2 heads, 2 pending", isBroken: false });
  expect(both?.tooltip).toContain("other: 2 heads, so upgrade head is refused; app is at b");
});

test("a history that Alembic cannot read is the one thing in red", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const node = { ...diamond, problems: [{ message: "The parent x is missing.", uri: "file:///x", range }] };
  expect(describeStatus([{ node, standing: known("d") }])).toEqual({
    text: "$(error) History broken",
    tooltip: "shop: The parent x is missing.",
    isBroken: true,
  });
  expect(describeStatus([{ node, standing: known("d"), running: "e" }])).toMatchObject({
    text: "$(loading~spin) Migrating",
    isBroken: false,
  });
});
