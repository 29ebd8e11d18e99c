/** A session that follows the editor: documents as they are typed, files as they change on disk, settings, folders. */
import type { Connection, FileEvent, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { nodeFiles } from "../host/files.ts";
import { readProjectSettings } from "../host/project-settings.ts";
import type { Log } from "../project/ports.ts";
import { range } from "../text/range.ts";
import type { ProjectProblem } from "../project/snapshot.ts";
import { ProjectStore } from "../project/store.ts";
import { defaultSettings, mergeSettings, type GivenSettings, type Settings } from "../settings/settings.ts";
import type { Client } from "./capabilities.ts";
import { pathOf } from "./convert.ts";
import { editorSettings, noEditorSettings, type EditorSettings } from "./editor-settings.ts";
import { documentAt, type Session } from "./session.ts";

export interface LiveSession extends Session {
  /** Reads the workspace folders. */
  open(): void;
  documentChanged(uri: string, text: string): void;
  documentClosed(uri: string): void;
  filesChanged(events: readonly FileEvent[]): void;
  foldersChanged(added: readonly string[], removed: readonly string[]): void;
  configurationChanged(pushed: unknown): void;
  /** Called some time after changes, once for many. */
  onChanged(listener: () => void): void;
}

interface Setup {
  readonly connection: Connection;
  readonly client: Client;
  readonly log: Log;
  readonly documents: TextDocuments<TextDocument>;
  readonly roots: readonly string[];
}

/** Long enough that a burst of typing is told to others once, short enough that the tree seems to follow. */
const quietMilliseconds = 150;

export function createLiveSession({ connection, client, log, documents, roots: initialRoots }: Setup): LiveSession {
  const store = new ProjectStore(nodeFiles, log);
  const listeners: (() => void)[] = [];
  let roots = [...initialRoots];
  let editor: EditorSettings = noEditorSettings;
  /** By project folder; the editor's settings laid over those of the team. */
  let settings = new Map<string, Settings>();
  /** By project folder: what is wrong with what the team has written down. */
  const teamProblems = new Map<string, readonly ProjectProblem[]>();
  let timer: NodeJS.Timeout | undefined;
  let queue: Promise<void> = Promise.resolve();

  const announce = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void queue.then(() => {
        for (const listener of listeners) listener();
      });
    }, quietMilliseconds);
  };

  /** One change after the other, in the order in which they came; one that fails does not stop the next. */
  const enqueue = (what: string, change: () => Promise<void>): void => {
    queue = queue.then(change).catch((error: unknown) => {
      log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    announce();
  };

  const settingsAt = async (root: string): Promise<Settings> => {
    const known = settings.get(root);
    if (known) return known;
    const team = await readProjectSettings(nodeFiles, root);
    for (const message of team.problems) log.warn(`${team.file ?? root}: ${message}`);
    teamProblems.set(
      root,
      team.problems.map((message) => ({ code: "settings", message, file: team.file ?? root, range: range(0, 0) })),
    );
    const merged = mergeSettings([team.given, editor.given]);
    settings.set(root, merged);
    return merged;
  };

  /** The settings are asked for while a project is read, so that they are there when its findings are. */
  const reopen = (): Promise<void> =>
    store.open(roots, { loose: false, dialect: async (root) => (await settingsAt(root)).dialect });

  const readSettings = async (pushed: unknown): Promise<void> => {
    const given: unknown = client.configuration
      ? await connection.workspace.getConfiguration("retort")
      : pushedSettings(pushed);
    editor = editorSettings(given, log);
    settings = new Map();
    await reopen();
  };

  return {
    client,
    log,
    documents,
    settled: () => queue,
    workspace: () => store.snapshot(),
    settingsProblems: () => store.snapshot().projects.flatMap(({ config }) => teamProblems.get(config.root) ?? []),
    settings: (project) => settings.get(project.config.root) ?? mergedDefaults(editor.given),
    get scope() {
      return editor.scope;
    },
    get showsLocks() {
      return editor.showsLocks;
    },
    open() {
      enqueue("Reading the workspace", () => readSettings(undefined));
    },
    documentChanged(uri, text) {
      const path = pathOf(uri);
      if (path !== undefined) enqueue(`Reading ${path}`, () => store.update(path, text));
    },
    documentClosed(uri) {
      const path = pathOf(uri);
      if (path !== undefined) enqueue(`Reading ${path}`, () => store.update(path, undefined));
    },
    filesChanged(events) {
      for (const { uri } of events) {
        const path = pathOf(uri);
        // What is typed counts; the file behind it is only what was saved last.
        if (path === undefined || documentAt(documents, path)) continue;
        if (/\/(?:retort|pyproject)\.toml$/.test(path)) settings = new Map();
        enqueue(`Reading ${path}`, () => (path.endsWith("/retort.toml") ? reopen() : store.update(path, undefined)));
      }
    },
    foldersChanged(added, removed) {
      roots = [...roots.filter((root) => !removed.includes(root)), ...added];
      enqueue("Reading the workspace folders", reopen);
    },
    configurationChanged(pushed) {
      enqueue("Reading the settings", () => readSettings(pushed));
    },
    onChanged(listener) {
      listeners.push(listener);
    },
  };
}

const mergedDefaults = (given: GivenSettings): Settings =>
  Object.keys(given).length === 0 ? defaultSettings : mergeSettings([given]);

/** Editors without `workspace/configuration` push all settings of theirs, ours under our name. */
const pushedSettings = (pushed: unknown): unknown =>
  typeof pushed === "object" && pushed !== null && "retort" in pushed ? pushed.retort : pushed;
