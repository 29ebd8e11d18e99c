/** What the server knows at the moment: projects, open documents, settings, and the findings computed so far. */
import { readFileSync } from "node:fs";
import type { TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { RevisionFile } from "../model/revision.ts";
import { environmentFileOf } from "../project/environment-file.ts";
import type { Log } from "../project/ports.ts";
import type { Project, ProjectConfig, ProjectProblem, Workspace } from "../project/snapshot.ts";
import { stillHold } from "../facts/inquiry.ts";
import {
  byPlace,
  checkFileWatched,
  checkProject,
  groupByPath,
  settle,
  settleFile,
  type Checked,
  type CheckedFile,
  type Finding,
} from "../rules/check.ts";
import { rules } from "../rules/index.ts";
import { localRules, widerRules } from "../rules/reach.ts";
import type { Statistics } from "../project/statistics.ts";
import type { Settings } from "../settings/settings.ts";
import type { PostgresVersion } from "../sql/postgres-version.ts";
import type { Client } from "./capabilities.ts";
import { isUriOf, pathOf, uriOf } from "./convert.ts";

export interface Standing {
  readonly database: string;
  /** Ids in the version table. */
  readonly versions: readonly string[];
}

export interface Session {
  readonly client: Client;
  readonly log: Log;
  readonly documents: TextDocuments<TextDocument>;
  /** Resolves when all changes received so far are in the snapshot. Requests wait for it. */
  settled(): Promise<void>;
  workspace(): Workspace;
  settings(project: Project): Settings;
  /** Paths of the revisions on git's default branch; undefined where git was not asked or cannot tell. */
  published(project: Project): ReadonlySet<string> | undefined;
  /** Whether a revision is old history, of which only hints are given. */
  isPast(project: Project, path: string): boolean;
  /** Of the settings that the team has written down. */
  settingsProblems(): readonly ProjectProblem[];
  /** Which files have findings reported: those that are open, or all. */
  readonly scope: "openFiles" | "workspace";
  /** Sizes of the dev database, by project, where the person has asked for them. */
  readonly development: Map<string, Statistics>;
  /** Whether programs may be run for the workspace; git is one. */
  isTrusted(): boolean;
  /** Where the dev databases stand, by project, as far as the editor has said. */
  readonly standings: Map<string, Standing>;
  /** What was last read of a file that lies on no disk. */
  lastRead(path: string): string | undefined;
  /** Whether locks are shown behind operations. */
  readonly showsLocks: boolean;
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

/** A file of a project that can be edited: a revision, a module beside it, or env.py. */
export function locateEditable(session: Session, uri: string): Located | undefined {
  const located = locate(session, uri);
  const path = pathOf(uri);
  if (located || path === undefined) return located;
  const project = session.workspace().projects.find(({ config }) => config.env?.path === path);
  const file = project && environmentFileOf(project);
  return project && file && { project, file };
}

interface Kept<T extends Checked = Checked> {
  readonly settings: Settings;
  readonly checked: T;
}

type KeptByFile = WeakMap<RevisionFile, WeakMap<ProjectConfig, Kept<CheckedFile>>>;

/** A config is the same value until it changes, so that an edit elsewhere leaves these standing. */
const local: KeptByFile = new WeakMap();
/** These stand as long as what was asked of the rest of the project has the same answers. */
const wider: KeptByFile = new WeakMap();

/** Of the project as a whole, which is another value after every edit. */
const wholes = new WeakMap<Project, Kept>();

function logFailures(session: Session, { failures }: Checked): void {
  for (const { rule, path, error } of failures) {
    session.log.error(
      `rule ${rule} failed on ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

/** What is found in the project as a whole: in its revisions, its env.py and its config. */
export const projectFindingsOf = (session: Session, project: Project): readonly Finding[] =>
  wholeOf(session, project).findings;

function wholeOf(session: Session, project: Project): Checked {
  const settings = session.settings(project);
  const known = wholes.get(project);
  if (known?.settings === settings) return known.checked;
  const checked = checkProject(project, settings);
  logFailures(session, checked);
  wholes.set(project, { settings, checked });
  return checked;
}

/** By path, what was found in the project as a whole. */
const byPath = new WeakMap<Checked, ReadonlyMap<string, readonly Finding[]>>();
const nothing: readonly Finding[] = [];

function ofWhole(whole: Checked, path: string): readonly Finding[] {
  const known = byPath.get(whole) ?? groupByPath(whole.findings);
  byPath.set(whole, known);
  return known.get(path) ?? nothing;
}

interface Settled {
  readonly from: readonly unknown[];
  readonly findings: readonly Finding[];
}

/** Of each file the last. */
const settled = new WeakMap<RevisionFile, Settled>();

/**
 * The findings of one file of the project, revision or not, computed once for all that they depend on: the same value as long
 * as that is the same. A rule that failed is in the log.
 */
export function findingsOf(session: Session, project: Project, path: string): readonly Finding[] {
  const whole = wholeOf(session, project);
  const own = ofWhole(whole, path);
  const file = project.files.get(path);
  if (file === undefined) return settle([...own].sort(byPlace));
  const settings = session.settings(project);
  const checked = checkedOf(session, project, file);
  const from = [project.config, settings, own, ...(whole.failures.length === 0 ? [] : [whole]), ...checked];
  const known = settled.get(file);
  if (known?.from.length === from.length && known.from.every((one, index) => one === from[index]))
    return known.findings;
  const ofProject = { findings: own, failures: whole.failures };
  const findings = settleFile(project, file, settings, [ofProject, ...checked]);
  settled.set(file, { from, findings });
  return findings;
}

function checkedOf(session: Session, project: Project, file: RevisionFile): readonly Checked[] {
  if (!file.isRevision) return [];
  const settings = session.settings(project);
  const keep = (kept: KeptByFile, some: typeof rules): Checked => {
    const byConfig = kept.get(file) ?? new WeakMap<ProjectConfig, Kept<CheckedFile>>();
    const known = byConfig.get(project.config);
    if (known?.settings === settings && stillHold(known.checked.inquiries, project)) return known.checked;
    const checked = checkFileWatched(project, file, settings, some);
    logFailures(session, checked);
    kept.set(file, byConfig.set(project.config, { settings, checked }));
    return checked;
  };
  return [keep(local, localRules), keep(wider, widerRules)];
}

/** The server that the project's migrations run on, as far as the settings tell. */
export function versionsOf(session: Session, project: Project): { readonly versions?: readonly PostgresVersion[] } {
  const { postgresqlVersion } = session.settings(project);
  return postgresqlVersion === undefined ? {} : { versions: [postgresqlVersion] };
}

/** The open document of a path, however the editor writes its URI. */
export const documentAt = (documents: TextDocuments<TextDocument>, path: string): TextDocument | undefined =>
  documents.get(uriOf(path)) ?? documents.all().find(({ uri }) => isUriOf(uri, path));

/** The text that offsets of a path count in: what is typed, what was read, and for other files what is on disk. */
export function textOf(session: Session, path: string): string {
  const open = documentAt(session.documents, path);
  if (open) return open.getText();
  for (const project of session.workspace().projects) {
    const file = project.files.get(path);
    if (file) return file.text;
  }
  const read = session.lastRead(path);
  if (read !== undefined) return read;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
