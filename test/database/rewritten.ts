/** Small projects as they are and as a refactoring leaves them, made by the built command line. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Scope } from "../../scripts/host/scope.ts";
import { type SmallProject, writeProject } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { retort } from "./retort.ts";

const versionsOf = ({ file }: SmallProject): readonly string[] =>
  readdirSync(path.dirname(file))
    .filter((name) => name.endsWith(".py"))
    .map((name) => path.join(path.dirname(file), name));

/** All revision files. */
export const contents = (project: SmallProject): string =>
  versionsOf(project)
    .map((file) => `--- ${path.basename(file)}\n${readFileSync(file, "utf8")}`)
    .join("\n");

/** The revisions that it made, in the order of the chain. */
export function chainOf(project: SmallProject): readonly string[] {
  const read = (text: string, name: string): string =>
    new RegExp(String.raw`^${name}(?:: [^=]+)? = ["'](.*)["']$`, "m").exec(text)?.[1] ?? "";
  const parents = new Map(
    versionsOf(project).map((file) => {
      const text = readFileSync(file, "utf8");
      return [read(text, "revision"), read(text, "down_revision")];
    }),
  );
  const chain: string[] = [];
  for (let id = "0002"; id !== "0001" && id !== ""; id = parents.get(id) ?? "") chain.unshift(id);
  return chain;
}

export const whole = (scope: Scope, migration: RefactoredMigration): SmallProject =>
  writeProject(scope.folder("whole"), migration);

export async function refactored(scope: Scope, migration: RefactoredMigration): Promise<SmallProject> {
  const project = writeProject(scope.folder("refactored"), migration);
  const { at } = migration;
  const lines = readFileSync(project.file, "utf8").split("\n");
  const line = at === undefined ? "" : `:${lines.findIndex((one) => one.includes(at)) + 1}`;
  const outcome = await retort(project.folder, ["refactor", migration.refactoring, project.file + line, "--write"]);
  expect(outcome.code, outcome.said).toBe(0);
  expect(contents(project)).toMatch(migration.makes);
  const { batchSize } = migration;
  if (batchSize !== undefined) {
    expect(contents(project)).toContain("BATCH_SIZE = 10_000");
    for (const file of versionsOf(project))
      writeFileSync(file, readFileSync(file, "utf8").replace("BATCH_SIZE = 10_000", `BATCH_SIZE = ${batchSize}`));
  }
  expect(outcome.said.match(/^(?:created|changed) /gm), contents(project)).toHaveLength(migration.parts);
  return project;
}
