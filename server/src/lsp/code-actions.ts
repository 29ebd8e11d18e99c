import { existsSync, statSync } from "node:fs";
import {
  CodeActionKind,
  CodeActionTriggerKind,
  ResponseError,
  type CodeAction,
  type CodeActionContext,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { upTo } from "../history/past.ts";
import type { Project } from "../project/snapshot.ts";
import { clientCommands } from "../protocol/index.ts";
import { allowance } from "../rules/suppression.ts";
import { rules } from "../rules/index.ts";
import { safeRepairs } from "../rules/fix.ts";
import { repairsIn } from "../rules/repair.ts";
import type { Place, Result } from "../refactorings/define.ts";
import { cautionOf } from "../refactorings/caution.ts";
import { Refused } from "../rewrite/refused.ts";
import { offerOf, refactoringById, refactorings, staleness } from "../refactorings/offers.ts";
import { fixAllKind } from "./capabilities.ts";
import { fromRange, linesOf, pathOf, toWorkspaceEdit, uriOf } from "./convert.ts";
import { contentModified, invalid, refused } from "./isolate.ts";
import { documentAt, locateEditable, type Located, type Session } from "./session.ts";

/** What a code action carries until it is resolved. Plain JSON: it goes to the editor and back. */
interface Deferred {
  readonly refactoring: string;
  readonly uri: string;
  /** Of the document when the action was offered; null where it was not open. */
  readonly version: number | null;
  readonly range: CodeActionParams["range"];
}

const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));

const versionOf = (session: Session, uri: string): number | null => {
  const path = pathOf(uri);
  return (path === undefined ? undefined : documentAt(session.documents, path))?.version ?? null;
};

function placeOf(session: Session, { project, file }: Located, range: CodeActionParams["range"]): Place {
  const published = session.published(project);
  const at = fromRange(linesOf(file.path, file.text), range);
  const applied = appliedOn(session, project);
  return { project, file, range: at, ...(published && { published }), ...(applied && { applied }) };
}

/** Where the database is at a revision that no file has, nothing is known. */
function appliedOn(session: Session, project: Project): Place["applied"] {
  const standing = session.standings.get(project.id);
  const answer = standing && upTo(project.history, standing.versions);
  return standing && answer && "value" in answer ? { database: standing.database, ids: answer.value } : undefined;
}

export function codeActions(session: Session, { textDocument, range, context }: CodeActionParams): CodeAction[] {
  const located = locateEditable(session, textDocument.uri);
  if (!located) return [];
  const ours = context.diagnostics.filter(({ source }) => source === "retort");
  const place = placeOf(session, located, range);
  const isKnown = isKnownElsewhere(place);
  const actions = refactorings(place).flatMap(({ refactoring, offer }) => {
    if (offer === undefined) return [];
    const ofThese = ours.filter(({ code }) =>
      rules.some((rule) => rule.id === code && rule.refactorings?.includes(refactoring.id)),
    );
    if (refactoring.isOfEnvironment && located.file.isRevision && ofThese.length === 0) return [];
    const kinds = kindsFor(context, ofThese, isInUpgrade(located, range));
    if ("unavailable" in offer) return disabled(session, refactoring.title, offer.unavailable, kinds);
    const data: Deferred = {
      refactoring: refactoring.id,
      uri: textDocument.uri,
      version: versionOf(session, textDocument.uri),
      range,
    };
    const marked = kinds.map((kind) => ({
      ...kind,
      ...(offer.preferred && kind.diagnostics && { isPreferred: true }),
    }));
    const isCautious = isKnown && refactoring.addsOnly !== true && refactoring.isOfEnvironment !== true;
    return marked.flatMap((kind) => offered(session, { title: offer.title, data, isCautious }, kind));
  });
  // Of env.py no comment allows anything, and no rule repairs it within the file.
  const own = located.file.isRevision ? ours : [];
  const repairs = own.flatMap((diagnostic) => repaired(session, located, diagnostic));
  const allowed = own.flatMap((diagnostic) => allow(session, located, diagnostic));
  const all = wants(context.only ?? [], fixAllKind) ? fixAll(session, located) : [];
  return [...repairs, ...actions, ...allowed, ...all].filter(({ kind }) =>
    wants(context.only, kind ?? CodeActionKind.QuickFix),
  );
}

