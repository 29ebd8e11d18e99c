import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { ancestors } from "../../server/src/history/path.ts";
import { planDowngrade, planUpgrade } from "../../server/src/history/plan.ts";
import { resolveRevision } from "../../server/src/history/resolve.ts";
import { askEngine } from "./ask.ts";
import { sketch, type Sketch } from "./graph.ts";
import { broken, dag, textFor } from "./random.ts";

const build = (...revisions: Sketch[]) => buildHistory(revisions.map(sketch));
const fork = build(
  { id: "base" },
  { id: "left", down: ["base"] },
  { id: "right", down: ["base"] },
  { id: "right2", down: ["base"] },
);

describe("an error", () => {
  test("tells what an ambiguous text could mean", () => {
    expect(resolveRevision(fork, "head")).toEqual({
      error: {
        kind: "MultipleHeads",
        message: '"head" is not one revision but 3: left, right, right2.',
        revisions: ["left", "right", "right2"],
      },
    });
    expect(resolveRevision(fork, "righ")).toEqual({
      error: {
        kind: "ResolutionError",
        message: '"righ" is the start of 2 revisions: right, right2.',
        revisions: ["right", "right2"],
      },
    });
  });

  test("says why a short text finds nothing", () => {
    expect(resolveRevision(fork, "xyz")).toEqual({
      error: {
        kind: "ResolutionError",
        message: 'There is no revision or branch "xyz"; the start of an id needs 4 characters or more.',
      },
    });
  });

  test("of the history answers every question", () => {
    const cyclic = build({ id: "a", down: ["b"] }, { id: "b", down: ["a"] });
    const error = {
      kind: "CycleDetected",
      message: 'The parents of "a", "b" lead round in a cycle.',
      revisions: ["a", "b"],
    };
    expect(cyclic.graph).toEqual({ error });
    expect(resolveRevision(cyclic, "a")).toEqual({ error });
    expect(planUpgrade(cyclic, [], "a")).toEqual({ error });
  });

  test("is a cycle also where Alembic overlooks it, since what it then runs is in no order", () => {
    const between = build(
      { id: "a" },
      { id: "b", down: ["a"], dependsOn: ["c"] },
      { id: "c", down: ["b"] },
      { id: "d", down: ["c"] },
    );
    expect(between.graph).toMatchObject({ error: { kind: "DependencyCycleDetected", revisions: ["b", "c", "d"] } });
    const among = build({ id: "a" }, { id: "b", down: ["a", "c"] }, { id: "c", down: ["b"] }, { id: "d", down: ["c"] });
    expect(among.graph).toMatchObject({ error: { kind: "CycleDetected", revisions: ["b", "c", "d"] } });
  });
});

test("a downgrade by steps from several rows says which it takes", () => {
  expect(planDowngrade(fork, ["left", "right"], "-1")).toMatchObject({
    value: { steps: [{ id: "left" }], warning: 'The database stands at 2 revisions; "-1" goes down from left.' },
  });
});

describe("for any history", () => {
  const anyHistory = fc.oneof(dag, broken);
  const names = ["show", "one", "upgrade", "downgrade", "history", "upgrade --sql", "downgrade --sql", "current"];

  test("any text gets an answer", () => {
    const text = (all: Parameters<typeof textFor>[0]) =>
      fc.oneof(textFor(all), fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."ab+-@:1 ") }));
    const asked = anyHistory.chain((all) =>
      fc.tuple(fc.constant(all), fc.constantFrom(...names), fc.array(text(all), { maxLength: 3 }), text(all)),
    );
    fc.assert(
      fc.property(asked, ([all, name, rows, given]) => {
        const history = buildHistory(all.map(sketch));
        expect(askEngine(history, [rows, name, given])).toBeDefined();
        expect(askEngine(history, [rows, "stamp", JSON.stringify([given])])).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  test("a problem is shown exactly where Alembic refuses it", () => {
    fc.assert(
      fc.property(anyHistory, (all) => {
        const { graph, problems } = buildHistory(all.map(sketch));
        // Of an id used twice Alembic only warns.
        const refused = problems.filter(({ code }) => code !== "duplicate-revision");
        expect("error" in graph).toBe(refused.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test("an upgrade leaves every revision run once, after all that it needs, and its downgrade takes all of them back", () => {
    fc.assert(
      fc.property(dag, (all) => {
        const history = buildHistory(all.map(sketch));
        // Alembic fails at a merge of a revision with its own ancestor: it looks for rows that are gone.
        fc.pre(
          ![...history.before.values()].some((ids) =>
            ids.some((id) => ids.some((one) => ancestors(history, one).has(id))),
          ),
        );
        const up = planUpgrade(history, [], "heads");
        if (!("value" in up)) throw new Error(up.error.message);
        const ids = up.value.steps.map(({ id }) => id);
        expect(ids).toEqual(history.order);
        expect(up.value.rows).toEqual([...("value" in history.graph ? history.graph.value.effectiveHeads : [])].sort());
        const down = planDowngrade(history, up.value.rows, "base");
        if (!("value" in down)) throw new Error(down.error.message);
        expect(down.value.rows).toEqual([]);
        expect(down.value.steps.map(({ id }) => id).sort()).toEqual([...ids].sort());
      }),
    );
  });
});
