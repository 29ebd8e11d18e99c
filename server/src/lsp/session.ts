/** What the server knows at the moment: projects, open documents, settings, and the findings computed so far. */
import { readFileSync } from "node:fs";
import type { TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { RevisionFile } from "../model/revision.ts";
import type { Log } from "../project/ports.ts";
import type { Project, Workspace } from "../project/snapshot.ts";
import { checkFile, type Checked } from "../rules/check.ts";
import type { Settings } from "../settings/settings.ts";
import type { Client } from "./capabilities.ts";
import { pathOf, uriOf } from "./convert.ts";

export interface Session {
  readonly client: Client;
  readonly log: Log;
  readonly documents: TextDocuments<TextDocument>;
  /** Resolves when all changes received so far are in the snapshot. Requests wait for it. */
  settled(): Promise<void>;
  workspace(): Workspace;
  settings(project: Project): Settings;
  /** Which files have findings reported: those that are open, or all. */
  readonly scope: "openFiles" | "workspace";
}

/** A file of a project, as it is now. */
export interface Located {
  readonly project: Project;
  readonly file: RevisionFile;
}

export function locate(session: Session, uri: string): Located | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  for (const project of session.workspace().projects) {
    const file = project.files.get(path);
    if (file) return { project, file };
  }
  return undefined;
}

const nothing: Checked = { findings: [], failures: [] };
const checked = new WeakMap<Project, { readonly settings: Settings; readonly files: Map<string, Checked> }>();

/** The findings of one file, computed once per snapshot and settings. A rule that failed is in the log. */
export function findingsOf(session: Session, project: Project, file: RevisionFile): Checked {
  const settings = session.settings(project);
  let known = checked.get(project);
  if (known?.settings !== settings) {
    known = { settings, files: new Map() };
    checked.set(project, known);
  }
  const kept = known.files.get(file.path);
  if (kept) return kept;
  const result = file.isRevision ? checkFile(project, file, settings) : nothing;
  for (const { rule, path, error } of result.failures) {
    session.log.error(
      `rule ${rule} failed on ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  known.files.set(file.path, result);
  return result;
}

/** The text that offsets of a path count in: what is typed, what was read, and for other files what is on disk. */
export function textOf(session: Session, path: string): string {
  const open = session.documents.get(uriOf(path));
  if (open) return open.getText();
  for (const project of session.workspace().projects) {
    const file = project.files.get(path);
    if (file) return file.text;
  }
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
