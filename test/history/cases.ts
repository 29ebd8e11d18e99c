/**
 * What Alembic answers, question by question. A fast test asks the engine, a slow one the real Alembic.
 * Answers are written as text: ids in order; for a plan the revisions that run, and the rows that remain; else the kind of error.
 */
import type { Asked } from "./ask.ts";
import type { Sketch } from "./graph.ts";

export interface Case {
  readonly of: readonly Sketch[];
  readonly asked: Asked;
  readonly answer: string;
}

const line: readonly Sketch[] = [
  { id: "aa11" },
  { id: "bb22", down: ["aa11"] },
  { id: "cc33", down: ["bb22"] },
  { id: "cc3344", down: ["cc33"] },
];

/** base - left1 - left2, base - right1, and both merged. */
const fork: readonly Sketch[] = [
  { id: "base1" },
  { id: "left1", down: ["base1"], labels: ["left"] },
  { id: "left2", down: ["left1"] },
  { id: "right1", down: ["base1"], labels: ["right"] },
];
const merged: readonly Sketch[] = [
  ...fork,
  { id: "merge1", down: ["left2", "right1"] },
  { id: "after1", down: ["merge1"] },
];

/** Two bases; the second line needs a revision of the first. */
const dependent: readonly Sketch[] = [
  { id: "core1", labels: ["core"] },
  { id: "core2", down: ["core1"] },
  { id: "shop1", labels: ["shop"] },
  { id: "shop2", down: ["shop1"], dependsOn: ["core2"] },
  { id: "shop3", down: ["shop2"], dependsOn: ["core"] },
];

type Row = readonly [name: string, text: string | undefined, answer: string, rows?: string];

const of = (history: readonly Sketch[], ...rows: readonly Row[]): Case[] =>
  rows.map(([name, text, answer, standing = ""]) => ({
    of: history,
    asked: [
      standing.split(" ").filter((row) => row !== ""),
      name,
      ...(text === undefined ? [] : [text]),
    ] as unknown as Asked,
    answer,
  }));

