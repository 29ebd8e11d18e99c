/** An editor at the other end of the protocol: real messages over streams, a real folder on disk. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type Diagnostic,
  type FullDocumentDiagnosticReport,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import {
  methods,
  type FileAnswer,
  type FileRequest,
  type FolderAnswer,
  type FolderRequest,
} from "../../server/src/protocol/index.ts";
import { startServer } from "../../server/src/lsp/start.ts";

/** As much as VS Code says of itself, where it concerns the server. */
export const vscodeLike: ClientCapabilities = {
  textDocument: {
    definition: { linkSupport: true },
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false, relatedInformation: true },
    codeAction: {
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ["edit"] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor.rewrite"] } },
    },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
    diagnostics: { refreshSupport: true },
  },
};

export interface Editor {
  readonly connection: ProtocolConnection;
  readonly root: string;
  readonly log: string[];
  /** What the person was told. */
  readonly shown: string[];
  readonly published: Map<string, Diagnostic[]>;
  /** Settings `retort.*`, asked for by the server. */
  settings: unknown;
  uri(file: string): string;
  open(file: string, text: string): Promise<string>;
  change(file: string, text: string): Promise<void>;
  diagnostics(file: string): Promise<Diagnostic[]>;
  projectsChanged: number;
  close(): Promise<void>;
}

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly settings?: unknown;
  /** The files lie on no disk: the editor hands them out. */
  readonly isVirtual?: boolean;
}

/** A name that has to be written otherwise in an address. */
const cloud = "cloud://host+x/a%20shop";

/** Writes the files to a new folder and opens it. `prepare`: what is done with the folder before. */
export async function startEditor(
  files: Readonly<Record<string, string>>,
  options: EditorOptions = {},
  prepare: (root: string) => void = () => undefined,
): Promise<Editor> {
  const root = await mkdtemp(path.join(tmpdir(), "retort-lsp-"));
  for (const [name, text] of options.isVirtual ? [] : Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  prepare(root);
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(
    createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
  );
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const versions = new Map<string, number>();
  const log: string[] = [];
  const shown: string[] = [];
  const editor: Editor = {
    connection,
    root,
    log,
    shown,
    published: new Map(),
    settings: options.settings ?? null,
    projectsChanged: 0,
    uri: (file) => (options.isVirtual ? `${cloud}/${file}` : pathToFileURL(path.join(root, file)).href),
    async open(file, text) {
      const uri = editor.uri(file);
      versions.set(uri, 1);
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "python", version: 1, text },
      });
      return uri;
    },
    async change(file, text) {
      const uri = editor.uri(file);
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    },
    async diagnostics(file) {
      const report: FullDocumentDiagnosticReport = await connection.sendRequest("textDocument/diagnostic", {
        textDocument: { uri: editor.uri(file) },
      });
      return report.items;
    },
    async close() {
      await connection.sendRequest("shutdown");
      connection.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
    log.push(message);
  });
  connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
    shown.push(message);
  });
  connection.onNotification("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: Diagnostic[] }) => {
    editor.published.set(params.uri, params.diagnostics);
  });
  connection.onNotification("retort/projectsChanged", () => {
    editor.projectsChanged++;
  });
  connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
    items.map(() => editor.settings),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  if (options.isVirtual) handOut(connection, files);
  connection.listen();
  const folder = options.isVirtual ? cloud : pathToFileURL(root).href;
  await connection.sendRequest("initialize", {
    processId: null,
    rootUri: folder,
    workspaceFolders: [{ uri: folder, name: "test" }],
    capabilities: options.capabilities ?? vscodeLike,
    initializationOptions: options.initializationOptions ?? { previews: true },
  });
  await connection.sendNotification("initialized", {});
  return editor;
}

/** As the extension does it with what the editor's own file systems hold. */
function handOut(connection: ProtocolConnection, files: Readonly<Record<string, string>>): void {
  const inside = (uri: string): string | undefined =>
    uri === cloud ? "" : uri.startsWith(`${cloud}/`) ? uri.slice(cloud.length + 1) : undefined;
  connection.onRequest<FileAnswer, unknown>(methods.readFile, ({ uri }: FileRequest): FileAnswer => {
    const text = files[inside(uri) ?? ""];
    return text === undefined ? { isMissing: true } : { base64: Buffer.from(text).toString("base64") };
  });
  connection.onRequest<FolderAnswer, unknown>(methods.listFolder, ({ uri }: FolderRequest): FolderAnswer => {
    const folder = inside(uri);
    if (folder === undefined) return { isMissing: true };
    const start = folder === "" ? "" : `${folder}/`;
    const rest = Object.keys(files).flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
    const entries = new Map(rest.map((name) => [name.split("/")[0] ?? "", name.includes("/")]));
    return rest.length === 0
      ? { isMissing: true }
      : { entries: [...entries].map(([name, isFolder]) => ({ name, folder: isFolder })) };
  });
}
