/**
 * Commands as a person runs them: nothing is named beforehand, each question is answered, and Escape means no. In a
 * project of their own, with its own database, which is left as it was found.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import * as vscode from "vscode";
import { closeAll, eventually, holds, places, query, revisions, standing } from "./host.ts";
import { asks, escape, type Reply, said } from "./person.ts";

const folder = (): string => path.join(places.workspace(), "lab", "shop");
const versions = (): string => path.join(folder(), "migrations", "versions");
const project = (): unknown => ({ projectId: path.join(folder(), "alembic.ini") });
const database = (): string => places.lab();
const at = (): Promise<string> => standing(database());
const files = (): readonly string[] => readdirSync(versions()).filter((name) => name.endsWith(".py"));

const ask = (sql: string): Promise<readonly Record<string, unknown>[]> => query(database(), sql);

const shown = (name: RegExp): Promise<string> =>
  eventually(`a document ${String(name)}`, () =>
    vscode.workspace.textDocuments
      .find((one) => one.uri.scheme === "retort" && name.test(decodeURIComponent(one.uri.path)))
      ?.getText(),
  );

const active = (): string => path.basename(vscode.window.activeTextEditor?.document.uri.path ?? "");

/** Files that a test makes in the folder of revisions go away, and the server has heard of it. */
async function takingBack(action: () => Promise<void>): Promise<void> {
  const before = new Set(files());
  try {
    await action();
  } finally {
    await closeAll();
    for (const name of files().filter((one) => !before.has(one))) rmSync(path.join(versions(), name));
    await vscode.commands.executeCommand("retort.restartServer");
  }
}

const down = /Downgrade “lab” on 127\.0\.0\.1:\d+\?/;

