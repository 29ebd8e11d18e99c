import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blockBelow } from "../../client/src/alembic/ciExample.ts";
import { debugConfiguration } from "../../client/src/alembic/debug.ts";
import { renderTestFile } from "../../client/src/alembic/testFile.ts";
import { revisionOf } from "./history.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("the guide has an example for each service that is offered", () => {
  const guide = readFileSync(path.join(root, "docs/ci.md"), "utf8");
  expect(blockBelow(guide, "GitHub Actions")).toMatch(/^name: migrations\n[^]*retort check --changed/);
  expect(blockBelow(guide, "GitLab")).toMatch(/^migrations:\n[^]*retort check --changed/);
  expect(blockBelow("## GitLab\n\n## Other\n```yaml\nx\n```\n", "GitLab")).toBeUndefined();
});

test("the test file takes names into Python strings, whatever they hold", () => {
  const text = renderTestFile("{{folder}}|{{config}}|{{section}}|{{versionTable}}|{{other}}", {
    folder: "/p/tests",
    config: '/p/a "quoted"\\.ini',
    section: "bill\ning",
    versionTable: "v",
  });
  expect(text).toBe('..|a \\"quoted\\"\\\\.ini|, ini_section="bill\\ning"|v|{{other}}');
});

describe("debugging a revision", () => {
  const tools = {
    interpreter: {
      command: "uv",
      args: ["run", "python"],
      from: "uv.lock",
      alembicVersion: "1",
      executable: "/env/python",
    },
    project: { config: "/p/alembic.ini", section: "alembic", arguments: ["tenant=a"] },
    folder: "/p",
    environment: { ...process.env, DATABASE_URL: "postgresql://localhost/app" },
  };

  test("runs the module alembic in the project's Python, libraries included", () => {
    expect(debugConfiguration(tools, revisionOf("abc", []))).toMatchObject({
      type: "debugpy",
      module: "alembic",
      args: ["-c", "/p/alembic.ini", "-x", "tenant=a", "upgrade", "abc"],
      python: "/env/python",
      cwd: "/p",
      env: { DATABASE_URL: "postgresql://localhost/app" },
      justMyCode: false,
    });
  });

  test("is refused where another program runs Alembic", () => {
    const flask = { ...tools, interpreter: { ...tools.interpreter, speaks: "flask" as const } };
    expect(debugConfiguration(flask, revisionOf("abc", []))).toMatch(/alembicCommand/);
  });
});
