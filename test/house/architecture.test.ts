import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layers } from "../../server/layers.ts";
import { fileExists, repository } from "./imports.ts";

const page = readFileSync(join(repository, "docs/architecture.md"), "utf8");

test("every layer is on the page, with the words of the table in the code", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  for (const [name, layer] of Object.entries(layers)) {
    const title = `\`${name}\`${layer.edge === true ? " (edge)" : ""}`;
    const cells = rows.map((row) => row.split("|").map((cell) => cell.trim())).find(([, first]) => first === title);
    expect(cells?.slice(2, 4), `the row of ${name}`).toEqual([layer.purpose, layer.ignorantOf]);
  }
});

test("the page names no layer that is gone", () => {
  const named = [...page.matchAll(/^\| `([a-z]+)`(?: \(edge\))? \|[^|]*\|[^|]*\|$/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(layers));
});

test("every path that the page names exists", () => {
  const roots =
    /^(?:server|client|test|scripts|docs|samples|media|snippets|syntaxes|\.ci|\.vscode)\/|^[\w.-]+\.(?:ts|json|md)$/;
  const paths = [...page.matchAll(/`([^`\s]+)`/g)].map(([, code = ""]) => code).filter((code) => roots.test(code));
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !fileExists(path.replace(/\/?\*.*$/, "")))).toEqual([]);
});
