import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { command, openContainer, openFile, rows, type Scenario } from "../scenario.ts";
import { placeBadFiles, placeShop } from "../workspace.ts";

/** What a person sees where something is missing. */
export const emptyStates: readonly Scenario[] = [
  {
    title: "A folder without an Alembic project",
    number: 3,
    furnish(scope) {
      const folder = scope.folder("workspace");
      writeFileSync(path.join(folder, "hello.py"), "print('hello')\n");
      return Promise.resolve(folder);
    },
    async walk({ page, step, picture }) {
      await step("says what is looked for", async () => {
        await openContainer(page, "Retort");
        await page.locator(".part.sidebar .welcome-view", { hasText: "No Alembic project" }).waitFor();
        await picture("no-project");
      });
    },
  },
  {
    title: "Restricted Mode",
    number: 4,
    workspaceTrust: true,
    settings: { "security.workspace.trust.startupPrompt": "never" },
    furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), { database: "restricted" }),
    async walk({ page, step, picture }) {
      await step("shows the history and runs nothing", async () => {
        await openContainer(page, "Retort");
        await rows(page, "Give users a full name").waitFor();
        await rows(page, /Restricted Mode/).waitFor();
        await picture("restricted");
      });
      await step("still finds what is dangerous", async () => {
        await openFile(page, "b1f7e5a3c092_give_users_a_full_name.py");
        await page.locator(".monaco-editor .squiggly-warning").first().waitFor();
        await picture("restricted-finding");
      });
    },
  },
  {
    title: "A project whose database is down",
    number: 5,
    furnish: (scope, ground) => placeShop(scope, ground, scope.folder("workspace"), {}),
    async walk({ page, step, picture }) {
      await step("says so in the view, with the history still there", async () => {
        await openContainer(page, "Retort");
        await rows(page, /unreachable/i).waitFor();
        await rows(page, "Give users a full name").waitFor();
        await picture("database-down");
      });
      await step("says so once when it is told to upgrade, without the password", async () => {
        await command(page, "Retort: Upgrade to Head");
        const toast = page.locator(".notification-toast", { has: page.locator(".codicon-error") }).first();
        await toast.waitFor();
        await picture("database-down-upgrade");
        if ((await toast.innerText()).includes("secret-word")) throw new Error("the password is shown");
      });
    },
  },
  {
    title: "A machine without Alembic",
    number: 6,
    // A PATH with nothing on it but what VS Code itself needs.
    env: { PATH: "/nowhere" },
    furnish: (scope, ground) =>
      placeShop(scope, ground, scope.folder("workspace"), { database: "no_python", python: false }),
    async walk({ page, step, picture }) {
      await step("says which interpreters were tried", async () => {
        await openContainer(page, "Retort");
        await rows(page, "Give users a full name").waitFor();
        await rows(page, /No Python with Alembic/).waitFor();
        await picture("no-alembic");
      });
    },
  },
  {
    title: "An alembic.ini that does not parse, and odd files",
    number: 7,
    furnish(scope) {
      const folder = scope.folder("workspace");
      mkdirSync(folder, { recursive: true });
      return Promise.resolve(placeBadFiles(folder));
    },
    async walk({ page, step, picture }) {
      await step("are told in the view and in Problems", async () => {
        await openContainer(page, "Retort");
        await rows(page, /section header/i)
          .first()
          .waitFor();
        await page.keyboard.press("Control+Shift+M");
        await page.locator(".markers-panel .monaco-list-row", { hasText: "twice" }).first().waitFor();
        await picture("bad-input");
      });
    },
  },
];
