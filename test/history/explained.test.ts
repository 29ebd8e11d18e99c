import { expect, test } from "vitest";
import { explain } from "../../server/src/cli/explain.ts";
import { explainedProblems, findExplanation } from "../../server/src/history/explained.ts";
import { rules } from "../../server/src/rules/index.ts";
import { fileExists } from "../house/imports.ts";
import { openFixture } from "../support/project.ts";

test.each(explainedProblems)("$code has a page, and words for why and what instead", (problem) => {
  expect(fileExists(`docs/rules/${problem.code}.md`)).toBe(true);
  expect(rules.map(({ id }) => id)).not.toContain(problem.code);
  for (const text of [problem.summary, problem.why, problem.instead]) expect(text).toMatch(/^\S.*\.$/s);
  for (const source of problem.sources) expect(new URL(source).protocol).toBe("https:");
  const page = explain(problem.code, { columns: 100, colours: false });
  expect(page).toContain(problem.code);
  expect(page).toContain("Instead");
});

test("what is no problem of a history has none", () => {
  expect(findExplanation("config")).toBeUndefined();
});

const problemsOf = async (parent: string): Promise<readonly string[]> => {
  const source = `-- versions/0001_a.py --\nrevision = "ae1027a6acf"\ndown_revision = None\n-- versions/0002_b.py --\nrevision = "b2"\ndown_revision = "${parent}"\n`;
  const { project } = await openFixture(source, { broken: true });
  return project.problems.map(({ message }) => message);
};

test("a parent that is a slip away names the revision that may be meant", async () => {
  expect(await problemsOf("ae1027a6afc")).toEqual([
    'Parent revision "ae1027a6afc" does not exist in this project; did you mean "ae1027a6acf"?',
  ]);
});

test("a parent that is like none names none", async () => {
  expect(await problemsOf("1975ea83b712")).toEqual(['Parent revision "1975ea83b712" does not exist in this project.']);
});
