/** The file that `alembic revision` and `alembic merge` have made. */
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import type { Services } from "../services.ts";
import { parseGenerated } from "./output.ts";

/** The editor tells of new files in its own time. */
const patience = 10_000;
const pause = 200;

export const findCreated = async (
  { projects }: Services,
  before: ProjectNode,
  stdout: string,
): Promise<vscode.Uri | undefined> => {
  // In a container Alembic names a path of another file system.
  const named = parseGenerated(stdout).filter((file) => existsSync(file));
  const [file] = named;
  if (file !== undefined) return vscode.Uri.file(file);
  const known = new Set(before.revisions.map(({ uri }) => uri));
  for (let waited = 0; waited < patience; waited += pause) {
    const fresh = projects.find(before.id)?.node.revisions.find(({ uri }) => !known.has(uri));
    if (fresh !== undefined) return vscode.Uri.parse(fresh.uri);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
};
