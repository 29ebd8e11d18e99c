/** Every command of the palette and the menus is carried out in a real VS Code by some test. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { expect, test } from "vitest";
import { repository } from "./imports.ts";

const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");
const words = JSON.parse(read("package.nls.json")) as Readonly<Record<string, string>>;
const manifest = JSON.parse(read("package.json")) as {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
};
const commands = manifest.contributes.commands.map(({ command, title }) => ({
  command,
  inPalette: `Retort: ${words[title.slice(1, -1)] ?? title}`,
}));

/** By its id from inside the editor, or by its title through the palette. */
const carriesOut: Readonly<Record<string, number>> = { asks: 0, start: 0, executeCommand: 0, command: 1 };

function carriedOutIn(file: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const index = ts.isIdentifier(called) ? carriesOut[called.text] : undefined;
      const argument = index === undefined ? undefined : node.arguments[index];
      if (argument !== undefined && ts.isStringLiteralLike(argument)) found.push(argument.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return found;
}

const files = globSync("test/vscode/{suite,scenarios}/*.ts", { cwd: repository }).sort();
const carriedOut = new Set(files.flatMap(carriedOutIn));

test.each(commands)("$command is carried out in the editor", ({ command, inPalette }) => {
  expect(files.length).toBeGreaterThan(10);
  expect(carriedOut.has(command) || carriedOut.has(inPalette), `neither ${command} nor "${inPalette}"`).toBe(true);
});
