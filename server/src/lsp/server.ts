/** Wires the connection: which request goes where, and what a change sets off. The answers are made elsewhere. */
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocuments,
  type Connection,
  type InitializeParams,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { loadEngine } from "../host/engine.ts";
import {
  methods,
  type LostRevisionAnswer,
  type LostRevisionRequest,
  type MergedHeadsAnswer,
  type MergedHeadsRequest,
  type PreviewAnswer,
  type PreviewRequest,
  type ProjectsAnswer,
  type ReviewAnswer,
  type ReviewRequest,
  type SizesAnswer,
  type SizesRequest,
  type StandingNotice,
  type SummaryAnswer,
  type SummaryRequest,
} from "../protocol/index.ts";
import { readClient, serverCapabilities } from "./capabilities.ts";
import { codeActions, resolveCodeAction } from "./code-actions.ts";
import { completions, resolveCompletion } from "./completion.ts";
import { pathOf } from "./convert.ts";
import { answerGraph } from "./graph.ts";
import { documentDiagnostics, documentReport, workspaceReport } from "./diagnostics.ts";
import { hover } from "./hover.ts";
import { inlays } from "./inlay-hints.ts";
import { isolated } from "./isolate.ts";
import { connectionLog } from "./log.ts";
import { answerNavigation } from "./navigation.ts";
import { previewAnswer } from "./preview.ts";
import { projectsAnswer } from "./projects.ts";
import { lostRevisionAnswer, mergedHeadsAnswer } from "./repository.ts";
import { reviewAnswer } from "./review.ts";
import { takeSizes } from "./sizes.ts";
import { summaryAnswer } from "./summary.ts";
import { createLiveSession, type LiveSession } from "./live.ts";
import { admitFolder } from "./virtual.ts";

const watched = ["**/*.py", "**/*.ini", "**/pyproject.toml", "**/retort.toml", "**/*.json"];

export function serve(connection: Connection): void {
  const log = connectionLog(connection.console);
  const documents = new TextDocuments(TextDocument);
  let session: LiveSession | undefined;

  connection.onInitialize(async (params) => {
    await loadEngine();
    const client = readClient(params.capabilities, params.initializationOptions);
    session = createLiveSession({ connection, client, log, documents, roots: rootsOf(params) });
    answer(connection, session);
    return { capabilities: serverCapabilities(client), serverInfo: { name: "retort" } };
  });

  connection.onInitialized(() => {
    if (!session) return;
    // First of all, so that every request from now on waits for the workspace to be read.
    session.open();
    void register(connection, session);
  });

  // Registered before listening, so that no change is lost; until a session is there, documents are kept by themselves.
  documents.onDidOpen(({ document }) => session?.documentOpened(document.uri));
  documents.onDidChangeContent(({ document }) => session?.documentChanged(document.uri, document.getText()));
  documents.onDidClose(({ document }) => session?.documentClosed(document.uri));
  documents.listen(connection);
}

const rootsOf = ({ workspaceFolders, rootUri }: InitializeParams): string[] =>
  pathsOf(workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []));

function pathsOf(folders: readonly string[]): string[] {
  for (const uri of folders) admitFolder(uri);
  return folders.flatMap((uri) => pathOf(uri) ?? []);
}

/** Asks to be told of changes. An editor that takes no registration gets a server that does not hear of them. */
async function register(connection: Connection, session: LiveSession): Promise<void> {
  const { client, log } = session;
  try {
    if (client.registersWatchers) {
      const watchers = watched.map((globPattern) => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (client.configuration)
      await connection.client.register(DidChangeConfigurationNotification.type, { section: "retort" });
  } catch (error) {
    log.warn(`The editor took no registration: ${String(error)}`);
  }
  if (client.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      session.foldersChanged(
        pathsOf(added.map(({ uri }) => uri)),
        removed.flatMap(({ uri }) => pathOf(uri) ?? []),
      );
    });
  }
}

