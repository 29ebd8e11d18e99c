/** A workspace whose files lie on no disk: the server asks the editor for them, and runs nothing. */
import { afterEach, expect, test } from "vitest";
import type { ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, type Editor } from "./editor.ts";

const revision = (id: string, down: string | undefined, body: string): string =>
  `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\n` +
  `down_revision = ${down === undefined ? "None" : `"${down}"`}\n\n\ndef upgrade():\n${body}\n`;
const mixed = `    op.add_column("t", sa.Column("a", sa.Text()))\n    op.execute("UPDATE t SET a = 'x'")\n    op.drop_column("t", "b")`;

const files = {
  "alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n",
  "migrations/env.py": "from alembic import context\n",
  "migrations/versions/a.py": revision("a", undefined, "    pass"),
  "migrations/versions/b.py": revision("b", "a", mixed),
};

let editor: Editor;
afterEach(() => editor.close());

test("its history and its findings are told under its own addresses", async () => {
  editor = await startEditor(files, { isVirtual: true, initializationOptions: { previews: true, trusted: true } });
  const { projects, problems } = await editor.connection.sendRequest<ProjectsAnswer>("retort/projects");
  expect(problems).toEqual([]);
  expect(projects.map(({ folderUri, heads }) => [folderUri, heads])).toEqual([["cloud://host+x/a%20shop", ["b"]]]);
  expect(projects[0]?.revisions.map(({ uri }) => uri)).toEqual([
    editor.uri("migrations/versions/b.py"),
    editor.uri("migrations/versions/a.py"),
  ]);
  expect((await editor.diagnostics("migrations/versions/b.py")).map(({ code }) => code)).toContain(
    "mixed-schema-and-data",
  );
});

test("what is typed counts, and what is no file of it belongs to nothing", async () => {
  editor = await startEditor(files, { isVirtual: true });
  await editor.open("migrations/versions/b.py", revision("b", "a", "    pass"));
  expect(await editor.diagnostics("migrations/versions/b.py")).toEqual([]);
  for (const uri of ["git:/a%20shop/migrations/versions/b.py", `${editor.uri("migrations/versions/b.py")}?ref=main`]) {
    const report = await editor.connection.sendRequest<{ items: unknown[] }>("textDocument/diagnostic", {
      textDocument: { uri },
    });
    expect(report.items).toEqual([]);
  }
});

test("git is not asked about it", async () => {
  editor = await startEditor(files, { isVirtual: true, initializationOptions: { trusted: true } });
  const { projects } = await editor.connection.sendRequest<ProjectsAnswer>("retort/projects");
  const request = { projectId: projects[0]?.id, revision: "zzz" };
  expect(await editor.connection.sendRequest("retort/lostRevision", request)).toEqual({
    ok: false,
    reason: "The folder lies on no disk, so git is not run.",
  });
});
