import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, eventually, findingsIn, mixedFile, mixedIn, open, places } from "./host.ts";

const odd = (name: string): vscode.Uri =>
  vscode.Uri.file(path.join(places.workspace(), "odd", "migrations", "versions", name));

export const badInput = (): void => {
  describe("Bad input", () => {
    afterEach(closeAll);

    for (const name of ["empty.py", "not_python.py"]) {
      it(`${name} is opened, and the server goes on`, async () => {
        await open(odd(name));
        await open(mixedFile());
        await eventually("a finding elsewhere", () => mixedIn(mixedFile()));
        assert.equal(mixedIn(odd(name)), undefined);
      });
    }

    for (const name of ["half_typed.py", "windows.py", "tabs.py"]) {
      it(`${name} is read all the same`, async () => {
        await open(odd(name));
        await eventually("a finding", () => mixedIn(odd(name)));
      });
    }

    for (const name of ["large.py", "too_large.py"]) {
      it(`${name} says that it is too large to be read as a whole`, async () => {
        await open(odd(name));
        await eventually("a message", () => findingsIn(odd(name)).find((one) => /larger/.test(one.message)));
      });
    }

    it("a revision id that is used twice is told", async () => {
      await open(odd("twice_a.py"));
      await eventually("a message", () => findingsIn(odd("twice_a.py")).find((one) => /twice/.test(one.message)));
    });

    it("a parent that is missing is told", async () => {
      await open(odd("orphan.py"));
      await eventually("a message", () => findingsIn(odd("orphan.py")).find((one) => /nobody_knows/.test(one.message)));
    });

    it("an alembic.ini that does not parse is told", async () => {
      const ini = vscode.Uri.file(path.join(places.workspace(), "odd", "alembic.ini"));
      await open(ini);
      await eventually("a message", () => findingsIn(ini)[0]);
    });
  });
};
