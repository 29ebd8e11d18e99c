import { describe, expect, test } from "vitest";
import type { Standing } from "../../client/src/database/standing.ts";
import {
  buildRows,
  contextWords,
  findingsInWords,
  renderAge,
  type ProjectView,
  type Row,
} from "../../client/src/views/revisions/model.ts";
import { shortId } from "../../client/src/alembic/wording.ts";
import type { ProjectNode } from "../../server/src/protocol/index.ts";
import { diamond, projectOf } from "./history.ts";

const known = (...versions: string[]): Standing => ({
  kind: "known",
  name: "app",
  database: "dev@localhost/app",
  versions,
  from: "",
});
const rowsOf = (standing: Standing, node: ProjectNode = diamond, over: Partial<ProjectView> = {}): readonly Row[] =>
  buildRows([{ node, standing, ...over }]);
const states = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(rows.flatMap((row) => (row.kind === "revision" ? [[row.revision.id, row.state]] : [])));
const statuses = (rows: readonly Row[]) => rows.filter((row) => row.kind === "status");

describe("the rows of one project", () => {
  test("begin with where the database stands, then one row per revision, heads first", () => {
    const rows = rowsOf(known("d"));
    expect(rows.map((row) => row.kind)).toEqual(["status", ...Array<string>(5).fill("revision")]);
    expect(rows[0]).toMatchObject({
      label: "app: 1 pending",
      description: "at d · dev@localhost/app",
      tone: "database",
    });
    expect(states(rows)).toEqual({ e: "pending", d: "current", c: "applied", b: "applied", a: "applied" });
  });

  test("say what is pending on a branch", () => {
    expect(states(rowsOf(known("b")))).toEqual({
      e: "pending",
      d: "pending",
      c: "pending",
      b: "current",
      a: "applied",
    });
    expect(statuses(rowsOf(known()))[0]).toMatchObject({
      label: "app: 5 pending",
      description: "nothing applied · dev@localhost/app",
    });
    expect(statuses(rowsOf(known("e")))[0]).toMatchObject({
      label: "app: up to date",
      description: "at e · dev@localhost/app",
    });
  });

  test("claim nothing where the database was not read", () => {
    for (const standing of [
      { kind: "restricted" },
      { kind: "reading" },
      { kind: "unreachable", reason: "down" },
    ] as const)
      expect(new Set(Object.values(states(rowsOf(standing))))).toEqual(new Set(["unknown"]));
  });

  test("claim nothing beyond what is certain where the database is at a revision without a file", () => {
    const rows = rowsOf(known("b", "gone"));
    expect(states(rows)).toEqual({ e: "unknown", d: "unknown", c: "unknown", b: "current", a: "applied" });
    expect(statuses(rows)[0]).toMatchObject({
      label: "app: unknown revision",
      description: "at gone · dev@localhost/app",
      tone: "warning",
    });
  });

  test("say that no interpreter was found, beside a database that was", () => {
    const rows = statuses(
      rowsOf(known("d"), diamond, { interpreterMissing: ["python3: Alembic is not installed there."] }),
    );
    expect(rows.map((row) => row.state)).toEqual(["known", "noInterpreterToRun"]);
    expect(statuses(rowsOf({ kind: "noInterpreter", tried: [] }, diamond, { interpreterMissing: [] }))).toHaveLength(1);
  });

  test("mark the revision that runs now", () => {
    const running = rowsOf(known("d"), diamond, { running: "e" }).filter(
      (row) => row.kind === "revision" && row.isRunning,
    );
    expect(running).toMatchObject([{ revision: { id: "e" } }]);
  });

  test("show problems of the history, and one of the config once", () => {
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } };
    const node = projectOf(
      { a: [] },
      { configProblem: "bad ini", problems: [{ message: "bad ini", uri: "file:///shop/alembic.ini", range }] },
    );
    const problems = rowsOf(known(), node).filter((row) => row.kind === "problem");
    expect(problems).toMatchObject([{ message: "bad ini", range }]);
    expect(rowsOf(known(), projectOf({}, { configProblem: "bad ini" })).map((row) => row.kind)).toContain("problem");
  });

  test("are none where there is no revision and nothing is wrong, so that the welcome text shows", () => {
    expect(rowsOf(known(), projectOf({}))).toEqual([]);
  });

  test("have keys of their own even when an id is used twice", () => {
    const twice = { ...diamond, revisions: [...diamond.revisions, ...diamond.revisions] };
    const keys = rowsOf(known("d"), twice).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test("several projects have a root each", () => {
  const second = { ...diamond, id: "second", name: "billing" };
  const rows = buildRows([
    { node: diamond, standing: known("d") },
    { node: second, standing: { kind: "unreachable", reason: "" } },
  ]);
  expect(rows.map((row) => row.kind === "project" && row.summary)).toEqual(["at d, 1 pending", "database unreachable"]);
});

test("projects of one name are told apart by the folder above, and by section", () => {
  const projects = [
    { ...diamond, id: "1", name: "m", folderUri: "file:///w/shop/m" },
    { ...diamond, id: "2", name: "m", folderUri: "file:///w/billing/m" },
    { ...diamond, id: "3", name: "m", folderUri: "file:///w/billing/m", section: "second" },
    { ...diamond, id: "4", name: "other" },
  ].map((node): ProjectView => ({ node, standing: { kind: "unread" } }));
  const labels = buildRows(projects).map((row) => row.kind === "project" && row.label);
  expect(labels).toEqual(["shop/m", "billing/m", "billing/m [second]", "other"]);
});

test("what could not be read stands above all, once", () => {
  const rows = buildRows([], ["alembic.ini does not parse", "alembic.ini does not parse"]);
  expect(rows).toMatchObject([{ kind: "problem", message: "alembic.ini does not parse" }]);
});

test("menus find the state and the place of a revision in its context value", () => {
  const words = rowsOf(known("d")).flatMap((row) => (row.kind === "revision" ? [contextWords(row)] : []));
  expect(words).toEqual([
    "revision pending head",
    "revision current merge",
    "revision applied",
    "revision applied",
    "revision applied base",
  ]);
});

test.each([
  [{ error: 0, warning: 0, information: 0 }, ""],
  [{ error: 2, warning: 1, information: 0 }, "2 errors, 1 warning"],
  [{ error: 0, warning: 0, information: 3 }, "3 hints"],
])("findings %j are %j in words", (findings, words) => {
  expect(findingsInWords(findings)).toBe(words);
});

test.each([
  ["3f1c2a9d7b10", "3f1c2a9d"],
  ["0007", "0007"],
  ["add_users_table", "add_users_table"],
])("the short form of %s is %s", (id, short) => {
  expect(shortId(id)).toBe(short);
});

test("an age is one number and a unit", () => {
  const now = Date.parse("2026-11-20T12:00:00");
  const ages = [
    "2026-11-20 11:59:40.123",
    "2026-11-20 09:00",
    "2026-11-13",
    "2026-08-01",
    "2020-01-01",
    "soon",
    "2031-01-01",
  ];
  expect(ages.map((date) => renderAge(date, now))).toEqual(["now", "3 h", "1 w", "3 mo", "6 y", undefined, undefined]);
  expect(renderAge(undefined, now)).toBeUndefined();
});