type Kind = Pick<CodeAction, "kind" | "diagnostics" | "isPreferred">;

/**
 * A fix of what is found here; else a refactoring, for whoever asks for one. Both at once would list the same thing
 * twice, and a light bulb on every line of the file would be noise: of itself it shines in `upgrade()` only.
 */
function kindsFor({ only, triggerKind }: CodeActionContext, repaired: readonly Diagnostic[], inside: boolean): Kind[] {
  const fix = { kind: CodeActionKind.QuickFix, diagnostics: [...repaired] };
  const rewrite = { kind: CodeActionKind.RefactorRewrite };
  if (only !== undefined) return repaired.length > 0 ? [fix, rewrite] : [rewrite];
  if (repaired.length > 0) return [fix];
  return inside || triggerKind !== CodeActionTriggerKind.Automatic ? [rewrite] : [];
}

function isInUpgrade({ file }: Located, range: CodeActionParams["range"]): boolean {
  const { start, end } = fromRange(linesOf(file.path, file.text), range);
  return file.upgrades.some(({ head, body }) => head !== undefined && start <= (body ?? head).end && end >= head.start);
}

/** Others have the revision, or the dev database has run it. */
const isKnownElsewhere = ({ file, published, applied }: Place): boolean =>
  published?.has(file.path) === true || applied?.ids.has(file.identifiers.revision?.value ?? "") === true;

interface Offering {
  readonly title: string;
  readonly data: Deferred;
  /** What it means for those who have run the revision is to be read first. */
  readonly isCautious: boolean;
}

function offered(session: Session, { title, data, isCautious }: Offering, kind: Kind): CodeAction[] {
  const isBlind = isCautious && !session.client.previews;
  const action: CodeAction = {
    title: isBlind ? `${title} (others may have run the revision)` : title,
    ...kind,
    ...editOf(session, data),
  };
  if (!session.client.previews || action.disabled) return [action];
  const preview = `${title} (preview first)`;
  const shown = [{ uri: data.uri, refactoring: data.refactoring, range: data.range }];
  const command = { title: preview, command: clientCommands.previewRefactoring, arguments: shown };
  if (isCautious) return [{ title: preview, ...kind, data, command }];
  return [action, { title: preview, ...kind, isPreferred: false, command }];
}

/** The edit now, for an editor that does not ask for it later; or why there can be none. */
function editOf(session: Session, data: Deferred): Pick<CodeAction, "edit" | "data" | "disabled"> {
  if (!session.client.createsFiles && refactoringById(data.refactoring)?.createsFiles)
    return { disabled: { reason: "This editor cannot create files in an edit." } };
  if (session.client.resolvesEdits) return { data };
  try {
    return { edit: resolveEdit(session, data) };
  } catch (error) {
    if (error instanceof ResponseError) return { disabled: { reason: error.message } };
    throw error;
  }
}

function disabled(session: Session, title: string, reason: string, kinds: readonly Kind[]): CodeAction[] {
  return session.client.showsDisabledActions ? kinds.map((kind) => ({ title, ...kind, disabled: { reason } })) : [];
}

/** By the rule's own edits, within the file. */
function repaired(session: Session, { project, file }: Located, diagnostic: Diagnostic): CodeAction[] {
  const own = rules.filter(({ id, repair }) => id === diagnostic.code && repair);
  if (own.length === 0) return [];
  const at = fromRange(linesOf(file.path, file.text), diagnostic.range);
  return repairsIn(project, file, session.settings(project), at, own)
    .filter(({ range }) => range.start === at.start)
    .map(({ title, safety, edits }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      ...(safety === "safe" && { isPreferred: true }),
      edit: toWorkspaceEdit(
        { create: [], edit: [{ path: file.path, edits }] },
        () => file.text,
        () => versionOf(session, uriOf(file.path)),
      ),
    }));
}

