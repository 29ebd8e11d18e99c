import { describe, expect, test } from "vitest";
import { filterInWords, noFilter, passes, type Filter } from "../../client/src/views/revisions/filter.ts";
import {
  buildRows,
  describeGroup,
  revisionRows,
  type ProjectView,
  type Row,
} from "../../client/src/views/revisions/model.ts";
import { diamond, projectOf } from "./history.ts";

const view = (node: ProjectView["node"], ...versions: string[]): ProjectView => ({
  node,
  standing: { kind: "known", name: "app", database: "dev@localhost/app", versions, from: "" },
});
const line = (count: number): ProjectView["node"] => {
  const node = projectOf(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => {
        const id = count - index;
        return [`r${String(id)}`, id === 1 ? [] : [`r${String(id - 1)}`]];
      }),
    ),
  );
  return node;
};
const flat = (rows: readonly Row[]): readonly Row[] =>
  rows.flatMap((row) => ("children" in row ? flat(row.children) : [row]));
const ids = (rows: readonly Row[]): readonly string[] =>
  flat(rows).flatMap((row) => (row.kind === "revision" ? [row.revision.id] : []));

describe("long stretches", () => {
  test("of ten thousand revisions few rows are shown, no row has more than a hundred below it, and none is lost", () => {
    const node = line(10_000);
    const rows = buildRows([view(node, "r9000")]);
    expect(rows.length).toBeLessThan(30);
    const below = (row: Row): number =>
      "children" in row ? Math.max(row.children.length, ...row.children.map(below)) : 0;
    expect(Math.max(...rows.map(below))).toBeLessThanOrEqual(200);
    expect(ids(rows)).toEqual(node.revisions.map(({ id }) => id));
    expect(rows.flatMap((row) => (row.kind === "group" ? [describeGroup(row)] : []))).toEqual([
      "992 pending revisions",
      "8,992 applied revisions",
    ]);
    const keys = flat(rows).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("stay open when the history grows: the parts are counted from the oldest", () => {
    const groupKeys = (rows: readonly Row[]): readonly string[] =>
      rows.flatMap((row) => ("children" in row ? [row.key, ...groupKeys(row.children)] : []));
    const before = groupKeys(buildRows([view(line(2_000), "r2000")]));
    const after = groupKeys(buildRows([view(line(2_001), "r2001")]));
    expect(before.filter((key) => !after.includes(key))).toEqual([]);
    expect(new Set(before).size).toBe(before.length);
  });

  test("short ones, branches, heads and where the database stands stay in sight", () => {
    expect(buildRows([view(diamond, "d")]).filter((row) => row.kind === "group")).toEqual([]);
    const shown = buildRows([view(line(200), "r100")]).flatMap((row) =>
      row.kind === "revision" ? [row.revision.id] : [],
    );
    expect(shown).toContain("r200");
    expect(shown).toContain("r100");
  });
});

describe("the filter", () => {
  const shown = (filter: Partial<Filter>, node = diamond): readonly string[] =>
    ids(buildRows([view(node, "d")], [], { ...noFilter, ...filter }));

  test("finds by words, by state and by sort, and says how many", () => {
    expect(shown({ text: "message C" })).toEqual(["c"]);
    expect(shown({ sorts: new Set(["pending"]) })).toEqual(["e"]);
    expect(shown({ sorts: new Set(["merges", "heads"]) })).toEqual(["e", "d"]);
    expect(shown({ text: "b.py", sorts: new Set(["applied"]) })).toEqual(["b"]);
    const rows = buildRows([view(diamond, "d")], [], { text: " of b ", sorts: new Set(["applied"]) });
    expect(rows.find((row) => row.kind === "filter")).toMatchObject({
      label: "1 of 5 revisions",
      description: "“of b”, applied",
    });
    expect(filterInWords({ text: "", sorts: new Set(["errors", "broken"]) })).toBe(
      "with errors or with a missing parent",
    );
  });

  test("shows with findings what has any, and nothing collapsed", () => {
    const node = line(300);
    const found = {
      ...node,
      revisions: node.revisions.map((one, index) => ({
        ...one,
        findings: { error: 0, warning: index % 3 === 0 ? 1 : 0, information: 0 },
      })),
    };
    const rows = buildRows([view(found, "r300")], [], { ...noFilter, sorts: new Set(["findings"]) });
    expect(rows.filter((row) => row.kind === "group")).toEqual([]);
    expect(ids(rows)).toHaveLength(100);
    const [row] = revisionRows(view(found, "r300"));
    expect(row && passes(row, noFilter)).toBe(true);
  });
});
