import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { rebuildHistory } from "../../server/src/history/rebuild.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { placeOf, sketch, type Sketch } from "./graph.ts";

const build = (...revisions: Sketch[]) => buildHistory(revisions.map(sketch));
const problems = (...revisions: Sketch[]) =>
  build(...revisions).problems.map(({ code, message }) => ({ code, message }));

describe("a history", () => {
  test("has the revisions without a child as heads and those without a parent as bases", () => {
    const history = build({ id: "a" }, { id: "b", down: ["a"] }, { id: "c", down: ["a"] }, { id: "d" });
    expect(history.heads).toEqual(["b", "c", "d"]);
    expect(history.bases).toEqual(["a", "d"]);
    expect(history.children.get("a")).toEqual(["b", "c"]);
    expect(history.problems).toEqual([]);
  });

  test("is ordered from the base even where files are read in another order", () => {
    expect(build({ id: "c", down: ["b"] }, { id: "a" }, { id: "b", down: ["a"] }).order).toEqual(["a", "b", "c"]);
  });

  test("keeps a revision that another depends on a head, and runs it first", () => {
    const history = build({ id: "z", dependsOn: ["b"] }, { id: "a" }, { id: "b", down: ["a"] });
    expect(history.heads).toEqual(["z", "b"]);
    expect(history.order).toEqual(["a", "b", "z"]);
  });

  test("resolves a branch label in depends_on", () => {
    const history = build({ id: "z", dependsOn: ["lib"] }, { id: "a", labels: ["lib"] });
    expect(history.before.get("z")).toEqual(["a"]);
    expect(history.problems).toEqual([]);
  });

  test("leaves out files that are no revisions", () => {
    const helper = { ...sketch({ id: "x" }), isRevision: false };
    expect(buildHistory([helper]).revisions.size).toBe(0);
  });

  test("of nothing is empty", () => {
    expect(build()).toMatchObject({ heads: [], bases: [], order: [], problems: [] });
  });
});

describe("a problem", () => {
  test("names the files that share an id, in each of them", () => {
    const history = build({ id: "a", path: "/v/one.py" }, { id: "a", path: "/v/two.py" });
    expect(history.problems).toMatchObject([
      {
        code: "duplicate-revision",
        message: 'Revision id "a" is also used by two.py.',
        path: "/v/one.py",
        range: placeOf("id"),
      },
      {
        code: "duplicate-revision",
        message: 'Revision id "a" is also used by one.py.',
        path: "/v/two.py",
        range: placeOf("id"),
      },
    ]);
    expect(history.revisions.get("a")?.file.path).toBe("/v/two.py");
  });

  test("names a parent that is missing, at down_revision", () => {
    const history = build({ id: "b", down: ["gone"] });
    expect(history.problems).toEqual([
      {
        code: "missing-parent",
        message: 'Parent revision "gone" does not exist in this project.',
        path: "/v/b.py",
        range: placeOf("down"),
      },
    ]);
    expect(history.order).toEqual(["b"]);
  });

  test.each([
    ["an abbreviated parent", { id: "b", down: ["abcd"] }, 'Alembic needs the whole id here: "abcdef"'],
    [
      "a branch label as parent",
      { id: "b", down: ["lib"] },
      'it is the branch label of "abcdef", and Alembic needs the id here',
    ],
  ])("says what %s should be", (_name, revision, expected) => {
    const [problem] = problems({ id: "abcdef", labels: ["lib"] }, revision);
    expect(problem?.message).toContain(expected);
  });

  test("names a dependency that is neither a revision nor a label", () => {
    expect(build({ id: "a", dependsOn: ["nowhere"] }).problems).toMatchObject([
      { code: "unknown-dependency", range: placeOf("dependsOn") },
    ]);
  });

  test("spells out a cycle on each of its members and leaves the rest in order", () => {
    const history = build(
      { id: "x" },
      { id: "a", down: ["c"] },
      { id: "b", down: ["a"] },
      { id: "c", down: ["b"] },
      { id: "d", down: ["c"] },
    );
    expect(history.problems.map(({ code, message, path }) => ({ code, message, path }))).toEqual([
      { code: "revision-cycle", message: "Revisions form a cycle: a after c after b after a.", path: "/v/a.py" },
      { code: "revision-cycle", message: "Revisions form a cycle: b after a after c after b.", path: "/v/b.py" },
      { code: "revision-cycle", message: "Revisions form a cycle: c after b after a after c.", path: "/v/c.py" },
    ]);
    expect(history.order).toEqual(["x", "a", "b", "c", "d"]);
  });

  test("finds a revision that is its own parent, and a cycle of dependencies", () => {
    expect(problems({ id: "a", down: ["a"] })).toEqual([
      { code: "revision-cycle", message: 'Revision "a" names itself as what must run before it.' },
    ]);
    expect(build({ id: "x", dependsOn: ["y"] }, { id: "y", dependsOn: ["x"] }).problems).toMatchObject([
      { code: "revision-cycle", range: placeOf("dependsOn") },
      { code: "revision-cycle", range: placeOf("dependsOn") },
    ]);
  });

  test("finds a branch label used twice, or equal to an id", () => {
    expect(problems({ id: "a", labels: ["l"] }, { id: "b", labels: ["l", "a"] })).toEqual([
      { code: "duplicate-branch-label", message: 'Branch label "l" is also used by revision "b".' },
      { code: "duplicate-branch-label", message: 'Branch label "l" is also used by revision "a".' },
      { code: "duplicate-branch-label", message: 'Branch label "a" is also a revision id.' },
    ]);
  });

  test("finds characters that Alembic forbids in an id", () => {
    expect(problems({ id: "2024-01" })).toEqual([
      { code: "illegal-revision-id", message: 'Alembic does not allow "-" in a revision id.' },
    ]);
  });

  test("finds a branch label given twice in one file", () => {
    expect(problems({ id: "a", labels: ["l", "l"] })).toEqual([
      { code: "duplicate-branch-label", message: 'Branch label "l" is given twice.' },
    ]);
  });

  test("finds an id that alembic_version has no room for, counted in characters", () => {
    expect(build({ id: "é".repeat(31) + "🜁" }, { id: "b".repeat(33) }).problems).toEqual([
      {
        code: "revision-id-too-long",
        message: `Revision id "${"b".repeat(33)}" has 33 characters; alembic_version.version_num holds 32.`,
        path: `/v/${"b".repeat(33)}.py`,
        range: placeOf("id"),
      },
    ]);
  });

  test("of a cycle is told by its members only, not by what lies between two cycles or after", () => {
    const history = build(
      { id: "a", down: ["a"] },
      { id: "b", down: ["a"] },
      { id: "c", down: ["b", "d"] },
      { id: "d", down: ["c"] },
      { id: "e", down: ["d"] },
    );
    expect(history.problems.map(({ path }) => path)).toEqual(["/v/a.py", "/v/c.py", "/v/d.py"]);
  });

  test("finds a file without down_revision, but not one whose value could not be read", () => {
    const file = sketch({ id: "a" });
    const { downRevision: _absent, ...identifiers } = file.identifiers;
    const item = { range: placeOf("down"), lines: placeOf("down"), uses: [], keep: false, kind: "identifier" as const };
    expect(buildHistory([{ ...file, identifiers }]).problems).toMatchObject([{ code: "missing-down-revision" }]);
    const computed = { ...file, identifiers, module: [{ ...item, binds: ["down_revision"] }] };
    expect(buildHistory([computed]).problems).toEqual([]);
  });
});

