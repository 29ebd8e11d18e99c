import { describe, expect, test } from "vitest";
import { transactionPerMigration as apart } from "../../server/src/refactorings/transaction-per-migration.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { asyncEnvironment, plainEnvironment, withRevision } from "./environments.ts";

const env = { file: "env.py" };

test.each([
  ["online only", plainEnvironment],
  ["over an asynchronous engine", asyncEnvironment],
])("adds the keyword, %s", async (_, text) => {
  const { files, after } = await refactors(apart, withRevision(text), env);
  expect(files.get("env.py")?.trim()).toBe(
    text.replace("target_metadata=None)", "target_metadata=None, transaction_per_migration=True)").trim(),
  );
  expect(after.config.env?.transactionPerMigration).toBe(true);
});

test("changes a keyword that says no, also from a revision", async () => {
  const text = plainEnvironment.replace("target_metadata=None", "transaction_per_migration=False");
  const { files } = await refactors(apart, withRevision(text));
  expect(files.get("env.py")).toContain("connection=connection, transaction_per_migration=True)");
});

test("has nothing to do where it is so already", async () => {
  await ignores(apart, withRevision(plainEnvironment.replace("=None", "=None, transaction_per_migration=True")), env);
});

describe("refuses", () => {
  test.each([
    [
      "other code that configures",
      "from app.alembic import run\n\nrun()\n",
      /does not call context\.configure\(\) itself/,
    ],
    ["arguments that are unpacked", plainEnvironment.replace("target_metadata=None)", "**{})"), /unpacks arguments/],
  ])("%s", async (_, text, why) => {
    await refuses(apart, withRevision(text), why, env);
  });
});
