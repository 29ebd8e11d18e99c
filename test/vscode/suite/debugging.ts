/** Where a debugger is there: a small extension stands for that of Python. */
import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { closeAll, places, revisions, standing } from "./host.ts";
import { asks, escape } from "./person.ts";

export const debugging = (): void => {
  describe("Debug This Revision", () => {
    const folder = (): string => path.join(places.workspace(), "lab", "shop");
    const project = (): unknown => ({ projectId: path.join(folder(), "alembic.ini") });
    const at = (): Promise<string> => standing(places.lab());

    afterEach(closeAll);

    it("starts nothing where no revision is chosen", async () => {
      await asks("retort.debugRevision", project(), [/Debug which revision/, escape]);
      assert.equal(vscode.debug.activeDebugSession, undefined);
    });

    it("says of an applied revision that it has to be undone first", async () => {
      const { heard } = await asks("retort.debugRevision", project(), [/Debug which revision/, /68b4d1f3/]);
      assert.match(heard.join("\n"), /is applied already\. Downgrade before it, then debug it/);
      assert.equal(await at(), revisions.standing);
    });
  });
};