test.each(["down_revision", "depends_on", "branch_labels"])(
  "a %s that could not be read is not taken for none",
  (name) => {
    const { revision } = sketch({ id: "a" }).identifiers;
    const { downRevision } = sketch({ id: "a" }).identifiers;
    const item = { range: placeOf("down"), lines: placeOf("down"), uses: [], keep: false, kind: "identifier" as const };
    const identifiers = {
      revision,
      ...(name === "down_revision" ? {} : { downRevision }),
    } as RevisionFile["identifiers"];
    const file = { ...sketch({ id: "a" }), identifiers };
    const computed = { ...file, module: [{ ...item, binds: [name] }] };
    const error = { kind: "UnreadLinks", message: `What "${name}" of revision "a" is cannot be read from its file.` };
    expect(buildHistory([computed]).graph).toEqual({ error });
    expect(rebuildHistory(buildHistory([file]), [computed]).graph).toEqual({ error });
    expect(rebuildHistory(buildHistory([computed]), [file])).toEqual(buildHistory([file]));
  },
);

/** Any graph at all, cycles, doubles and missing parents included. */
const anyGraph = fc.array(
  fc.record({
    id: fc.integer({ min: 0, max: 12 }).map(String),
    down: fc.array(fc.integer({ min: 0, max: 14 }).map(String), { maxLength: 3 }),
    dependsOn: fc.array(fc.integer({ min: 0, max: 14 }).map(String), { maxLength: 2 }),
    labels: fc.array(fc.constantFrom("l", "m", "1"), { maxLength: 1 }),
  }),
  { maxLength: 14 },
);

describe("for any files", () => {
  test("every revision is in the order once, and comes after all that must run before it unless a cycle forbids", () => {
    fc.assert(
      fc.property(anyGraph, (revisions) => {
        const history = build(...revisions);
        expect([...history.order].sort()).toEqual([...history.revisions.keys()].sort());
        if (history.problems.some(({ code }) => code === "revision-cycle")) return;
        const place = new Map(history.order.map((id, index) => [id, index]));
        for (const [id, before] of history.before) {
          for (const previous of before) expect(place.get(previous)).toBeLessThan(place.get(id) ?? -1);
        }
      }),
    );
  });

  test("a history rebuilt from an earlier one is the history built anew", () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, fc.boolean(), (before, after, same) => {
        const files = (same ? before : after).map(sketch);
        expect(rebuildHistory(build(...before), files)).toEqual(buildHistory(files));
      }),
    );
  });

  test("an edit beside the identifiers keeps all that was built", () => {
    const files = [sketch({ id: "a" }), sketch({ id: "b", down: ["a"] }), sketch({ id: "c", down: ["gone"] })];
    const built = buildHistory(files);
    const edited = { ...sketch({ id: "b", down: ["a"] }), text: "x" };
    const rebuilt = rebuildHistory(built, files.with(1, edited));
    expect(rebuilt.revisions.get("b")?.file).toBe(edited);
    expect(rebuilt.graph).toBe(built.graph);
    expect(rebuilt.problems).toBe(built.problems);
  });

  test("heads are exactly the revisions that are nobody's parent", () => {
    fc.assert(
      fc.property(anyGraph, (revisions) => {
        const history = build(...revisions);
        const parents = new Set([...history.revisions.values()].flatMap((revision) => revision.parents));
        expect(history.heads).toEqual([...history.revisions.keys()].filter((id) => !parents.has(id)));
        for (const head of history.heads) expect(history.children.get(head)).toEqual([]);
      }),
    );
  });
});
