/** What has no effect is faded in the editor, what is deprecated is struck through, and what belongs together leads to each other. */
import { afterEach, expect, test } from "vitest";
import { DiagnosticTag } from "vscode-languageserver/node";
import { startEditor, type Editor } from "./editor.ts";

let editor: Editor;
afterEach(() => editor.close());

const text = `from alembic import op

revision = "a"
down_revision = None


def upgrade():
    # retort: allow dropped-table because nobody has it
    op.execute("SELECT 1")
`;
const files = {
  "alembic.ini":
    "[alembic]\nscript_location = %(here)s/m\nversion_locations = %(here)s/m/versions\nversion_path_separator = os\n",
  "m/env.py": "from alembic import context\n",
  "m/versions/a.py": text,
};

const tagsOf = async (file: string, code: string): Promise<unknown> =>
  (await editor.diagnostics(file)).find((one) => one.code === code)?.tags;

test("tags follow the rules", async () => {
  editor = await startEditor(files);
  await editor.open("m/versions/a.py", text);
  expect(await tagsOf("m/versions/a.py", "unused-suppression")).toEqual([DiagnosticTag.Unnecessary]);
  expect(await tagsOf("alembic.ini", "version-path-separator")).toEqual([DiagnosticTag.Deprecated]);
});

test("an id that is used twice leads to the other file, and a circle to all that are in it", async () => {
  const revision = (id: string, down: string): string =>
    `\nrevision = "${id}"\ndown_revision = "${down}"\n\n\ndef upgrade():\n    pass\n`;
  editor = await startEditor({
    ...files,
    "m/versions/b1.py": revision("b", "a"),
    "m/versions/b2.py": `# another line\n${revision("b", "a")}`,
    "m/versions/c.py": revision("c", "d"),
    "m/versions/d.py": revision("d", "c"),
  });
  const relatedOf = async (file: string, code: string): Promise<unknown> =>
    (await editor.diagnostics(file))
      .find((one) => one.code === code)
      ?.relatedInformation?.map(({ location, message }) => [location.uri, location.range.start.line, message]);
  expect(await relatedOf("m/versions/b1.py", "duplicate-revision")).toEqual([
    [editor.uri("m/versions/b2.py"), 2, "It is used here, too."],
  ]);
  expect(await relatedOf("m/versions/c.py", "revision-cycle")).toEqual([
    [editor.uri("m/versions/d.py"), 2, '"d" after "c"'],
  ]);
  expect(await relatedOf("m/versions/d.py", "revision-cycle")).toEqual([
    [editor.uri("m/versions/c.py"), 2, '"c" after "d"'],
  ]);
});
