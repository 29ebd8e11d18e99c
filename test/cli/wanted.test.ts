/** Fixes are planned for the findings that are shown with them, and for no others. */
import { expect, test, vi } from "vitest";
import { formats } from "../../server/src/cli/formats/names.ts";
import { withWanted, type Report, type Reported } from "../../server/src/cli/report.ts";
import { mixed, retort } from "./retort.ts";

const asked = vi.hoisted(() => ({ count: 0 }));
vi.mock("../../server/src/refactorings/offers.ts", async (original) => {
  const real = await original<typeof import("../../server/src/refactorings/offers.ts")>();
  return {
    ...real,
    offerOf: (...given: Parameters<typeof real.offerOf>) => {
      asked.count++;
      return real.offerOf(...given);
    },
  };
});

async function plansOf(...options: readonly string[]): Promise<number> {
  asked.count = 0;
  await retort(["check", ...options], mixed);
  return asked.count;
}

test.each(formats)("%s has as many planned as it shows", async (format) => {
  const shown = ["pretty", "json", "markdown"].includes(format);
  expect(await plansOf("--format", format)).toBe(shown ? 2 : 0);
});

test("what a baseline leaves out has none planned", async () => {
  expect(await plansOf("--since", "0001")).toBe(2);
  expect(await plansOf("--since", "0002")).toBe(0);
});

const finding = (revision: string, fixes?: Reported["fixes"]): Reported => ({
  ...{ rule: "r", severity: "warning", message: "m", path: `/${revision}.py`, revision, range: { start: 0, end: 1 } },
  related: [],
  refactorings: [],
  ...(fixes && { fixes }),
});

const report = (...findings: readonly Reported[]): Report => ({
  ...{ projects: 1, files: 1, revisions: 1, statements: { total: 1, analysed: 1 }, unread: [], findings },
  ...{ problems: [], failures: [], lineages: [], texts: new Map() },
});

const shownOf = (whole: Report, most: number): readonly string[] | undefined =>
  withWanted(whole, most, ({ revision }) => revision !== "old")?.findings.map(
    ({ revision, fixes }) => `${String(revision)}${fixes ? " with" : ""}`,
  );

test("the first that are shown have their fixes, whatever else has been planned", () => {
  const whole = report(finding("old", []), finding("a", []), finding("b", []), finding("c", []));
  expect(shownOf(whole, 2)).toEqual(["old", "a with", "b with", "c"]);
  expect(shownOf(whole, 0)).toEqual(["old", "a", "b", "c"]);
});

test("a report in which one of them has not been planned is not enough", () => {
  const whole = report(finding("old"), finding("a", []), finding("b"));
  expect(shownOf(whole, 1)).toEqual(["old", "a with", "b"]);
  expect(shownOf(whole, 2)).toBeUndefined();
});
