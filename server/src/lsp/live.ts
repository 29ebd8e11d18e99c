/** A session that follows the editor: documents as they are typed, files as they change on disk, settings, folders. */
import { FileChangeType, type Connection, type FileEvent, type TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { nodeFiles } from "../host/files.ts";
import { FileUnreadable, type Log } from "../project/ports.ts";
import { ProjectStore } from "../project/store.ts";
import type { Settings } from "../settings/settings.ts";
import type { Project } from "../project/snapshot.ts";
import type { Client } from "./capabilities.ts";
import { pathOf, uriOf } from "./convert.ts";
import { editorSettings, noEditorSettings, type EditorSettings } from "./editor-settings.ts";
import type { Session } from "./session.ts";

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
  const store = new ProjectStore({ files: nodeFiles, log });
  const listeners: (() => void)[] = [];
  let roots = [...initialRoots];
  let editor: EditorSettings = noEditorSettings;
  let settings = new WeakMap<Project, Settings>();
  let timer: NodeJS.Timeout | undefined;
  let queue: Promise<void> = Promise.resolve();

  /** One change after the other, in the order in which they came; one that fails does not stop the next. */
  const enqueue = (what: string, change: () => Promise<void> | void): void => {
    queue = queue.then(change).catch((error: unknown) => {
      log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    clearTimeout(timer);
    timer = setTimeout(() => {
      void queue.then(() => {
        for (const listener of listeners) listener();
      });
    }, quietMilliseconds);
  };

  const readSettings = async (pushed: unknown): Promise<void> => {
    const given: unknown = client.configuration ? await connection.workspace.getConfiguration("retort") : pushed;
    const next = editorSettings(given, log);
    const dialectChanged = next.given.dialect !== editor.given.dialect;
    editor = next;
    settings = new WeakMap();
    if (dialectChanged) await reopen();
  };

  const reopen = async (): Promise<void> => {
    await store.open(roots, editor.given.dialect === undefined ? {} : { dialect: editor.given.dialect });
    for (const document of documents.all()) {
      const path = pathOf(document.uri);
      if (path !== undefined) await store.update(path, document.getText());
    }
  };

  return {
    client,
    log,
    documents,
    store,
    settled: () => queue,
    workspace: () => store.snapshot(),
    settings(project) {
      const known = settings.get(project);
      if (known) return known;
      const merged = store.settings(project, editor.given);
      settings.set(project, merged);
      return merged;
    },
    get scope() {
      return editor.scope;
    },
    open() {
      enqueue("Reading the workspace", async () => {
        await readSettings(undefined);
        await reopen();
      });
    },
    documentChanged(uri, text) {
      const path = pathOf(uri);
      if (path !== undefined) enqueue(`Reading ${path}`, () => store.update(path, text));
    },
    documentClosed(uri) {
      const path = pathOf(uri);
      if (path !== undefined) enqueue(`Reading ${path}`, () => readFromDisk(store, path, log));
    },
    filesChanged(events) {
      for (const { uri, type } of events) {
        const path = pathOf(uri);
        // What is typed counts; the file behind it is only what was saved last.
        if (path === undefined || documents.get(uriOf(path))) continue;
        enqueue(`Reading ${path}`, () =>
          type === FileChangeType.Deleted ? store.update(path, undefined) : readFromDisk(store, path, log),
        );
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

async function readFromDisk(store: ProjectStore, path: string, log: Log): Promise<void> {
  try {
    await store.update(path, await nodeFiles.read(path));
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error;
    log.warn(error.message);
  }
}
