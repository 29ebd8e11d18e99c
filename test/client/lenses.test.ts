import { afterEach, describe, expect, test } from "vitest";
import { translateBy } from "../../client/src/l10n.ts";
import { lensesOf } from "../../client/src/lenses/model.ts";
import type { Standing } from "../../client/src/database/standing.ts";
import type { LensesAnswer, WireRange } from "../../server/src/protocol/index.ts";
import { diamond } from "./history.ts";

const range = (line: number): WireRange => ({ start: { line, character: 0 }, end: { line, character: 4 } });
const location = (id: string) => ({ uri: `file:///shop/versions/${id}.py`, range: range(3) });
const places: LensesAnswer = {
  projectId: "project",
  revision: "d",
  range: range(9),
  upgrades: [range(20)],
  parents: [location("b"), location("c")],
  children: [location("e")],
};

const known = (...versions: string[]): Standing => ({
  kind: "known",
  versions,
  name: "shop",
  database: "shop on localhost",
  from: "from the database",
});
const lenses = (standing: Standing, given = places) => lensesOf(given, { node: diamond, standing });
const titles = (standing: Standing, given = places) =>
  lenses(standing, given).map(({ title, range: { start } }) => `${String(start.line)} ${title}`);

afterEach(() => {
  translateBy(undefined, "en");
});

describe("lenses", () => {
  test.each([
    [known("a"), "$(circle-large-outline) Not applied yet", ["Upgrade to here", "SQL"]],
    [known("d"), "$(target) The database is here", ["Downgrade to before", "SQL"]],
    [known("e"), "$(pass) Applied", ["Downgrade to before", "SQL"]],
    [known("gone"), "$(question) Not known whether it is applied", ["Upgrade to here", "Downgrade to before", "SQL"]],
    [
      { kind: "unread" },
      "$(question) Not known whether it is applied",
      ["Upgrade to here", "Downgrade to before", "SQL"],
    ],
  ] as const)("with %j say %s and offer %j", (standing, state, offers) => {
    expect(titles(standing)).toEqual([
      `9 ${state}`,
      "9 2 parents",
      "9 1 child",
      ...offers.map((offer) => `20 ${offer}`),
    ]);
  });

  test("show the neighbours where they are, and nothing where there are none", () => {
    const [, parents, children] = lenses(known("d"), { ...places, children: [] });
    expect(parents?.action).toEqual({ kind: "peek", at: places.range, locations: places.parents });
    expect(children).toEqual({ range: places.range, title: "no child" });
  });

  test("stand above each function of a project with several databases", () => {
    const two = titles(known("a"), { ...places, upgrades: [range(20), range(30)] });
    expect(two.filter((title) => title.endsWith("Upgrade to here"))).toEqual([
      "20 Upgrade to here",
      "30 Upgrade to here",
    ]);
  });

  test("name the project and the revision to the command", () => {
    const upgrade = lenses(known("a")).find(({ title }) => title === "Upgrade to here");
    expect(upgrade?.action).toEqual({
      kind: "command",
      command: "retort.upgradeTo",
      argument: { projectId: "project", revision: "d" },
    });
  });

  test("speak the editor's language", () => {
    translateBy({ "{0} parents": "{0} Eltern" }, "de");
    expect(titles(known("d"))).toContain("9 2 Eltern");
  });
});
