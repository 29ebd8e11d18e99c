/** Rename of a revision's id: the edits of all files at once, and of the file's name. */
import { existsSync } from "node:fs";
import {
  RenameFile,
  type PrepareRenameParams,
  type PrepareRenameResult,
  type RenameParams,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { renamableAt, renameRevision, type Renamable } from "../features/revisions/rename.ts";
import { baseName } from "../project/paths.ts";
import type { Project } from "../project/snapshot.ts";
import { Refused } from "../rewrite/refused.ts";
import type { LineIndex } from "../text/lines.ts";
import { linesOf, toRange, toWorkspaceEdit, uriOf } from "./convert.ts";
import { refused } from "./isolate.ts";
import { documentAt, locate, type Session } from "./session.ts";

interface Rename {
  readonly edit: WorkspaceEdit;
  /** What the edit does not do, to be told to the person. */
  readonly notice: string;
}

interface Found extends Renamable {
  readonly project: Project;
  readonly lines: LineIndex;
}

function find(session: Session, { textDocument, position }: PrepareRenameParams): Found | undefined {
  const located = locate(session, textDocument.uri);
  if (!located) return undefined;
  const { project, file } = located;
  const lines = linesOf(file.path, file.text);
  const found = told(() =>
    renamableAt({ ...located, offset: lines.offsetAt(position) }, (path) => session.isPast(project, path)),
  );
  return found && { ...found, project, lines };
}

export function prepareRename(session: Session, params: PrepareRenameParams): PrepareRenameResult | null {
  const found = find(session, params);
  return found ? { range: toRange(found.lines, found.range), placeholder: found.home.id } : null;
}

export function rename(session: Session, params: RenameParams): Rename | undefined {
  const found = find(session, params);
  if (!found || params.newName === found.home.id) return undefined;
  const { project, home } = found;
  const { edit, move, id, to } = told(() => renameRevision(project, home, params.newName.trim()));
  if (move && existsSync(move.to)) throw refused(`There is a file ${baseName(move.to)} already.`);
  const files = toWorkspaceEdit(
    { create: [], edit },
    (path) => project.files.get(path)?.text ?? "",
    (path) => documentAt(session.documents, path)?.version ?? null,
  );
  const moves =
    move && session.client.renamesFiles
      ? [RenameFile.create(uriOf(move.from), uriOf(move.to), { overwrite: false, ignoreIfExists: false })]
      : [];
  return {
    edit: { documentChanges: [...(files.documentChanges ?? []), ...moves] },
    notice: noticeOf(project.config, id, to),
  };
}

const noticeOf = ({ versionTable }: Project["config"], id: string, to: string): string =>
  `Files name the revision "${to}" now, and no database was touched. A database that stands at "${id}" keeps that id in its table ${versionTable}, where Alembic finds no file for it: change the row to "${to}" there.`;

/** A refusal is told to the person who asked. */
function told<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof Refused ? refused(error.message) : error;
  }
}
