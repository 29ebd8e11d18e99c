/** A session that follows the editor: documents as they are typed, files as they change on disk, settings, folders. */
import { stat } from "node:fs/promises";
import { FileChangeType, type Connection, type FileEvent, type TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { buildIdentity } from "../host/build-identity.ts";
import { cacheFolder } from "../host/cache-folder.ts";
import { nodeFiles } from "../host/files.ts";
import { keptFiles } from "../host/kept-files.ts";
import { machineThreads } from "../host/reading/machine.ts";
import { createQuickReader, type Means } from "../host/reading/read-many.ts";
import { readProjectSettings } from "../host/project-settings.ts";
import type { FileSource, Log } from "../project/ports.ts";
import { rules } from "../rules/index.ts";
import { isSettingsFileName } from "../settings/file.ts";
import type { ProjectProblem } from "../project/snapshot.ts";
import { ProjectStore } from "../project/store.ts";
import { defaultSettings, mergeSettings, type GivenSettings, type Settings } from "../settings/settings.ts";
import type { Client } from "./capabilities.ts";
import { pathOf } from "./convert.ts";
import { editorSettings, noEditorSettings, type EditorSettings } from "./editor-settings.ts";
import { watchPast } from "./past.ts";
import { documentAt, type Session } from "./session.ts";
import { isVirtual, workspaceFiles } from "./virtual.ts";

export interface LiveSession extends Session {
  /** Reads the workspace folders. */
  open(): void;
  /** Told before the change that it comes with. */
  documentOpened(uri: string): void;
  documentChanged(uri: string, text: string): void;
  documentClosed(uri: string): void;
  filesChanged(events: readonly FileEvent[]): void;
  foldersChanged(added: readonly string[], removed: readonly string[]): void;
  configurationChanged(pushed: unknown): void;
  /** The workspace is trusted from now on. */
  trusted(): void;
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

/** Whatever makes the first reading of a large workspace quick. */
function means(): Pick<Means, "kept" | "threads"> {
  const folder = cacheFolder();
  return { threads: machineThreads(), ...(folder === undefined ? {} : { kept: keptFiles(folder, buildIdentity) }) };
}

const found = (text: string | undefined): void => {
  if (text === undefined) throw new Error("There is no such file.");
};

const isThere = (files: FileSource, path: string): Promise<boolean> =>
  (isVirtual(path) ? files.read(path).then(found) : stat(path)).then(
    () => true,
    () => false,
  );

/** Long enough that a burst of typing is told to others once, short enough that the tree seems to follow. */
const quietMilliseconds = 150;

export function createLiveSession({ connection, client, log, documents, roots: initialRoots }: Setup): LiveSession {
  const files = workspaceFiles(connection);
  // Threads and what is kept between starts read the disk.
  const { readMany } = createQuickReader({ files: nodeFiles, ...means() });
  const store = new ProjectStore(files, log, (reading) =>
    isVirtual(reading.config.root) ? Promise.resolve(new Map()) : readMany(reading),
  );
  const listeners: (() => void)[] = [];
  let roots = [...initialRoots];
  let editor: EditorSettings = noEditorSettings;
  /** By project folder; the editor's settings laid over those of the team. */
  let settings = new Map<string, Settings>();
  /** By project folder: what is wrong with what the team has written down. */
  const teamProblems = new Map<string, readonly ProjectProblem[]>();
  /** By project folder: what the team has written down when it last was without a mistake. */
  const lastGood = new Map<string, GivenSettings>();
  /** Settings are looked for in what is typed, where their file is open. */
  const typedFiles: FileSource = {
    read: async (path) => documentAt(documents, path)?.getText() ?? files.read(path),
    list: (path) => files.list(path),
  };
  const past = watchPast({ log, isTrusted: client.trusted });
  /** Opened, and not told of since. */
  const justOpened = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  /** Git is being asked, beside the queue; and has to be asked again, as more has been opened since. */
  let looking: Promise<void> | undefined;
  let looksAgain = false;
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
    const team = await readProjectSettings(typedFiles, root, rules);
    for (const { file, message } of team.problems) log.warn(`${file}: ${message}`);
    teamProblems.set(root, team.problems);
    if (team.problems.length === 0) lastGood.set(root, team.given);
    const merged = mergeSettings([lastGood.get(root) ?? team.given, editor.given]);
    settings.set(root, merged);
    return merged;
  };

  /** Only these make files read otherwise; everything else about them is asked for when it is needed. */
  const reread = async (): Promise<void> => {
    const before = settings;
    settings = new Map();
    const { projects } = store.snapshot();
    const now = await Promise.all(projects.map(({ config }) => settingsAt(config.root)));
    const isOther = projects.some(({ config }, i) => {
      const was = before.get(config.root);
      return was?.dialect !== now[i]?.dialect || was?.statistics !== now[i]?.statistics;
    });
    if (isOther) await reopen();
  };

  /** The settings are asked for while a project is read, so that they are there when its findings are. */
  const reopen = (): Promise<void> => store.open(roots, { loose: false, chosen: settingsAt });

  const askGit = async (): Promise<void> => {
    const open = new Set(documents.all().flatMap(({ uri }) => pathOf(uri) ?? []));
    const onDisk = store.snapshot().projects.filter(({ config }) => !isVirtual(config.root));
    await past.look(onDisk, open);
    await store.learn(past.revised());
  };

  const lookBack = (): void => {
    enqueue("Asking git", askGit);
  };

  /** Others commit, fetch and change branches; nobody tells. Whoever types does not wait for git. */
  const lookAside = (): void => {
    if (looking !== undefined) {
      looksAgain = true;
      return;
    }
    looking = queue
      .then(askGit)
      .catch((error: unknown) => {
        log.error(`Asking git: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      })
      .then(() => {
        looking = undefined;
        announce();
        if (!looksAgain) return;
        looksAgain = false;
        lookAside();
      });
  };

  const enqueueText = (path: string, typed: string | undefined, isOpening = false): void => {
    enqueue(`Reading ${path}`, async () => {
      // An editor keeps the text of a file that is gone for a while, shows it to nobody, and tells it to a server that starts anew.
      const text = isOpening && !(await isThere(files, path)) ? undefined : typed;
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (isSettingsFileName(name)) {
        await reread();
        past.expire();
      }
      if (name !== "retort.toml") await store.update(path, text);
    });
    if (past.isStale() || (isOpening && past.isTrusted())) lookAside();
  };

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
    development: new Map(),
    standings: new Map(),
    documents,
    settled: () => queue,
    lastRead: (path) => files.lastRead(path),
    workspace: () => store.snapshot(),
    settingsProblems: () => store.snapshot().projects.flatMap(({ config }) => teamProblems.get(config.root) ?? []),
    published: (project) => past.published(project),
    isTrusted: () => past.isTrusted(),
    isPast: (project, path) => past.has(project, settings.get(project.config.root), path),
    settings: (project) => settings.get(project.config.root) ?? mergedDefaults(editor.given),
    get scope() {
      return editor.scope;
    },
    get showsLocks() {
      return editor.showsLocks;
    },
    open() {
      enqueue("Reading the workspace", () => readSettings(undefined));
      lookBack();
    },
    documentOpened(uri) {
      justOpened.add(uri);
    },
    documentChanged(uri, text) {
      const path = pathOf(uri);
      const isOpening = justOpened.delete(uri);
      if (path !== undefined) enqueueText(path, text, isOpening);
    },
    documentClosed(uri) {
      const path = pathOf(uri);
      if (path !== undefined) enqueueText(path, undefined);
    },
    filesChanged(events) {
      for (const { uri, type } of events) {
        const path = pathOf(uri);
        const open = path === undefined ? undefined : documentAt(documents, path);
        // What is typed counts; the file behind it is only what was saved last.
        if (path === undefined || (open && type === FileChangeType.Changed)) continue;
        if (path.endsWith(".json") && !store.isStatistics(path)) continue;
        // As when it is opened: the text of a file that is gone does not count.
        enqueueText(path, type === FileChangeType.Deleted ? undefined : open?.getText());
      }
    },
    foldersChanged(added, removed) {
      roots = [...roots.filter((root) => !removed.includes(root)), ...added];
      enqueue("Reading the workspace folders", reopen);
      lookBack();
    },
    configurationChanged(pushed) {
      enqueue("Reading the settings", () => readSettings(pushed));
      lookBack();
    },
    trusted() {
      past.trust();
      lookBack();
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