export const cases = (): Readonly<Record<string, readonly Case[]>> => ({
  "ids, their beginnings, and what is neither": of(
    line,
    ["show", "bb22", "bb22"],
    ["show", "bb", "bb22"],
    ["show", "b", "bb22"],
    ["show", "cc33", "cc33"],
    ["show", "cc334", "cc3344"],
    ["show", "cc", "ResolutionError"],
    ["show", "dd", "ResolutionError"],
    ["show", "", "AlembicFails"],
    ["show", "current", "bb22", "bb22"],
    ["one", "base", "base"],
  ),
  "names of fewer than four letters are never found by their beginning": of(
    [{ id: "abc" }, { id: "abcd", down: ["abc"] }],
    ["show", "ab", "abcd"],
    ["show", "abc", "abc"],
  ),
  "head, heads and base": [
    ...of(
      line,
      ["heads", undefined, "cc3344"],
      ["bases", undefined, "aa11"],
      ["show", "head", "cc3344"],
      ["show", "heads", "cc3344"],
      ["show", "base", "nothing"],
    ),
    ...of(
      fork,
      ["heads", undefined, "left2, right1"],
      ["show", "head", "MultipleHeads"],
      ["show", "heads", "left2, right1"],
    ),
    ...of([], ["heads", undefined, "nothing"], ["show", "head", "nothing"], ["upgrade", "head", "nothing → nothing"]),
  ],
  "a revision that another depends on stays a head, but no effective head": of(
    dependent,
    ["heads", undefined, "core2, shop3"],
    ["effective", undefined, "shop3"],
    ["show", "head", "MultipleHeads"],
    ["show", "heads", "shop3"],
    ["upgrade", "heads", "core1, core2, shop1, shop2, shop3 → shop3"],
  ),
  "a branch label covers what descends from it, and what lies below it on a straight line": [
    ...of(fork, ["labels", undefined, "base1: , left1: left, left2: left, right1: right"]),
    ...of(
      [{ id: "b1" }, { id: "b2", down: ["b1"], labels: ["lib"] }, { id: "b3", down: ["b2"] }],
      ["labels", undefined, "b1: lib, b2: lib, b3: lib"],
    ),
    ...of(merged, [
      "labels",
      undefined,
      "after1: left right, base1: , left1: left, left2: left, merge1: left right, right1: right",
    ]),
  ],
  "label@…": of(
    fork,
    ["show", "left", "left1"],
    ["show", "left@head", "left2"],
    ["show", "left@heads", "left2"],
    ["show", "left@base", "nothing"],
    ["show", "left@left2", "left2"],
    ["show", "left@base1", "base1"],
    ["show", "left@right1", "ResolutionError"],
    ["show", "nowhere@head", "ResolutionError"],
    ["show", "left@-1", "left1"],
    ["show", "right1@head", "right1"],
    ["show", "base1@head", "MultipleHeads"],
  ),
  "upgrade to a revision runs what it needs and has not run": [
    ...of(
      merged,
      ["upgrade", "left2", "base1, left1, left2 → left2"],
      ["upgrade", "right1", "right1 → left2, right1", "left2"],
      ["upgrade", "head", "right1, merge1, after1 → after1", "left2"],
      ["upgrade", "heads", "merge1, after1 → after1", "left2 right1"],
      ["upgrade", "base1", "nothing → left2", "left2"],
      ["upgrade", "head", "ResolutionError", "gone"],
      ["upgrade", "base1:left2", "CommandError"],
    ),
    ...of(
      dependent,
      ["upgrade", "shop2", "core1, core2, shop1, shop2 → shop2"],
      ["upgrade", "shop@head", "core2, shop2, shop3 → shop3", "core1 shop1"],
      ["upgrade", "core2", "nothing → shop2", "shop2"],
    ),
  ],
  "upgrade by steps": [
    ...of(
      line,
      ["upgrade", "+1", "aa11 → aa11"],
      ["upgrade", "+2", "bb22, cc33 → cc33", "aa11"],
      ["upgrade", "+9", "RevisionError", "aa11"],
      ["upgrade", "-1", "RevisionError", "aa11"],
      ["upgrade", "aa11+1", "aa11, bb22 → bb22"],
      ["upgrade", "head-1", "aa11, bb22, cc33 → cc33"],
      ["upgrade", "cc33+9", "AlembicFails"],
    ),
    ...of(
      fork,
      ["upgrade", "+1", "RevisionError", "base1"],
      ["upgrade", "left@+1", "left1 → left1", "base1"],
      ["upgrade", "left@+1", "left2 → left2, right1", "left1 right1"],
      ["upgrade", "left@+2", "left1, left2 → left2, right1", "right1"],
      ["upgrade", "+1", "RevisionError", "left1 right1"],
      ["upgrade", "right@+1", "base1 → base1"],
    ),
  ],
  downgrade: [
    ...of(
      line,
      ["downgrade", "base", "cc33, bb22, aa11 → nothing", "cc33"],
      ["downgrade", "aa11", "cc33, bb22 → aa11", "cc33"],
      ["downgrade", "cc3344", "RangeNotAncestorError", "bb22"],
      ["downgrade", "bb22", "nothing → bb22", "bb22"],
      ["downgrade", "-1", "cc33 → bb22", "cc33"],
      ["downgrade", "-3", "cc33, bb22, aa11 → nothing", "cc33"],
      ["downgrade", "-4", "RevisionError", "cc33"],
      ["downgrade", "-1", "RevisionError"],
      ["downgrade", "+1", "RevisionError", "cc33"],
      ["downgrade", "cc3344-3", "cc33, bb22 → aa11", "cc33"],
      ["downgrade", "aa11+1", "cc33 → bb22", "cc33"],
    ),
    ...of(
      merged,
      ["downgrade", "merge1", "after1 → merge1", "after1"],
      ["downgrade", "left2", "after1, merge1 → left2, right1", "after1"],
      ["downgrade", "base1", "left2, left1, right1 → base1", "left2 right1"],
      ["downgrade", "left@base1", "left2, left1 → right1", "left2 right1"],
      ["downgrade", "-1", "left2 → left1, right1 !", "left2 right1"],
      ["downgrade", "left@-1", "left2 → left1, right1", "left2 right1"],
      ["downgrade", "-1", "RevisionError", "merge1"],
    ),
    ...of(
      dependent,
      ["downgrade", "core1", "shop3, shop2, core2 → core1, shop1", "shop3"],
      ["downgrade", "shop@base", "shop3, shop2, shop1 → core2", "shop3"],
      ["downgrade", "core@base", "shop3, shop2, core2, core1 → shop1", "shop3"],
    ),
  ],
  "history -r": [
    ...of(
      line,
      ["history", ":", "cc3344, cc33, bb22, aa11"],
      ["history", "bb22:", "cc3344, cc33, bb22"],
      ["history", ":bb22", "bb22, aa11"],
      ["history", "bb22:cc33", "cc33, bb22"],
      ["history", "cc33:bb22", "RangeNotAncestorError"],
      ["history", "-2:", "cc3344, cc33, bb22"],
      ["history", "bb22:+1", "cc33, bb22"],
      ["history", "current:", "cc3344, cc33", "cc33"],
      ["history", ":current", "bb22, aa11", "bb22"],
      ["history", "bb22", "CommandError"],
      ["history", "a:b:c", "AlembicFails"],
    ),
    ...of(
      merged,
      ["history", ":", "after1, merge1, left2, left1, right1, base1"],
      ["history", "left1:right1", "RangeNotAncestorError"],
      ["history", "left1:merge1", "merge1, left2, left1"],
      ["history", "left2:", "after1, merge1, left2"],
    ),
    ...of(fork, ["history", "left@base:heads", "left2, left1, base1"]),
    ...of(dependent, ["history", "shop1:shop3", "shop3, shop2, shop1"]),
  ],
  "SQL for a range": of(
    line,
    ["upgrade --sql", "aa11:cc33", "bb22, cc33 → cc33"],
    ["upgrade --sql", "head", "aa11, bb22, cc33, cc3344 → cc3344"],
    ["upgrade --sql", "base:aa11", "aa11 → aa11"],
    ["downgrade --sql", "cc33:aa11", "cc33, bb22 → aa11"],
    ["downgrade --sql", "aa11", "CommandError"],
  ),
  stamp: [
    ...of(
      line,
      ["stamp", '["head"]', "cc3344"],
      ["stamp", '["aa11"]', "aa11", "cc33"],
      ["stamp", '["base"]', "nothing", "cc33"],
      ["stamp", '["dd"]', "ResolutionError", "cc33"],
    ),
    ...of(
      fork,
      ["stamp", '["heads"]', "left2, right1"],
      ["stamp", '["base1"]', "base1", "left2 right1"],
      ["stamp", '["left2"]', "left2, right1", "right1"],
      ["stamp", '["left2", "right1"]', "left2, right1", "base1"],
      ["stamp", '["left@base"]', "right1", "left2 right1"],
      ["stamp", '["head"]', "MultipleHeads"],
    ),
    ...of(dependent, ["stamp", '["heads"]', "shop3", "core2 shop1"]),
  ],
  current: [
    ...of(
      line,
      ["current", undefined, "bb22", "bb22"],
      ["current", undefined, "nothing"],
      ["current", undefined, "ResolutionError", "gone"],
    ),
    ...of(dependent, ["current", undefined, "core2, shop2", "shop2"]),
  ],
  "histories that are refused": [
    ...of([{ id: "aa11", down: ["aa11"] }], ["heads", undefined, "LoopDetected"]),
    ...of([{ id: "aa11", dependsOn: ["aa11"] }], ["heads", undefined, "DependencyLoopDetected"]),
    ...of(
      [
        { id: "aa11", down: ["bb22"] },
        { id: "bb22", down: ["aa11"] },
      ],
      ["heads", undefined, "CycleDetected"],
    ),
    ...of(
      [
        { id: "aa11", dependsOn: ["bb22"] },
        { id: "bb22", dependsOn: ["aa11"] },
      ],
      ["heads", undefined, "DependencyCycleDetected"],
      ["upgrade", "head", "DependencyCycleDetected"],
    ),
    ...of([{ id: "aa11", down: ["gone"] }], ["show", "aa11", "MissingRevision"]),
    ...of([{ id: "aa11", dependsOn: ["gone"] }], ["show", "aa11", "MissingRevision"]),
    ...of([...line, { id: "dd44", dependsOn: ["aa1"] }], ["show", "dd44", "MissingRevision"]),
    ...of([{ id: "aa-11" }], ["heads", undefined, "RevisionError"]),
    ...of(
      [
        { id: "aa11", labels: ["lib"] },
        { id: "bb22", labels: ["lib"] },
      ],
      ["heads", undefined, "RevisionError"],
    ),
    ...of([{ id: "aa11", labels: ["bb22"] }, { id: "bb22" }], ["heads", undefined, "RevisionError"]),
    ...of([{ id: "aa11", labels: ["lib", "lib"] }], ["heads", undefined, "RevisionError"]),
  ],
  "two files with one id: the later counts, and the earlier still is a head": of(
    [{ id: "aa11" }, { id: "aa11" }, { id: "bb22", down: ["aa11"] }],
    ["heads", undefined, "aa11, bb22"],
    ["show", "head", "MultipleHeads"],
    ["upgrade", "bb22", "aa11, bb22 → bb22"],
    ["upgrade", "heads", "RevisionError"],
  ),
  "what differed once": onceDifferent,
});