/** Every request waits until the changes before it are in the snapshot. */
function answer(connection: Connection, session: LiveSession): void {
  const { log, documents } = session;
  const settled =
    <P, R>(handler: (params: P) => R) =>
    async (params: P): Promise<Awaited<R>> => {
      await session.settled();
      return await handler(params);
    };

  answerNavigation(connection, session);
  connection.onDidChangeConfiguration(({ settings }) => {
    session.configurationChanged(settings);
  });
  connection.onNotification(methods.standing, ({ projectId, database, versions }: StandingNotice) => {
    if (versions === undefined) session.standings.delete(projectId);
    else session.standings.set(projectId, { database, versions });
  });
  connection.onNotification(methods.trusted, () => {
    session.trusted();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    session.filesChanged(changes);
  });

  connection.languages.diagnostics.on(
    isolated(
      "diagnostics",
      log,
      { kind: "full", items: [] },
      settled(({ textDocument, previousResultId }) => documentReport(session, textDocument.uri, previousResultId)),
    ),
  );
  connection.languages.diagnostics.onWorkspace(
    isolated(
      "workspace diagnostics",
      log,
      { items: [] },
      settled(({ previousResultIds }) => workspaceReport(session, previousResultIds)),
    ),
  );
  connection.onHover(
    isolated(
      "hover",
      log,
      null,
      settled((params) => hover(session, params)),
    ),
  );
  connection.languages.inlayHint.on(
    isolated(
      "inlay hints",
      log,
      [],
      settled((params) => inlays(session, params)),
    ),
  );
  connection.onCompletion(
    isolated(
      "completion",
      log,
      { items: [], isIncomplete: false },
      settled((params) => completions(session, params)),
    ),
  );
  connection.onCompletionResolve((item, token) =>
    isolated(
      "completion",
      log,
      item,
      settled(() => resolveCompletion(session, item)),
    )(item, token),
  );
  connection.onCodeAction(
    isolated(
      "code actions",
      log,
      [],
      settled((params) => codeActions(session, params)),
    ),
  );
  connection.onCodeActionResolve((action, token) =>
    isolated(
      "code action",
      log,
      action,
      settled(() => resolveCodeAction(session, action)),
    )(action, token),
  );
  connection.onRequest(
    methods.projects,
    isolated<unknown, ProjectsAnswer>(
      "projects",
      log,
      { projects: [], problems: ["The language server failed; see its log."] },
      settled(() => projectsAnswer(session)),
    ),
  );
  connection.onRequest(
    methods.preview,
    isolated<PreviewRequest, PreviewAnswer>(
      "preview",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => previewAnswer(session, request)),
    ),
  );
  connection.onRequest(
    methods.sizes,
    isolated<SizesRequest, SizesAnswer>(
      "sizes",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => takeSizes(session, request)),
    ),
  );
  answerGraph(connection, session);
  connection.onRequest(
    methods.summary,
    isolated<SummaryRequest, SummaryAnswer>(
      "summary",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => summaryAnswer(session, request)),
    ),
  );
  connection.onRequest(
    methods.review,
    isolated<ReviewRequest, ReviewAnswer>(
      "review",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => reviewAnswer(session, request)),
    ),
  );
  connection.onRequest(
    methods.lostRevision,
    isolated<LostRevisionRequest, LostRevisionAnswer>(
      "lost revision",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => lostRevisionAnswer(session, request)),
    ),
  );
  connection.onRequest(
    methods.mergedHeads,
    isolated<MergedHeadsRequest, MergedHeadsAnswer>(
      "merged heads",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      settled((request) => mergedHeadsAnswer(session, request)),
    ),
  );
  session.onChanged(() => {
    void connection.sendNotification(methods.projectsChanged);
    // A change of the history far from a file changes what its operations meet.
    if (session.client.refreshesInlayHints) {
      connection.languages.inlayHint.refresh().catch((error: unknown) => {
        log.warn(`The editor did not refresh inlay hints: ${String(error)}`);
      });
    }
    if (!session.client.pullsDiagnostics) {
      for (const { uri } of documents.all()) {
        void connection.sendDiagnostics({ uri, diagnostics: documentDiagnostics(session, uri) });
      }
    } else if (session.client.refreshesDiagnostics) {
      connection.languages.diagnostics.refresh().catch((error: unknown) => {
        log.warn(`The editor did not refresh diagnostics: ${String(error)}`);
      });
    }
  });
}
