import { describe, expect, test } from "vitest";
import { readSafeCases } from "./safe.ts";

const shared = { environment: "-- env.py --\nE", tables: "-- versions/0001_a.py --\nT" };
const head = "=== A form\nbecause it is right\n";
const read = (body: string) => readSafeCases(`# A remark.\n${head}${body}`, shared)[0];

describe("a case", () => {
  test("is two fixtures in one text, behind what all share", () => {
    const one = read("else a-rule, another\nsame\n- safe\n+ unsafe\n-\nend");
    expect(one).toMatchObject({ title: "A form", because: "it is right", rules: ["a-rule", "another"] });
    const before = "-- env.py --\nE\n-- versions/0001_a.py --\nT\n-- versions/0009_case.py --\n";
    expect(one?.safe).toMatchObject({ source: `${before}same\nsafe\n\nend`, options: {} });
    expect(one?.twin).toMatchObject({ source: `${before}same\nunsafe\nend`, options: {} });
  });

  test("may have members of its own, and do without the shared tables", () => {
    const one = read("else a-rule\nalone\n-- versions/0002_b.py --\n- x\n+ y");
    expect(one?.safe.source).toBe("-- env.py --\nE\n-- versions/0002_b.py --\nx");
  });

  test("may be for another server, on both sides or on one", () => {
    expect(read("else a-rule\non mysql\n- x\n+ y")?.twin.options).toEqual({ dialect: "mysql" });
    const one = read("else a-rule\n- on postgresql 13\n+ on postgresql 14\nx");
    expect([one?.safe, one?.twin].map((side) => side?.options.settings?.postgresqlVersion)).toEqual([13, 14]);
  });

  test("may tell how many rows there are", () => {
    const one = read("else a-rule\n- rows users 100\n+ rows users 2000\nx");
    expect(one?.safe.source).toMatch(/-- retort\.stats\.json --\n\{.*"name":"users".*"rows":100,/);
    expect(one?.twin.source).toContain('"rows":2000,');
  });

  test.each([
    ["- x\n+ y", "what else"],
    ["else a-rule\nx", "has no twin"],
    ["else a-rule\non db2\n- x", "no server"],
    ["else a-rule\non postgresql 9\n- x", "no server"],
  ])("is refused: %j", (body, message) => {
    expect(() => read(body)).toThrow(message);
  });
});
