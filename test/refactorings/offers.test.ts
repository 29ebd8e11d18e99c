import { expect, test } from "vitest";
import { defineRefactoring } from "../../server/src/refactorings/define.ts";
import { allRefactorings } from "../../server/src/refactorings/index.ts";
import { offerOf, refactorings } from "../../server/src/refactorings/offers.ts";
import { absolute, openFixture } from "../support/project.ts";
import { givenTable } from "./upgrades.ts";

const open = async (body: string) => {
  const { project } = await openFixture(givenTable + body);
  const file = project.files.get(absolute("versions/0002_case.py"));
  if (!file) throw new Error("no revision");
  return { project, file, range: { start: 0, end: file.text.length } };
};

test("a refactoring that breaks says so, and the others go on", async () => {
  const place = await open(`op.create_index("ix", "t", ["a"])\n`);
  const [first] = allRefactorings;
  if (!first) throw new Error("none");
  const broken = defineRefactoring({
    ...first,
    plan: () => {
      throw new RangeError("out of bounds");
    },
  });
  expect(offerOf(broken, place)).toEqual({
    unavailable: "A defect of Retort keeps this from being offered: out of bounds.",
  });
  expect(refactorings(place).map(({ refactoring }) => refactoring.id)).toContain("build-index-concurrently");
});

test("the same question about the same file is answered once", async () => {
  const place = await open(`op.create_index("ix", "t", ["a"])\n`);
  const offers = (): readonly unknown[] => refactorings(place).map(({ offer }) => offer);
  const [one, two] = [offers(), offers()];
  expect(one.length).toBeGreaterThan(0);
  one.forEach((offer, i) => {
    expect(two[i]).toBe(offer);
  });
});
