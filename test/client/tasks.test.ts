import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { effectOf, readTask, renderProblemLine, targetOf } from "../../client/src/tasks/definition.ts";

describe("a task", () => {
  test("is a command line of Alembic, in one text or in words", () => {
    expect(readTask({ type: "alembic", command: "upgrade  head" })).toEqual({ command: ["upgrade", "head"] });
    expect(readTask({ command: ["revision", "-m", "two words"], config: "a/alembic.ini" })).toEqual({
      command: ["revision", "-m", "two words"],
      config: "a/alembic.ini",
    });
  });

  test.each([
    [""],
    ["-c /tmp/evil.ini upgrade head"],
    ["--config=/tmp/evil.ini upgrade head"],
    ["-x a=b upgrade head"],
    ["edit head"],
    ["init x"],
    [["upgrade", 3]],
    [undefined],
  ])("that would be something else is none: %j", (command) => {
    expect(readTask({ command })).toBeUndefined();
  });

  test("is asked about where it changes a database", () => {
    const effects = [
      "upgrade head",
      "downgrade -1",
      "stamp --purge x",
      "ensure_version",
      "current",
      "upgrade a:b --sql",
    ];
    expect(effects.map((text) => effectOf(text.split(" ")))).toEqual([
      ...["upgrade", "downgrade", "stamp", "ensureVersion", undefined, undefined],
    ]);
    expect(["downgrade -1", "stamp --purge x", "ensure_version"].map((text) => targetOf(text.split(" ")))).toEqual([
      ...["-1", "x", ""],
    ]);
  });

  test("that fails leaves a line that the problem matcher reads", () => {
    const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../../package.json"), "utf8")) as {
      readonly contributes: { readonly problemMatchers: readonly { readonly pattern: { readonly regexp: string } }[] };
    };
    const { regexp = "" } = manifest.contributes.problemMatchers[0]?.pattern ?? {};
    const line = renderProblemLine({ file: "/p/it's (a) file.py", line: 7 }, "UndefinedTable: no\nsuch");
    expect(new RegExp(regexp).exec(line)?.slice(1)).toEqual([
      ...["/p/it's (a) file.py", "7", "error", "UndefinedTable: no such"],
    ]);
  });
});
