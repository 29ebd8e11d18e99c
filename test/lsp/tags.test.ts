/** What has no effect is faded in the editor, and what is deprecated is struck through. */
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
