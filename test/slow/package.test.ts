/** What people install: what is in it, that nothing else is, how large it is, and that its command line runs where nothing else lies. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageExtension } from "../../scripts/demo/vsix.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { buildOnce } from "../database/retort.ts";

const scope = createScope();
afterAll(() => scope.close());

let file = "";
let folder = "";
let names: readonly string[] = [];

beforeAll(async () => {
  await buildOnce();
  file = await packageExtension(scope);
  folder = scope.folder("unpacked");
  const entries = Object.entries(unzipSync(readFileSync(file)));
  names = entries.map(([name]) => name).filter((name) => name.startsWith("extension/"));
  for (const [name, bytes] of entries) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
});

const inside = (name: string): string => path.join(folder, "extension", name);

test("is at most 4 MB", () => {
  expect(statSync(file).size).toBeLessThan(4 * 1024 * 1024);
});

test("holds what the product needs and nothing of its making", () => {
  const parts = new Set(
    names.map((name) =>
      name
        .split("/")
        .slice(1, name.split("/").length > 2 ? 2 : undefined)
        .join("/"),
    ),
  );
  expect([...parts].sort()).toMatchInlineSnapshot(`
    [
      "LICENSE.txt",
      "changelog.md",
      "dist",
      "docs",
      "l10n",
      "media",
      "package.json",
      "package.nls.de.json",
      "package.nls.json",
      "readme.md",
      "schemas",
      "snippets",
      "syntaxes",
    ]
  `);
  // What is put into a project is a part of the product.
  const own = names.filter((name) => !name.startsWith("extension/media/templates/"));
  expect(own.filter((name) => /\.(?:ts|map|vsix|py)$|\.env|node_modules|\.git/.test(name))).toEqual([]);
});

test("holds every file that its manifest names", () => {
  const manifest = readFileSync(inside("package.json"), "utf8");
  const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|media|snippets|syntaxes|schemas)\/[^"]+)"/g)];
  expect(named.length).toBeGreaterThan(10);
  for (const [, name = ""] of named) expect(existsSync(inside(name)), name).toBe(true);
});

test("its command line needs nothing beside it", () => {
  const work = scope.folder("work");
  const versions = path.join(work, "migrations", "versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(
    path.join(work, "alembic.ini"),
    "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql:///app\n",
  );
  writeFileSync(path.join(work, "migrations", "env.py"), "");
  const text =
    'from alembic import op\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade():\n    op.execute("VACUUM FULL users")\n';
  writeFileSync(path.join(versions, "1_a.py"), text);
  const said = execFileSync(process.execPath, [inside("dist/cli.cjs"), "check", "--no-cache", "--fail-on", "never"], {
    cwd: work,
    encoding: "utf8",
  });
  expect(said).toContain("vacuum-full");
});
