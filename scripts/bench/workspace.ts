import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { GeneratedHistory } from "./history.ts";

/** Writes a project to a folder, which is emptied first, and its statements to `sql/` beside it. */
export async function writeWorkspace(
  folder: string,
  { revisions, project }: GeneratedHistory,
): Promise<{ readonly project: string; readonly sql: string }> {
  await rm(folder, { recursive: true, force: true });
  const [root, sql] = [path.join(folder, "project"), path.join(folder, "sql")];
  await mkdir(path.join(root, "migrations", "versions"), { recursive: true });
  await mkdir(sql, { recursive: true });
  // The top of a repository: what lies above is not looked at.
  await mkdir(path.join(root, ".git"));
  for (const [name, text] of Object.entries(project)) await writeFile(path.join(root, name), text);
  for (const one of revisions) {
    await writeFile(path.join(root, one.path), one.text);
    if (one.sql !== "") await writeFile(path.join(sql, `${one.id}.sql`), one.sql);
  }
  return { project: root, sql };
}
