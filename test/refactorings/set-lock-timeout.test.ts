import { describe, expect, test } from "vitest";
import { setLockTimeout as limit } from "../../server/src/refactorings/set-lock-timeout.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { asyncEnvironment, plainEnvironment, withRevision } from "./environments.ts";

const env = { file: "env.py" };
const set = `connection.execute(sa.text("SET lock_timeout = '5s'"))`;

describe("sets it in the transaction of the migrations", () => {
  test.each([
    [
      "online only",
      plainEnvironment,
      `        with context.begin_transaction():\n            ${set}\n            context.run`,
    ],
    [
      "over an asynchronous engine",
      asyncEnvironment,
      `    with context.begin_transaction():\n        ${set}\n        context.run`,
    ],
  ])("%s", async (_, text, now) => {
    const { files, result } = await refactors(limit, withRevision(text), env);
    const after = files.get("env.py") ?? "";
    expect(after).toContain(now);
    expect(after.split("SET lock_timeout")).toHaveLength(2);
    expect(after).toContain("import sqlalchemy as sa\n");
    expect(result.change.edit.map(({ path }) => path)).toEqual(["/project/env.py"]);
  });

  test("wherever migrations run, in a try and by a connection that is given by its place", async () => {
    const twice = plainEnvironment
      .replace(
        "        with context.begin_transaction():\n            context.run_migrations()\n\n\nif",
        "        try:\n            with context.begin_transaction():\n                context.run_migrations()\n        finally:\n            connection.close()\n\n\nif",
      )
      .replace(
        "if context.is_offline_mode",
        "def run_given(given):\n    context.configure(given)\n    context.run_migrations()\n\n\nif context.is_offline_mode",
      );
    const { files } = await refactors(limit, withRevision(twice), env);
    const after = files.get("env.py") ?? "";
    expect(after).toContain(`                ${set}\n                context.run_migrations()\n        finally`);
    expect(after).toContain(`    given.execute(sa.text("SET lock_timeout = '5s'"))\n    context.run_migrations()\n`);
    expect(after.split("SET lock_timeout")).toHaveLength(3);
  });

  test("with the text() that is imported, also from a revision", async () => {
    const text = plainEnvironment.replace("engine_from_config, pool", "engine_from_config, pool, text");
    const { files } = await refactors(limit, withRevision(text));
    expect(files.get("env.py")).toContain(`            connection.execute(text("SET lock_timeout = '5s'"))\n`);
  });
});

test("has nothing to do where a limit is set, or on another server", async () => {
  await ignores(
    limit,
    withRevision(plainEnvironment.replace("target_metadata=None)", `target_metadata=None)\n        ${set}`)),
    env,
  );
  await ignores(limit, withRevision(plainEnvironment), { ...env, dialect: "mysql" });
});

describe("refuses", () => {
  test.each([
    [
      "no connection",
      plainEnvironment.replace("connection=connection", "**options"),
      /given no connection|does not call/,
    ],
    [
      "other code that configures",
      "from app.alembic import run\n\nrun()\n",
      /does not call context\.configure\(\) itself/,
    ],
    [
      "other code that runs the migrations",
      plainEnvironment.replace(
        / {8}with context.begin_transaction\(\):\n {12}context.run_migrations\(\)\n\n\nif/,
        "        go(context)\n\n\nif",
      ),
      /It is not found where env\.py runs the migrations/,
    ],
  ])("%s", async (_, text, why) => {
    await refuses(limit, withRevision(text), why, env);
  });
});