/** Only for an editor that asks for it, and only what is safe. What comes too close to another is left for the next time. */
function fixAll(session: Session, { project, file }: Located): CodeAction[] {
  const edits = safeRepairs(project, file, session.settings(project)).flatMap((one) => one.edits);
  if (edits.length === 0) return [];
  return [
    {
      title: "Make all safe repairs",
      kind: fixAllKind,
      edit: toWorkspaceEdit(
        { create: [], edit: [{ path: file.path, edits }] },
        () => file.text,
        () => versionOf(session, uriOf(file.path)),
      ),
    },
  ];
}

/** "Allow it here": a comment above the line, for a person who has thought about it. */
function allow(session: Session, { file }: Located, diagnostic: Diagnostic): CodeAction[] {
  const rule = rules.find(({ id }) => id === diagnostic.code);
  if (!rule) return [];
  const kind = { kind: CodeActionKind.QuickFix, diagnostics: [diagnostic] };
  if (file.stale) return disabled(session, `Allow ${rule.id} here`, staleness, [kind]);
  const lines = linesOf(file.path, file.text);
  const edit = allowance(file, rule.id, fromRange(lines, diagnostic.range));
  const change = { create: [], edit: [{ path: file.path, edits: [edit] }] };
  return [
    {
      title: `Allow ${rule.id} here`,
      ...kind,
      edit: toWorkspaceEdit(
        change,
        () => file.text,
        () => versionOf(session, uriOf(file.path)),
      ),
    },
  ];
}

/** Fills in the edit of an action that was offered before. @throws ResponseError where the document has moved on. */
export function resolveCodeAction(session: Session, action: CodeAction): CodeAction {
  // Editors resolve what is merely looked at. What is to be looked at first makes its edit only when asked for again.
  if (action.data === undefined || action.command !== undefined) return action;
  return { ...action, edit: resolveEdit(session, readDeferred(action.data)) };
}

function resolveEdit(session: Session, data: Deferred): WorkspaceEdit {
  if (versionOf(session, data.uri) !== data.version) {
    throw contentModified("The file has changed since this was offered; ask again.");
  }
  const { change } = apply(session, data.uri, data.refactoring, data.range);
  return toWorkspaceEdit(
    change,
    (path) => located(session, uriOf(path)).file.text,
    (path) => versionOf(session, uriOf(path)),
  );
}

function located(session: Session, uri: string): Located {
  const found = locateEditable(session, uri);
  if (!found) throw contentModified(`${pathOf(uri) ?? uri} is no longer a file of an Alembic project.`);
  return found;
}

/** A result, with the title under which it was offered. */
interface Applied extends Result {
  readonly title: string;
  readonly caution: string | undefined;
}

/** @throws ResponseError that says in one sentence why it cannot be made. */
export function apply(session: Session, uri: string, id: string, range: CodeActionParams["range"]): Applied {
  const refactoring = refactoringById(id);
  if (!refactoring) throw invalid(`There is no refactoring "${id}".`);
  const place = placeOf(session, located(session, uri), range);
  const offer = offerOf(refactoring, place);
  if (offer === undefined) throw contentModified("There is nothing to do here any more.");
  if ("unavailable" in offer) throw refused(offer.unavailable);
  const result = made(() => refactoring.apply(place, offer.plan));
  const taken = result.change.create.find(({ path }) => existsSync(path));
  if (taken) throw refused(`${taken.path} exists already, and nothing is overwritten.`);
  const locked = result.change.edit.find(({ path }) => isReadOnly(path));
  if (locked) throw refused(`${locked.path} is read-only.`);
  return { ...result, title: offer.title, caution: cautionOf(place, result) };
}

/** Whoever made it read-only did not want it changed, also where this process could. */
const isReadOnly = (path: string): boolean =>
  ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0o222) & 0o222) === 0;

/** What shows only now that it cannot be right says why. */
function made(apply: () => Result): Result {
  try {
    return apply();
  } catch (error) {
    throw error instanceof Refused ? refused(error.message) : error;
  }
}

function readDeferred(data: unknown): Deferred {
  if (
    typeof data === "object" &&
    data !== null &&
    "refactoring" in data &&
    typeof data.refactoring === "string" &&
    "uri" in data &&
    typeof data.uri === "string" &&
    "version" in data &&
    (data.version === null || typeof data.version === "number") &&
    "range" in data
  ) {
    return data as Deferred;
  }
  throw invalid("This code action was not made by this server.");
}
