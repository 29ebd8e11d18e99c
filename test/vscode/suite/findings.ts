import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { closeAll, eventually, fileOf, findingsIn, holds, mixedFile, mixedIn, open } from "./host.ts";

export const findings = (): void => {
  describe("Findings", () => {
    afterEach(closeAll);

    it("mark the first data change of a mixed migration and name the others", async () => {
      const { document } = await open(mixedFile());
      const finding = await eventually("a finding", () => mixedIn(document.uri));
      assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
      assert.match(document.getText(finding.range), /UPDATE|execute/);
      assert.match(finding.message, /users/);
      const related = finding.relatedInformation ?? [];
      assert(related.length >= 2, `related: ${related.map((one) => one.message).join(" | ")}`);
      assert(related.every((one) => one.location.uri.toString() === document.uri.toString()));
    });

    it("leave alone a new table that is filled in the same revision", async () => {
      await open(mixedFile());
      await eventually("the server is awake", () => mixedIn(mixedFile()));
      const quiet = fileOf("f7c08e2b6a45_create_shipping_methods.py");
      await open(quiet);
      await open(fileOf("96d1e4a7f0b3_add_rating_to_products.py"));
      await eventually("the server has seen both", () => mixedIn(fileOf("96d1e4a7f0b3_add_rating_to_products.py")));
      assert.deepEqual(
        findingsIn(quiet).filter((one) => one.severity === vscode.DiagnosticSeverity.Warning),
        [],
      );
    });

    it("follow the typing, without a save", async () => {
      const editor = await open(mixedFile());
      const { document } = editor;
      await eventually("a finding", () => mixedIn(document.uri));
      const line = document
        .getText()
        .split("\n")
        .findIndex((text) => text.includes("connection = op.get_bind()"));
      const call = new vscode.Range(line, 0, line + 4, 0);
      await editor.edit((edit) => edit.delete(call));
      await holds("no finding once the data change is gone", () => mixedIn(document.uri) === undefined);
      await editor.edit((edit) => edit.insert(new vscode.Position(line, 0), "    op.execute('DELETE FROM users')\n"));
      await eventually("a finding for the new data change", () => mixedIn(document.uri, "DELETE"));
    });

    it("stay while a line is half typed", async () => {
      const editor = await open(mixedFile());
      const { document } = editor;
      const before = await eventually("a finding", () => mixedIn(document.uri, "UPDATE users"));
      const end = document.lineAt(document.lineCount - 1).range.end;
      await editor.edit((edit) => edit.insert(end, '\n    op.create_index("ix_half", "users", ['));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const after = await eventually("still a finding", () => mixedIn(document.uri));
      assert.equal(after.message, before.message);
    });

    it("are silenced by a comment with a reason", async () => {
      const editor = await open(mixedFile());
      const { document } = editor;
      const finding = await eventually("a finding", () => mixedIn(document.uri));
      const above = new vscode.Position(finding.range.start.line, 0);
      await editor.edit((edit) =>
        edit.insert(above, "    # retort: allow mixed-schema-and-data because the table is tiny\n"),
      );
      await holds("no finding", () => mixedIn(document.uri) === undefined);
    });

    it("appear for a file that something else writes", async () => {
      const uri = fileOf("aaaaaaaaaaaa_written_elsewhere.py");
      const text =
        'from alembic import op\nimport sqlalchemy as sa\n\nrevision = "aaaaaaaaaaaa"\ndown_revision = "5a3f0b8e7c29"\n\n\n' +
        'def upgrade():\n    op.add_column("users", sa.Column("x", sa.Text()))\n    op.execute("UPDATE users SET x = 1")\n' +
        '    op.drop_column("users", "phone")\n';
      writeFileSync(uri.fsPath, text);
      try {
        await open(uri);
        await eventually("a finding", () => mixedIn(uri));
      } finally {
        await closeAll();
        rmSync(uri.fsPath, { force: true });
      }
    });
  });
};
