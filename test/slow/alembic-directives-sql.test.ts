/** Whether what is read from a directive is what the SQL says that the real Alembic and SQLAlchemy write for it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directives } from "./directive-cases.ts";
import { directive } from "./generated-directives.ts";
import { actionsOfPython, actionsOfSql, pictureOf, writeSql, type Picture, type Written } from "./written.ts";

const inPython = (code: string): Picture => pictureOf(actionsOfPython(code, "postgresql"));
const inSql = ({ sql }: Written): Picture => pictureOf(actionsOfSql(sql ?? "", "postgresql"));

const written = await writeSql(directives, "postgresql");

describe("a directive and the SQL that Alembic writes for it say the same", () => {
  for (const [i, code] of directives.entries()) {
    test(code, () => {
      const answer = written[i] ?? {};
      expect(answer.error).toBeUndefined();
      expect(inPython(code)).toEqual(inSql(answer));
    });
  }
});

test("any directive and the SQL that Alembic writes for it say the same", async () => {
  const seed = Number(process.env["RETORT_SEED"] ?? Date.now() % 1_000_000);
  const codes = fc.sample(directive, { numRuns: 600, seed });
  const answers = await writeSql(codes, "postgresql");
  const accepted = codes.flatMap((code, i) => (answers[i]?.sql === undefined ? [] : [{ code, answer: answers[i] }]));
  // Some combinations are refused, such as a foreign key on what is not a column.
  expect(accepted.length).toBeGreaterThan(codes.length * 0.8);
  for (const { code, answer } of accepted)
    expect(inPython(code), `RETORT_SEED=${String(seed)} ${code}\n${answer.sql ?? ""}`).toEqual(inSql(answer));
});