export const asked = (): void => {
  describe("As a person runs them:", () => {
    afterEach(closeAll);

    describe("ways up and down", () => {
      it("upgrade by steps asks how many, says where each leads, and Escape runs nothing", async () => {
        const no = await asks("retort.upgradeSteps", project(), [/Upgrade by how many steps/, escape]);
        assert.equal(await at(), revisions.standing);
        assert.match(no.offered.join("\n"), /^1 step · to 4c8d2e6f .*\n2 steps · to b1f7e5a3 /);
        said(
          await asks("retort.upgradeSteps", project(), [/Upgrade by how many steps/, "2 steps"]),
          /2 revisions applied\. .*lab is at b1f7e5a3/,
        );
        assert.equal(await at(), revisions.mixed);
      });

      it("downgrade by steps asks how many, then whether it may", async () => {
        await asks("retort.downgradeSteps", project(), [/Downgrade by how many steps/, escape]);
        await asks("retort.downgradeSteps", project(), [/Downgrade by how many/, "1 step"], [down, escape]);
        assert.equal(await at(), revisions.mixed);
        const yes = await asks("retort.downgradeSteps", project(), [/how many steps/, "1 step"], [down, "Downgrade"]);
        said(yes, /This undoes 1 revision; what they created is dropped/);
        assert.equal(await at(), revisions.next);
      });

      it("redo undoes and runs anew what the database is at, once it is agreed to", async () => {
        await asks("retort.redo", project(), [/Redo on “lab”/, escape]);
        const before = await ask("SELECT indexrelid FROM pg_index WHERE indexrelid = 'ix_orders_placed_at'::regclass");
        said(await asks("retort.redo", project(), [/Redo on “lab”/, "Redo"]), /1 revision undone, 1 revision applied/);
        const after = await ask("SELECT indexrelid FROM pg_index WHERE indexrelid = 'ix_orders_placed_at'::regclass");
        assert.equal(await at(), revisions.next);
        assert.notDeepEqual(after, before, "the index is the same one");
      });

      it("upgrade to a revision that is picked, up to the head, and to the head again", async () => {
        await asks("retort.upgradeTo", project(), [/Upgrade to which revision/, escape]);
        assert.equal(await at(), revisions.next);
        const said1 = await asks("retort.upgradeTo", project(), [/Upgrade to which revision/, /b1f7e5a3 .*pending/]);
        assert.match(said1.offered.join("\n"), /4c8d2e6f · the database is here/);
        assert.equal(await at(), revisions.mixed);
        said(await asks("retort.upgradeHead", project()), /2 revisions applied\. .*up to date/);
        assert.equal(await at(), revisions.head);
        said(await asks("retort.upgradeOne", project()), /at head already/);
        said(await asks("retort.upgradeSteps", project()), /at head already/);
      });

      it("downgrade to a revision that is picked, by one, and before one", async () => {
        await asks("retort.downgradeTo", project(), [/Downgrade to which revision/, escape]);
        await asks("retort.downgradeOne", project(), [down, escape]);
        assert.equal(await at(), revisions.head);
        await asks("retort.downgradeOne", project(), [down, "Downgrade"]);
        assert.equal(await at(), "7e2a9c4d8f16");
        const row = /b1f7e5a3/;
        await asks("retort.downgradeTo", project(), [/Downgrade to which revision/, row], [down, "Downgrade"]);
        assert.equal(await at(), revisions.mixed);
        await asks("retort.downgradeBefore", project(), [/Undo which revision/, escape]);
        await asks("retort.downgradeBefore", project(), [/Undo which revision/, /4c8d2e6f/], [down, "Downgrade"]);
        assert.equal(await at(), revisions.standing);
        said(await asks("retort.downgradeTo", project(), [/to which/, /5a3f0b8e/]), /5a3f0b8e .* is not applied/);
      });

      it("a stamp asks for the revision and the reason, and Escape at each leaves the table alone", async () => {
        const which = /What shall the version table say/;
        const why = /Why is it right to change/;
        const may = /Stamp “lab” on 127\.0\.0\.1:\d+\?/;
        await asks("retort.stamp", project(), [which, escape]);
        await asks("retort.stamp", project(), [which, /5a3f0b8e/], [why, escape]);
        const other: Reply = [why, "Another reason…"];
        await asks("retort.stamp", project(), [which, /5a3f0b8e/], other, [/^Stamp\nWhy/, escape]);
        await asks("retort.stamp", project(), [which, /5a3f0b8e/], [why, /create_all/], [may, escape]);
        assert.equal(await at(), revisions.standing);
        said(
          await asks(
            "retort.stamp",
            project(),
            [which, /5a3f0b8e/],
            other,
            [/^Stamp\nWhy\?/, "restored"],
            [may, "Stamp"],
          ),
          /is stamped: 9e0a3c7d became 5a3f0b8e\. Nothing else was changed/,
        );
        assert.equal(await at(), revisions.head);
        await asks("retort.stamp", project(), [which, /9e0a3c7d/], [why, /create_all/], [may, "Stamp"]);
        assert.equal(await at(), revisions.standing);
      });

      it("the version table is made where there is none, and only then changes anything", async () => {
        await ask("ALTER TABLE alembic_version RENAME TO kept_version");
        await ask("ALTER INDEX alembic_version_pkc RENAME TO kept_version_pkc");
        try {
          said(await asks("retort.ensureVersion", project()), /lab has a table alembic_version/);
          assert.deepEqual(await ask("SELECT version_num FROM alembic_version"), []);
          await ask("DROP TABLE alembic_version");
        } finally {
          await ask("ALTER TABLE kept_version RENAME TO alembic_version");
          await ask("ALTER INDEX kept_version_pkc RENAME TO alembic_version_pkc");
        }
        said(await asks("retort.ensureVersion", project()), /lab has a table alembic_version/);
        assert.equal(await at(), revisions.standing);
      });
    });

    describe("what is only looked at", () => {
      it("current is told in words", async () => {
        said(await asks("retort.showCurrent", project()), /\/lab: at 9e0a3c7d, 4 pending\./);
      });

      it("the history is shown by the part that is chosen; Escape shows nothing", async () => {
        await asks("retort.history", project(), [/Which part/, escape]);
        assert.equal(vscode.window.activeTextEditor, undefined);
        await asks("retort.history", project(), [/Which part/, "What is pending"]);
        const pending = await shown(/^\/History of shop\.txt$/);
        assert.match(pending, /Rev: 5a3f0b8e7c29 \(head\)/);
        assert.doesNotMatch(pending, /Rev: 3f1c2a9d7b10/);
        const again = await asks("retort.history", project(), [/Which part/, "The whole history"]);
        assert.match(again.offered[0] ?? "", /^What is pending/, "the last choice comes first");
        await holds("the whole history", async () => /Rev: 3f1c2a9d7b10/.test(await shown(/^\/History of shop\.txt$/)));
      });

      it("one revision that is picked is shown, and opened; the newest is opened at once", async () => {
        await asks("retort.showRevision", project(), [/Show which revision/, escape]);
        await asks("retort.showRevision", project(), [/Show which revision/, /b8f03d6c/]);
        assert.match(await shown(/^\/Revision b8f03d6c2e97/), /Rev: b8f03d6c2e97[^]*Create coupons/i);
        await asks("retort.openRevision", project(), [/Open which revision/, escape]);
        await asks("retort.openRevision", project(), [/Open which revision/, /b8f03d6c/]);
        assert.match(active(), /^b8f03d6c2e97_/);
        await asks("retort.openNewest", project());
        assert.match(active(), /^5a3f0b8e7c29_/);
      });

      it("SQL up, down and over a range, of what is picked; nothing of it runs", async () => {
        await asks("retort.showSql", project(), [/Show the SQL of which/, escape]);
        await asks("retort.showSqlDown", project(), [/undoes which/, escape]);
        await asks("retort.showSqlRange", project(), [/up to which/, /b1f7e5a3/], [/Where does the SQL begin/, escape]);
        assert.equal(vscode.window.activeTextEditor, undefined);
        await asks("retort.showSql", project(), [/Show the SQL of which/, /4c8d2e6f/]);
        assert.match(await shown(/^\/4c8d2e6f .*\.sql$/), /CREATE INDEX/);
        await asks("retort.showSqlDown", project(), [/undoes which/, /4c8d2e6f/]);
        assert.match(await shown(/4c8d2e6f.*downgrade\.sql$/), /DROP INDEX/);
        const here: Reply = [/Where does the SQL begin/, /^From where the database is: 9e0a3c7d/];
        await asks("retort.showSqlRange", project(), [/up to which/, /b1f7e5a3/], here);
        assert.match(await shown(/^\/9e0a3c7d to b1f7e5a3/), /CREATE INDEX[^]*ADD COLUMN full_name/);
        assert.equal(await at(), revisions.standing);
      });

      it("the id of the revision that is picked is copied; Escape leaves the clipboard alone", async () => {
        await vscode.env.clipboard.writeText("before");
        await asks("retort.copyRevisionId", project(), [/Copy the id of which/, escape]);
        assert.equal(await vscode.env.clipboard.readText(), "before");
        await asks("retort.copyRevisionId", project(), [/Copy the id of which/, /b8f03d6c/]);
        assert.equal(await vscode.env.clipboard.readText(), "b8f03d6c2e97");
      });

      it("the log is shown, and a filter that nobody set is taken back without a word", async () => {
        assert.deepEqual((await asks("retort.showLog", undefined)).heard, []);
        assert.deepEqual((await asks("retort.clearFilter", undefined)).heard, []);
        await vscode.commands.executeCommand("workbench.action.closePanel");
      });

      it("what is pending is reviewed", async () => {
        await vscode.commands.executeCommand("retort.refresh");
        await asks("retort.reviewPending", project());
        assert.match(await shown(/^\/Review of shop\.md$/), /^# Review of 4 pending revisions of shop/);
      });
    });

    describe("what makes files", () => {
      it("a new revision asks for its message; Escape makes none", async () => {
        await takingBack(async () => {
          const before = files().length;
          await asks("retort.newRevision", project(), [/What does it do/, escape]);
          assert.equal(files().length, before);
          await asks("retort.newRevision", project(), [/What does it do/, "add a note"]);
          assert.match(active(), /_add_a_note\.py$/);
          assert.equal(files().length, before + 1);
        });
      });

      it("two heads are merged under a message that is offered; Escape merges nothing", async () => {
        said(await asks("retort.mergeHeads", project()), /one head, so there is nothing to merge/);
        await takingBack(async () => {
          secondHead();
          await vscode.commands.executeCommand("retort.restartServer");
          const before = files().length;
          await asks("retort.mergeHeads", project(), [/The message of the merge/, escape]);
          await asks("retort.newRevision", project(), [/several heads. On which/, escape]);
          await asks("retort.headsDoctor", project(), [/has 2 heads/, escape]);
          assert.equal(files().length, before);
          await asks("retort.openNewest", project(), [/Open which head/, /cafe0011/]);
          assert.match(active(), /^cafe00112233/);
          await asks("retort.mergeHeads", project(), [/The message of the merge/, "join both"]);
          assert.match(active(), /_join_both\.py$/);
          const text = vscode.window.activeTextEditor?.document.getText() ?? "";
          assert.match(text, /down_revision.*=.*(5a3f0b8e7c29.*cafe00112233|cafe00112233.*5a3f0b8e7c29)/);
        });
      });

      it("models are compared; autogenerate upgrades first, and what it would drop is asked about", async () => {
        await takingBack(async () => {
          const env = path.join(folder(), "migrations", "env.py");
          const kept = readFileSync(env, "utf8");
          const before = files().length;
          writeFileSync(env, kept.replace("target_metadata = None", models));
          try {
            const behind = /The database is not up to date: .*4 pending/;
            await asks("retort.autogenerate", project(), [behind, escape]);
            assert.equal(await at(), revisions.standing);
            await asks("retort.autogenerate", project(), [behind, "Upgrade First"], [/What does it do/, escape]);
            assert.equal(await at(), revisions.head);
            assert.equal(files().length, before);
            const differ: Reply = [/The models and the database differ: \d+ differences/, "Show"];
            await asks("retort.check", project(), differ, [/Models and Database/, escape]);
            const message: [RegExp, string] = [/What does it do/, "from models"];
            const drops = /The new revision drops \d+ tables[^]*models are not imported/;
            await asks("retort.autogenerate", project(), message, [drops, "Delete"]);
            assert.equal(files().length, before);
            await asks("retort.autogenerate", project(), message, [drops, escape]);
            assert.equal(files().length, before + 1, "Escape throws away what was made");
          } finally {
            writeFileSync(env, kept);
          }
        });
        const row = /9e0a3c7d/;
        await asks("retort.downgradeTo", project(), [/to which revision/, row], [down, "Downgrade"]);
        assert.equal(await at(), revisions.standing);
      });

      it("tests of migrations are written once, and a job for the service that is picked", async () => {
        const tests = path.join(folder(), "tests", "test_migrations.py");
        const job = path.join(places.workspace(), ".gitlab-ci.migrations.yml");
        try {
          said(await asks("retort.addMigrationTests", project()), /Run it by pytest with TEST_DATABASE_URL/);
          writeFileSync(tests, "# mine\n");
          said(await asks("retort.addMigrationTests", project()), /exists already, and was left as it is/);
          assert.equal(readFileSync(tests, "utf8"), "# mine\n");
          await asks("retort.addCiWorkflow", project(), [/For which service/, escape]);
          assert.equal(existsSync(job), false);
          said(
            await asks("retort.addCiWorkflow", project(), [/For which service/, "GitLab"]),
            /The job installs retort/,
          );
          assert.match(readFileSync(job, "utf8"), /retort check/);
        } finally {
          await closeAll();
          rmSync(path.dirname(tests), { recursive: true, force: true });
          rmSync(job, { force: true });
        }
      });

      it("init asks for template and folder, makes a project, and never a second one over it", async () => {
        const root = places.workspace();
        const ini = path.join(root, "alembic.ini");
        const settings = vscode.workspace.getConfiguration("retort");
        await settings.update("python", places.python(), vscode.ConfigurationTarget.Workspace);
        try {
          await asks("retort.init", undefined, [/Which template/, escape]);
          await asks("retort.init", undefined, [/Which template/, "generic"], [/The folder for env\.py/, escape]);
          assert.equal(existsSync(ini), false);
          const folders: [RegExp, string] = [/The folder for env\.py/, "fresh"];
          said(
            await asks("retort.init", undefined, [/Which template/, "generic"], folders),
            /Alembic is set up in fresh/,
          );
          assert(existsSync(ini) && existsSync(path.join(root, "fresh", "env.py")));
          assert.equal(active(), "env.py");
          said(await asks("retort.init", undefined, [/Which template/, "generic"], folders), /alembic\.ini.* already/);
        } finally {
          await closeAll();
          for (const one of ["alembic.ini", "fresh"]) rmSync(path.join(root, one), { recursive: true, force: true });
          await settings.update("python", undefined, vscode.ConfigurationTarget.Workspace);
          await vscode.commands.executeCommand("retort.restartServer");
        }
      });
    });

    describe("sessions of the database", () => {
      it("a statement is stopped, and a session ended, only once it is agreed to", async () => {
        const client = new pg.Client({ connectionString: database(), application_name: "nightly" });
        client.on("error", () => undefined);
        await client.connect();
        try {
          const { rows } = await client.query<{ pid: number; began: string }>(
            "SELECT pid, backend_start::text AS began FROM pg_stat_activity WHERE pid = pg_backend_pid()",
          );
          const named = { user: "retort", application: "nightly", client: "", backend: "client backend" };
          const session = { ...rows[0], ...named, state: "active", statement: "SELECT pg_sleep(60)" };
          const argument = { ...(project() as object), session: { ...session, locks: [], blockedBy: [] } };
          let end: unknown;
          const sleeping = client.query("SELECT pg_sleep(60)").catch((error: unknown) => {
            end = error;
          });
          await asks("retort.stopStatement", argument, [/Stop the statement of “nightly”/, escape]);
          await asks("retort.endSession", argument, [/End the session “nightly”/, escape]);
          assert.equal(end, undefined);
          said(
            await asks("retort.stopStatement", argument, [/Stop the statement of “nightly”/, "Stop Statement"]),
            /was asked to stop its statement/,
          );
          await sleeping;
          assert.match(String(end), /canceling statement due to user request/);
          said(await asks("retort.endSession", argument, [/End the session “nightly”/, "End Session"]), /was ended/);
          await assert.rejects(client.query("SELECT 1"));
        } finally {
          await client.end().catch(() => undefined);
        }
      });

      it("a database that may not be one for development is looked into only where somebody says so", async () => {
        const guarded = { projectId: path.join(places.workspace(), "guarded", "shop", "alembic.ini") };
        await asks("retort.lookIntoDatabase", guarded, [/Look into .*shop_production/, escape]);
        await asks("retort.lookIntoDatabase", guarded, [/read-only transactions of five seconds/, "Look"]);
      });
    });

    it("heads are checked against the remote's default branch, with the cure that is possible", async () => {
      said(await asks("retort.checkRemote", project()), /The heads were not compared\. /);
      await takingBack(() =>
        withRepository(async () => {
          said(await asks("retort.checkRemote", project()), /Merged with origin\/main as of .* has one head/);
          secondHead();
          await vscode.commands.executeCommand("retort.restartServer");
          const cure = /would have 2 heads: .*(\(in both\).*\(only here\)|\(only here\).*\(in both\))/;
          await asks("retort.checkRemote", project(), [cure, "Heads Doctor"], [/has 2 heads/, escape]);
        }),
      );
    });

    it("a revision that no file has and git does not know leaves the stamp, and nothing runs before", async () => {
      await withRepository(async () => {
        await ask("UPDATE alembic_version SET version_num = 'feed00000000'");
        try {
          const told = /^Nothing was run\. The database is at feed00000000, and no revision file has that id\./;
          const where = /The database is at feed00000000, and no file has that revision\ngit does not know it either/;
          await asks("retort.upgradeOne", project(), [told, "Find It"], [where, escape]);
          assert.equal(await at(), "feed00000000");
          await vscode.commands.executeCommand("retort.refresh");
          const stamps: readonly Reply[] = [
            [/What shall the version table say/, /9e0a3c7d/],
            [/Why is it right/, /is gone/],
            [/Stamp “lab”[^]*says now: feed0000[^]*will say: 9e0a3c7d/, "Stamp"],
          ];
          await asks("retort.findRevision", project(), [where, "Stamp the Database…"], ...stamps);
          assert.equal(await at(), revisions.standing);
        } finally {
          await ask(`UPDATE alembic_version SET version_num = '${revisions.standing}'`);
          await vscode.commands.executeCommand("retort.refresh");
        }
      });
    });

    describe("what is set for a project", () => {
      it("arguments of env.py are asked for, kept and taken back; Escape keeps them", async () => {
        await asks("retort.setArguments", project(), [/What env\.py reads/, "tenant=one"]);
        await asks("retort.setArguments", project(), [/What env\.py reads/, escape]);
        await asks("retort.setArguments", project(), [/What env\.py reads/, ""]);
      });

      it("an interpreter is kept only where it has Alembic", async () => {
        const setting = (): unknown => vscode.workspace.getConfiguration("retort").get("python");
        await asks("retort.selectInterpreter", project(), [/Python with Alembic for shop/, escape]);
        said(
          await asks("retort.selectInterpreter", project(), [/Python with Alembic/, "/bin/ls"]),
          /No Python that can run Alembic was found\. Tried: \/bin\/ls/,
        );
        assert.equal(setting(), "");
        try {
          await asks("retort.selectInterpreter", project(), [/Python with Alembic/, places.python()]);
          assert.equal(setting(), places.python());
        } finally {
          const configuration = vscode.workspace.getConfiguration("retort");
          await configuration.update("python", undefined, vscode.ConfigurationTarget.Workspace);
        }
      });

      it("an address of a database is asked for and kept; none gives the project its own again", async () => {
        await asks("retort.setDatabaseUrl", project(), [/A SQLAlchemy URL/, escape]);
        await asks("retort.setDatabaseUrl", project(), [/A SQLAlchemy URL/, database()]);
        await asks("retort.setDatabaseUrl", project(), [/A SQLAlchemy URL/, ""]);
      });
    });
  });
};

/** The project is a repository of its own, whose remote has what is there now. */
async function withRepository(action: () => Promise<void>): Promise<void> {
  const own = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
  const git = (...args: string[]): void => void execFileSync("git", ["-C", folder(), ...own, ...args]);
  try {
    git("init", "-q", "-b", "main");
    git("add", "alembic.ini", "migrations");
    git("commit", "-qm", "The shop");
    git("update-ref", "refs/remotes/origin/main", "main");
    await vscode.commands.executeCommand("retort.restartServer");
    await action();
  } finally {
    rmSync(path.join(folder(), ".git"), { recursive: true, force: true });
    await vscode.commands.executeCommand("retort.restartServer");
  }
}

const models = `import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table("notes", target_metadata, sa.Column("id", sa.Integer(), primary_key=True))`;

function secondHead(): void {
  const text = readFileSync(path.join(versions(), "5a3f0b8e7c29_move_tags_to_a_table.py"), "utf8");
  const body = text.slice(0, text.indexOf("def upgrade")).replaceAll(revisions.head, "cafe00112233");
  const name = path.join(versions(), "cafe00112233_second_head.py");
  writeFileSync(name, `${body}def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n`);
}
