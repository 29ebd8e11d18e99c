/** What goes on in a project's database: who is at work in it, and how large its tables are. It only reads. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { toPgTarget, type PgTarget } from "../../../server/src/database/pg-target.ts";
import { readSessions, signalSession, type Session, type Signal } from "../../../server/src/database/sessions.ts";
import { readStatistics, type Statistics } from "../../../server/src/database/statistics.ts";
import { parseDatabaseUrl, renderDatabase } from "../../../server/src/database/url.ts";
import type { Log } from "../log.ts";
import { readSettings } from "../settings.ts";
import { guard } from "./guard.ts";
import { thisMachine } from "./machine.ts";
import type { StandingReader } from "./read.ts";
import type { DatabaseSources } from "./sources.ts";
import { t } from "../l10n.ts";
import { isVirtual } from "../virtual.ts";

export type Overview =
  | { readonly kind: "unread" }
  /** It may not be one for development, and nobody has said that it may be looked into. */
  | { readonly kind: "guarded"; readonly reasons: readonly string[] }
  /** `elsewhere`: the URL that is known is of another database than the one that Alembic uses. */
  | { readonly kind: "noUrl" | "elsewhere" }
  | { readonly kind: "otherDialect"; readonly dialect: string }
  | { readonly kind: "failed"; readonly reason: string }
  | {
      readonly kind: "read";
      readonly sessions: readonly Session[];
      readonly sizes?: Statistics;
      /** Why there are no sizes. */
      readonly sizesReason?: string;
    };

interface Reached {
  readonly target: PgTarget;
  /** `dev@localhost/app`. */
  readonly name: string;
  /** Why it may not be one for development; empty: nothing speaks against it. */
  readonly reasons: readonly string[];
}

export interface DatabaseLook {
  /** `sizes`: also those of the tables, which takes longer. */
  readonly read: (project: ProjectNode, before: Overview, sizes: boolean) => Promise<Overview>;
  /** Until the window is closed the person has agreed to look into this one. */
  readonly allow: (project: ProjectNode) => void;
  readonly signal: (project: ProjectNode, session: Session, signal: Signal) => Promise<SignalAnswer>;
  /** What a question about it has to say: its name, and why it may not be one for development. */
  readonly describe: (project: ProjectNode) => Promise<Pick<Reached, "name" | "reasons"> | undefined>;
}

export type SignalAnswer =
  { readonly ok: true; readonly isDone: boolean } | { readonly ok: false; readonly reason: string };

export const createDatabaseLook = (
  sources: DatabaseSources,
  { isElsewhere }: Pick<StandingReader, "isElsewhere">,
  log: Log,
): DatabaseLook => {
  const allowed = new Set<string>();
  const reach = async (project: ProjectNode): Promise<Reached | Overview> => {
    const source = await sources.find(project);
    const url = source && parseDatabaseUrl(source.url);
    if (source === undefined || url === undefined) return { kind: "noUrl" };
    if (isElsewhere(project, source.url)) return { kind: "elsewhere" };
    const environment = await sources.environmentOf(project);
    const target = toPgTarget(url, environment);
    if (target === undefined) return { kind: "otherDialect", dialect: url.dialect };
    const calledBy = [project.section, source.calledBy];
    const { protectedDatabases } = readSettings(vscode.Uri.parse(project.folderUri));
    const { reasons } = guard([{ url, calledBy }], thisMachine(environment), protectedDatabases);
    return { target, name: renderDatabase(url, environment), reasons };
  };
  return {
    read: async (project, before, withSizes) => {
      if (!vscode.workspace.isTrusted || isVirtual(project)) return { kind: "unread" };
      const reached = await reach(project);
      if ("kind" in reached) return reached;
      if (reached.reasons.length > 0 && !allowed.has(project.id)) return { kind: "guarded", reasons: reached.reasons };
      const sessions = await readSessions(reached.target);
      if (!sessions.ok) return { kind: "failed", reason: log.mask(sessions.reason) };
      const old = before.kind === "read" ? before : undefined;
      if (!withSizes && old !== undefined) return { ...old, sessions: sessions.value };
      const sizes = await readStatistics(reached.target);
      return {
        kind: "read",
        sessions: sessions.value,
        ...(sizes.ok ? { sizes: sizes.value } : { sizesReason: log.mask(sizes.reason) }),
      };
    },
    allow: (project) => allowed.add(project.id),
    signal: async (project, session, signal) => {
      if (!vscode.workspace.isTrusted) return { ok: false, reason: t("This folder is in Restricted Mode.") };
      const reached = await reach(project);
      if ("kind" in reached) return { ok: false, reason: t("No PostgreSQL database is known for the project.") };
      const answer = await signalSession(reached.target, session, signal);
      if (!answer.ok) return { ok: false, reason: log.mask(answer.reason) };
      log.info(`${reached.name}: ${signal} session ${String(session.pid)}: ${answer.value ? "done" : "it is gone"}`);
      return { ok: true, isDone: answer.value };
    },
    describe: async (project) => {
      const reached = await reach(project);
      return "kind" in reached ? undefined : { name: reached.name, reasons: reached.reasons };
    },
  };
};
