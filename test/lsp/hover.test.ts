import { afterEach, expect, test } from "vitest";
import type { Hover } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";
import { clean, mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const cleanFile = "migrations/versions/aaa111_users.py";

const hoverOn = (what: string, file = mixedFile, text = mixed): Promise<Hover | null> => {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes(what));
  const character = (lines[line]?.indexOf(what) ?? 0) + 1;
  return editor.connection.sendRequest("textDocument/hover", {
    textDocument: { uri: editor.uri(file) },
    position: { line, character },
  });
};

async function valueOn(what: string, file?: string, text?: string): Promise<string> {
  const contents = (await hoverOn(what, file, text))?.contents;
  return typeof contents === "object" && "value" in contents ? contents.value : "";
}

test("a hover tells how much of the file was analysed, and what an operation makes", async () => {
  editor = await startEditor(project);
  await editor.open(mixedFile, mixed);
  expect((await hoverOn("upgrade"))?.contents).toMatchObject({
    kind: "markdown",
    value: expect.stringMatching(/\d+ of \d+ statements analysed/) as unknown,
  });
  expect((await hoverOn("add_column"))?.contents).toMatchObject({
    value: expect.stringContaining("ADD COLUMN") as unknown,
  });
  expect(await hoverOn("import")).toBeNull();
});

test("a hover on what was found tells the page of the rule in short, and leads to the whole of it", async () => {
  editor = await startEditor(project, { initializationOptions: { rulePages: "file:///ext (1)/docs/rules/" } });
  await editor.open(mixedFile, mixed);
  const value = await valueOn("UPDATE users");
  expect(value).toMatch(/^`update`\n/);
  const [, page = ""] = value.split("\n\n---\n\n`mixed-schema-and-data`: ");
  expect(page).toMatch(
    /^One revision changes the schema and the rows of existing tables\.\n\n\*\*Why\.\*\* Most schema/,
  );
  expect(page).toContain("**Instead.** Make three revisions.");
  expect(page).toContain("](<file:///ext (1)/docs/rules/mixed-schema-and-data.md>)");
  expect(value.match(/\*\*Why\.\*\*/g)?.length).toBeLessThanOrEqual(2);
});

test("also in env.py and in a config file, and of what stops Alembic", async () => {
  const ini =
    "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://shop:kXo9q3vT@db.example/shop\n";
  const lost = clean.replace("down_revision = None", 'down_revision = "zzz999"');
  editor = await startEditor({ ...project, "alembic.ini": ini, [cleanFile]: lost });
  await editor.open("alembic.ini", ini);
  await editor.open(cleanFile, lost);
  expect(await valueOn("kXo9q3vT", "alembic.ini", ini)).toMatch(/^`password-in-config`: .*\n\n\*\*Why\.\*\*/);
  const parent = await valueOn("zzz999", cleanFile, lost);
  expect(parent).toMatch(/^`missing-parent`: The parent of a revision is in no file\./);
  expect(parent).toContain("More: <https://alembic.sqlalchemy.org/");
});
