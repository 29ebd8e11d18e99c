import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { usage } from "../../server/src/cli/help.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/command-line.md"), "utf8");
const words = (text: string): readonly string[] => [...new Set(text.match(/--[a-z][a-z-]+/g) ?? [])].sort();

test("the page and the help name the same options and commands", () => {
  expect(words(page)).toEqual(words(usage));
  for (const command of ["check", "split", "inspect", "schema", "explain", "lsp"]) {
    expect(page).toContain(`## ${command}`);
    expect(usage).toMatch(new RegExp(`^  ${command} `, "m"));
  }
});