/** Of random histories where an answer differed once, made small. */
const onceDifferent: readonly Case[] = [
  // Of steps down from several heads, two that lie on one line count before one that leads past the base.
  ...of(
    [
      { id: "aa11" },
      { id: "bb22", down: ["aa11"] },
      { id: "cc33", down: ["bb22"] },
      { id: "dd44", down: ["cc33"] },
      { id: "ee55", down: ["bb22"] },
      { id: "ff66", down: ["ee55"] },
      { id: "gg77", down: ["ff66"] },
      { id: "zz99" },
    ],
    ["history", "-3:", "RevisionError"],
  ),
  // No step asks for no branch.
  ...of(fork, ["downgrade", "head@left1-0", "RangeNotAncestorError"]),
  // The end of a walk down is no revision of a branch.
  ...of([{ id: "aa11" }, { id: "bb22", down: ["aa11"], labels: ["lib"] }], ["history", "-2:lib@+1", "ResolutionError"]),
  // A base with a label counts as two roots: then the branch is looked for.
  ...of([{ id: "aa11", labels: ["lib"] }], ["downgrade", "head@base", "ResolutionError"]),
  ...of([{ id: "aa11" }], ["downgrade", "head@base", "nothing → nothing"]),
  // Rows are looked for before the branch.
  ...of(fork, ["history", "gone:head@+1", "ResolutionError"]),
  // Of lines that wait for each other the first that began goes on.
  ...of(
    [{ id: "aa11" }, { id: "bb22", down: ["aa11"] }, { id: "cc33", down: ["aa11"] }, { id: "dd44", down: ["aa11"] }],
    ["history", ":", "bb22, cc33, dd44, aa11"],
  ),
  // A parent given twice makes a merge point.
  ...of(
    [{ id: "aa11" }, { id: "bb22", down: ["aa11", "aa11"], labels: ["lib"] }],
    ["labels", undefined, "aa11: , bb22: lib"],
    ["upgrade", "head", "aa11, bb22 → bb22"],
  ),
];

/** An answer as the table writes it. */
export function inWords(answer: unknown): string {
  const { value, error } = answer as { value?: unknown; error?: string };
  if (error !== undefined) return error;
  if (value === null) return "base";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return listed(value as string[]);
  const { steps, warns, rows } = value as { steps?: { id: string }[]; warns?: boolean; rows?: string[] };
  if (steps !== undefined) return `${listed(steps.map(({ id }) => id))} → ${listed(rows ?? [])}${warns ? " !" : ""}`;
  const labels = Object.entries(value as Record<string, string[]>).sort(([a], [b]) => (a < b ? -1 : 1));
  return labels.map(([id, names]) => `${id}: ${names.join(" ")}`).join(", ");
}

const listed = (ids: readonly string[]): string => (ids.length === 0 ? "nothing" : ids.join(", "));
