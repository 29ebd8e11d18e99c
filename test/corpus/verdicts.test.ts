/** The verdicts as they are written down, and what is made of them. `npm run corpus` holds them against the findings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageOf, type CorpusFinding } from "../../scripts/corpus/findings.ts";
import { extendedPackages, packages } from "../../scripts/corpus/packages.ts";
import { choose, renderReview, toEntries } from "../../scripts/corpus/review.ts";
import { keyOf, parseVerdicts, rate, tooWrong, type Verdict } from "../../scripts/corpus/verdicts.ts";
import { check } from "../../server/src/rules/check.ts";
import { mixedSchemaAndData } from "../../server/src/rules/mixed-schema-and-data.ts";
import { rules } from "../../server/src/rules/index.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { LineIndex } from "../../server/src/text/lines.ts";
import { openFixture, relative } from "../support/project.ts";

const verdicts = parseVerdicts(readFileSync(join(import.meta.dirname, "verdicts.json"), "utf8"));

describe("verdicts.json", () => {
  test("is of rules that there are, in packages that are pinned, one verdict for each place", () => {
    const known = rules.map(({ id }) => id);
    const pinned = { ...packages, ...extendedPackages };
    for (const { rule, place } of verdicts) {
      expect(known).toContain(rule);
      expect(place).toMatch(new RegExp(`^${packageOf(place)}-${pinned[packageOf(place)] ?? "not pinned"}/`));
    }
    expect(new Set(verdicts.map(keyOf)).size).toBe(verdicts.length);
  });
});

const verdict = (line: number, judgement: Verdict["verdict"]): Verdict => ({
  rule: "mixed-schema-and-data",
  severity: "warning",
  place: "optuna-5.0.0/a.py",
  line,
  column: 1,
  message: "…",
  verdict: judgement,
  reason: "Nobody uses this table while it runs.",
});

describe("a file of verdicts", () => {
  const text = (change: Record<string, unknown>): string =>
    JSON.stringify({ verdicts: [{ ...verdict(1, "right"), ...change }] });

  test("is read", () => {
    expect(parseVerdicts(text({}))).toEqual([verdict(1, "right")]);
  });

  test.each([
    [{ verdict: "" }, "verdicts.0.verdict"],
    [{ reason: "" }, "verdicts.0.reason"],
    [{ reason: "fine" }, "verdicts.0.reason"],
    [{ line: 0 }, "verdicts.0.line"],
    [{ severity: "fatal" }, "verdicts.0.severity"],
    [{ by: "me" }, "verdicts.0.by"],
  ])("is refused with %j", (change, at) => {
    expect(() => parseVerdicts(text(change))).toThrow(at);
  });
});

async function found(updates: number): Promise<readonly CorpusFinding[]> {
  const bodies = Array.from(
    { length: updates },
    (_, i) => `-- versions/${String(1000 + i)}_x.py --
op.drop_column("a", "b")
op.execute("UPDATE t${i} SET a = 1")
`,
  );
  const { project } = await openFixture(bodies.join(""));
  return check(project, defaultSettings, [mixedSchemaAndData]).findings.flatMap((finding) => {
    const file = project.files.get(finding.path);
    if (file === undefined) return [];
    const { line, character } = new LineIndex(file.text).positionAt(finding.range.start);
    const place = relative(finding.path);
    return [{ ...finding, package: "optuna", place, line: line + 1, column: character + 1, file, project }];
  });
}

describe("a choice of findings", () => {
  test("is the same for the same seed, holds nothing twice and nothing that was judged", async () => {
    const all = await found(30);
    const choice = { rule: "mixed-schema-and-data", count: 10, seed: 1 };
    const first = choose(all, choice);
    expect(first).toEqual(choose(all, choice));
    expect(new Set(first.map(keyOf)).size).toBe(10);
    expect(choose(all, { ...choice, seed: 2 })).not.toEqual(first);
    const judged = first.map((one) => ({
      ...verdict(1, "right"),
      place: one.place,
      line: one.line,
      column: one.column,
    }));
    const rest = choose(all, { ...choice, count: 100 }, judged).map(keyOf);
    expect(rest).toHaveLength(20);
    expect(rest).not.toContain(keyOf(first[0] ?? verdict(1, "right")));
    expect(choose(all, { ...choice, severity: "error" })).toEqual([]);
    expect(choose(all, { ...choice, rule: "another" })).toEqual([]);
  });

  test("is shown with the source, the lines of the finding marked", async () => {
    const text = renderReview(choose(await found(1), { count: 1, seed: 1 }), 1);
    expect(text).toMatch(/^──── 1\. versions\/1000_x\.py:\d+:17 {2}warning mixed-schema-and-data \(postgresql\)\n/);
    expect(text).toMatch(/\n {2}\d+ \| {5}op\.drop_column\("a", "b"\)\n> \d+ \| {5}op\.execute\("UPDATE t0/);
  });

  test("becomes entries that wait for a verdict", async () => {
    const entries = JSON.stringify({ verdicts: toEntries(choose(await found(1), { count: 1, seed: 1 })) });
    expect(() => parseVerdicts(entries)).toThrow("verdict");
    const judged = entries
      .replace('"verdict":""', '"verdict":"right"')
      .replace('"reason":""', '"reason":"The table is in use."');
    expect(parseVerdicts(judged)).toHaveLength(1);
  });
});

describe("the rate", () => {
  test("counts what is still found, by the severity that it has now, of rules that are on by default", async () => {
    const [first, second] = await found(2);
    if (first === undefined || second === undefined) throw new Error("nothing is found");
    const at = ({ place, line, column }: CorpusFinding): Partial<Verdict> => ({ place, line, column });
    const judged = [
      { ...verdict(1, "wrong"), ...at(first) },
      { ...verdict(1, "unclear"), ...at(second) },
      verdict(99, "wrong"),
    ];
    const today = [first, { ...second, severity: "error" as const }];
    expect(rate(judged, today, new Set(["mixed-schema-and-data"]))).toEqual([
      { severity: "error", read: 1, wrong: 0, unclear: 1, gone: 0 },
      { severity: "warning", read: 1, wrong: 1, unclear: 0, gone: 1 },
      { severity: "information", read: 0, wrong: 0, unclear: 0, gone: 0 },
    ]);
    expect(rate(judged, today, new Set()).map(({ read }) => read)).toEqual([0, 0, 0]);
  });

  test("is too bad above one in a hundred errors and five in a hundred warnings, once a hundred are read", () => {
    const of = (severity: Verdict["severity"], read: number, wrong: number): boolean =>
      tooWrong([{ severity, read, wrong, unclear: 0, gone: 0 }]).length > 0;
    expect([of("error", 200, 2), of("error", 200, 3)]).toEqual([false, true]);
    expect([of("warning", 200, 10), of("warning", 200, 11)]).toEqual([false, true]);
    expect(of("warning", 99, 99)).toBe(false);
  });
});
