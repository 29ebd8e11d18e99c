import { describe, expect, test } from "vitest";
import { chooseRevisions, groupsOf, inOrder, readId, revisionId } from "../../client/src/testing/chosen.ts";
import { isRedirected, redirect } from "../../client/src/alembic/redirected.ts";
import { withDatabase } from "../../client/src/database/throwaway.ts";
import { diamond, projectOf } from "./history.ts";

const long = projectOf(
  Object.fromEntries(
    Array.from({ length: 1_050 }, (_, at) => [`r${String(at)}`, at === 1_049 ? [] : [`r${String(at + 1)}`]]),
  ),
);

describe("revisions as tests", () => {
  test("are listed in the order in which they run", () => {
    expect(inOrder(diamond).map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("are put into groups where there are many, so that nobody has to draw ten thousand rows", () => {
    expect(groupsOf(diamond)).toEqual([]);
    const groups = groupsOf(long);
    expect(groups.map(({ label }) => label).slice(-2)).toEqual(["901 to 1000", "1001 to 1050"]);
    expect(groups.flatMap(({ revisions }) => revisions)).toEqual(inOrder(long));
  });

  test("are chosen by project, group or id, without those that are left out", () => {
    const ids = (include: readonly string[], exclude: readonly string[] = []): string[] =>
      chooseRevisions(long, include, exclude).map(({ id }) => id);
    expect(ids([long.id])).toHaveLength(1_050);
    expect(ids([groupsOf(long)[10]?.id ?? ""], [revisionId(long.id, "r0")])).toHaveLength(49);
    expect(ids([revisionId(long.id, "r7"), revisionId(long.id, "r9")])).toEqual(["r9", "r7"]);
    expect(ids(["another"])).toEqual([]);
  });

  test("have ids that tell what they stand for, whatever the path of the project", () => {
    const id = revisionId("/p/it's #1/alembic.ini#billing", "a#b");
    expect(id).not.toContain("\u0000");
    expect(readId(id)).toEqual({ kind: "revision", project: "/p/it's #1/alembic.ini#billing", revision: "a#b" });
  });
});

describe("a throwaway database", () => {
  test.each([
    ["postgresql+psycopg://u:p@h:5433/app?sslmode=require", "postgresql+psycopg://u:p@h:5433/new?sslmode=require"],
    ["postgresql://u:p%40@h", "postgresql://u:p%40@h/new"],
    ["postgresql:///app?host=/run&dbname=app", "postgresql:///new?host=/run"],
  ])("%s becomes %s", (url, expected) => {
    expect(withDatabase(url, "new")).toBe(expected);
  });

  const tools = {
    interpreter: { command: "python", args: [], from: "test", alembicVersion: "1" },
    project: { config: "/p/alembic.ini", section: "alembic" },
    folder: "/p",
    environment: { DATABASE_URL: "postgresql://h/app", MY_URL: "postgresql://h/app" },
  };

  test("is given to env.py by the config and by every variable that it may read", () => {
    const to = redirect(tools, "postgresql://h/new", "MY_URL");
    if (typeof to === "string") throw new Error(to);
    expect(to.environment).toMatchObject({ DATABASE_URL: "postgresql://h/new", MY_URL: "postgresql://h/new" });
    expect(to.interpreter.args[0]).toBe("-c");
    expect(redirect({ ...tools, interpreter: { ...tools.interpreter, speaks: "alembic" } }, "x", "")).toMatch(
      /alembicCommand/,
    );
  });

  test("is believed only when Alembic says so itself", () => {
    const database = (url: string) => ({ url, versions: [] });
    expect(isRedirected([database("postgresql://u:***@h/new")], "new")).toBe(true);
    expect(isRedirected([database("sqlite:////tmp/x/retort.db")], "retort.db")).toBe(true);
    expect(isRedirected([database("postgresql://u:***@h/app")], "new")).toBe(false);
    expect(isRedirected([database("postgresql://h/new"), database("postgresql://h/app")], "new")).toBe(false);
    expect(isRedirected([], "new")).toBe(false);
  });
});
