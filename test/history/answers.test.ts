import { describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { askEngine } from "./ask.ts";
import { cases, inWords } from "./cases.ts";
import { sketch } from "./graph.ts";

describe.each(Object.entries(cases()))("%s", (_title, all) => {
  test.each(all)("$asked: $answer", ({ of, asked, answer }) => {
    expect(inWords(askEngine(buildHistory(of.map(sketch)), asked))).toBe(answer);
  });
});
