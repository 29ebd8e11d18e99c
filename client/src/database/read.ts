/** Finds out where a project's database stands: by asking PostgreSQL where its URL is known, else by asking Alembic. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { askCurrent } from "../alembic/current.ts";
import type { CurrentDatabase } from "../alembic/output.ts";
import type { Toolchain, Tools } from "../alembic/toolchain.ts";
import type { Log } from "../log.ts";
import { toPgTarget } from "../../../server/src/database/pg-target.ts";
import { readVersions, type VersionTable } from "./postgres.ts";
import type { UrlSource } from "./source.ts";
import type { DatabaseSources } from "./sources.ts";
import type { Standing } from "./standing.ts";
import { nameDatabase, parseDatabaseUrl, renderDatabase, sameDatabase } from "../../../server/src/database/url.ts";
import { t } from "../l10n.ts";
import { isVirtual } from "../virtual.ts";

export interface StandingReader {
  readonly read: (project: ProjectNode) => Promise<Standing>;
  /** Alembic said which database it uses; where that is another one than the URL names, only Alembic is asked from now on. */
  readonly learn: (project: ProjectNode, alembicUrl: string) => Promise<void>;
  /** Whether Alembic said that it uses another database than the one that this URL names. */
  readonly isElsewhere: (project: ProjectNode, url: string) => boolean;
}

export const createStandingReader = (sources: DatabaseSources, toolchain: Toolchain, log: Log): StandingReader => {
  const disagreeing = new Map<string, string>();
  return {
    read: async (project) => {
      if (!vscode.workspace.isTrusted) return { kind: "restricted" };
      if (isVirtual(project)) return { kind: "virtual" };
      const source = await sources.find(project);
      if (source !== undefined && disagreeing.get(project.id) !== source.url) {
        const standing = await askPostgres(project, { source, environment: await sources.environmentOf(project) }, log);
        if (standing?.kind === "known" || (standing !== undefined && source.givenToRetort)) return standing;
        const fromAlembic = await askAlembic(project, toolchain, log);
        return standing !== undefined && fromAlembic.kind !== "known" ? standing : fromAlembic;
      }
      return askAlembic(project, toolchain, log);
    },
    learn: async (project, alembicUrl) => {
      const source = await sources.find(project);
      const ours = source === undefined ? undefined : parseDatabaseUrl(source.url);
      const theirs = parseDatabaseUrl(alembicUrl);
      if (source === undefined || ours === undefined || theirs === undefined) return;
      if (sameDatabase(ours, theirs, await sources.environmentOf(project))) disagreeing.delete(project.id);
      else disagreeing.set(project.id, source.url);
    },
    isElsewhere: (project, url) => disagreeing.get(project.id) === url,
  };
};

/** Undefined where the URL is none of PostgreSQL's, or where only Alembic can tell which table counts. */
const askPostgres = async (
  project: ProjectNode,
  { source, environment }: { readonly source: UrlSource; readonly environment: NodeJS.ProcessEnv },
  log: Log,
): Promise<Standing | undefined> => {
  const url = parseDatabaseUrl(source.url);
  if (url === undefined)
    return source.givenToRetort
      ? { kind: "unreachable", reason: t("No database URL: {0}.", source.from), from: source.from }
      : undefined;
  const target = toPgTarget(url, environment);
  if (target === undefined) return undefined;
  const database = renderDatabase(url, environment);
  const answer = await readVersions(target, toVersionTable(project.versionTable));
  switch (answer.kind) {
    case "versions":
      log.info(`${database}: ${answer.versions.join(", ") || "nothing applied"} (by ${source.from})`);
      return {
        kind: "known",
        name: nameDatabase(url),
        database,
        versions: answer.versions,
        from: t("by {0}", source.from),
      };
    case "unreachable":
      log.warn(`${database}: ${answer.reason} (by ${source.from})`);
      return { kind: "unreachable", database, reason: log.mask(answer.reason), from: source.from };
    case "ambiguous":
      log.warn(`${database}: several schemas have a table ${project.versionTable}; asking Alembic which one it uses.`);
      return undefined;
  }
};

const toVersionTable = (name: string): VersionTable => {
  const [first = "", second] = name.split(".");
  return second === undefined ? { name: first } : { schema: first, name: second };
};

const askAlembic = async (project: ProjectNode, toolchain: Toolchain, log: Log): Promise<Standing> => {
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return found;
  return askCurrentStanding(found.tools, log);
};

const askCurrentStanding = async (tools: Tools, log: Log): Promise<Standing> => {
  const answer = await askCurrent(tools, log, { patience: 30_000 });
  if (answer.kind === "databases") {
    const versions = answer.databases.flatMap((database) => database.versions);
    return { ...nameAll(answer.databases, tools), kind: "known", versions: [...new Set(versions)], from: byAlembic };
  }
  const { unknownRevision, isConnection } = answer.failure;
  if (unknownRevision !== undefined)
    return { ...nameAll(answer.databases, tools), kind: "known", versions: [unknownRevision], from: byAlembic };
  const reason = log.mask(answer.failure.reason);
  return isConnection
    ? { kind: "unreachable", reason, from: t("Alembic's own configuration") }
    : { kind: "failed", reason };
};

const byAlembic = t("by asking Alembic");

const nameAll = (databases: readonly CurrentDatabase[], tools: Tools): { name: string; database: string } => {
  const urls = databases.map(({ url }) => parseDatabaseUrl(url));
  const [first] = urls;
  return {
    name: urls.length === 1 && first !== undefined ? nameDatabase(first) : t("Database"),
    database: urls
      .map((url) => (url === undefined ? t("not named") : renderDatabase(url, tools.environment)))
      .join(", "),
  };
};
