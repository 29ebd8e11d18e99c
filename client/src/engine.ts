/** The language server, and the questions that the client asks it. */
import * as vscode from "vscode";
import {
  CodeActionKind,
  CodeActionRequest,
  CodeActionResolveRequest,
  LanguageClient,
  TransportKind,
  type CodeAction,
} from "vscode-languageclient/node";
import {
  methods,
  type LostRevisionAnswer,
  type MergedHeadsAnswer,
  type GlancesAnswer,
  type GlancesRequest,
  type OperationsAnswer,
  type OperationsRequest,
  type LensesAnswer,
  type PreviewAnswer,
  type PreviewRequest,
  type ProjectsAnswer,
  type ReviewAnswer,
  type ReviewRequest,
  type SizesAnswer,
  type SizesRequest,
  type StandingNotice,
  type SummaryAnswer,
} from "../../server/src/protocol/index.ts";
import { t } from "./l10n.ts";
import { pageScheme } from "./documents/pages.ts";
import { answerFiles } from "./virtual.ts";

export interface Engine {
  readonly projects: () => Promise<ProjectsAnswer>;
  readonly preview: (request: PreviewRequest) => Promise<PreviewAnswer>;
  /** Makes the edit that a preview showed. Returns why it could not be made; undefined where it was. */
  readonly apply: (request: PreviewRequest) => Promise<string | undefined>;
  /** Hands over what hovers tell of the dev database. */
  readonly sizes: (request: SizesRequest) => Promise<SizesAnswer>;
  /** What a revision file does, counted. */
  readonly summary: (uri: string) => Promise<SummaryAnswer>;
  /** A revision that no file has, in all that git knows. */
  readonly lostRevision: (projectId: string, revision: string) => Promise<LostRevisionAnswer>;
  /** Heads after a merge with the remote's default branch. */
  readonly mergedHeads: (projectId: string) => Promise<MergedHeadsAnswer>;
  readonly review: (request: ReviewRequest) => Promise<ReviewAnswer>;
  /** What some revisions do, at a glance; one of them, in full. */
  readonly glances: (request: GlancesRequest) => Promise<GlancesAnswer>;
  readonly operations: (request: OperationsRequest) => Promise<OperationsAnswer>;
  /** Where the file of a revision has room for lenses; null for other files. */
  readonly lenses: (uri: vscode.Uri) => Promise<LensesAnswer | null>;
  /** Tells the server where a dev database stands, or that this is not known any more. */
  readonly tellStanding: (notice: StandingNotice) => Promise<void>;
  readonly onProjectsChanged: vscode.Event<void>;
  /** @throws when the server does not start. */
  readonly start: () => Promise<void>;
  readonly restart: () => Promise<void>;
}

/** `dist/server.cjs`, as a process of its own. */
export const createEngine = (context: vscode.ExtensionContext): Engine => {
  const channel = vscode.window.createOutputChannel("Retort Language Server", { log: true });
  const changed = new vscode.EventEmitter<void>();
  const module = context.asAbsolutePath("dist/server.cjs");
  const client = new LanguageClient(
    "retort",
    "Retort",
    {
      run: { module, transport: TransportKind.ipc },
      debug: {
        module,
        transport: TransportKind.ipc,
        options: { execArgv: ["--enable-source-maps", "--inspect=6019"] },
      },
    },
    {
      documentSelector: [
        { language: "python" },
        { language: "ini", pattern: "**/*.ini" },
        { pattern: "**/{alembic.ini,pyproject.toml,retort.toml}" },
      ],
      outputChannel: channel,
      // In hovers the link to a rule's page; no other command.
      markdown: { isTrusted: { enabledCommands: ["retort.explainFinding"] } },
      initializationOptions: {
        previews: true,
        trusted: vscode.workspace.isTrusted,
        rulePages: "command:retort.explainFinding?%5B%22{id}%22%5D",
        pageAddresses: `${pageScheme}:/rules/{id}.md`,
      },
    },
  );
  context.subscriptions.push(
    channel,
    changed,
    client.onNotification(methods.projectsChanged, () => {
      changed.fire();
    }),
    ...answerFiles(client),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      client.sendNotification(methods.trusted).catch((error: unknown) => {
        channel.error(String(error));
      });
    }),
    { dispose: () => client.dispose() },
  );
  return {
    start: () => client.start(),
    restart: () => client.restart(),
    projects: () => client.sendRequest<ProjectsAnswer>(methods.projects),
    preview: (request) => client.sendRequest<PreviewAnswer>(methods.preview, request),
    apply: (request) => applyRefactoring(client, request),
    sizes: (request) => client.sendRequest<SizesAnswer>(methods.sizes, request),
    summary: (uri) => client.sendRequest<SummaryAnswer>(methods.summary, { uri }),
    lostRevision: (projectId, revision) =>
      client.sendRequest<LostRevisionAnswer>(methods.lostRevision, { projectId, revision }),
    mergedHeads: (projectId) => client.sendRequest<MergedHeadsAnswer>(methods.mergedHeads, { projectId }),
    review: (request) => client.sendRequest<ReviewAnswer>(methods.review, request),
    glances: (request) => client.sendRequest<GlancesAnswer>(methods.glances, request),
    operations: (request) => client.sendRequest<OperationsAnswer>(methods.operations, request),
    lenses: (uri) =>
      client.sendRequest<LensesAnswer | null>(methods.lenses, { uri: client.code2ProtocolConverter.asUri(uri) }),
    tellStanding: (notice) => client.sendNotification(methods.standing, notice),
    onProjectsChanged: changed.event,
  };
};

const start = { line: 0, character: 0 };

/** By way of the code action that other editors use: offered anew, resolved, applied. */
const applyRefactoring = async (client: LanguageClient, request: PreviewRequest): Promise<string | undefined> => {
  const actions = await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: request.uri },
    range: request.range ?? { start, end: start },
    context: { diagnostics: [], only: [CodeActionKind.RefactorRewrite] },
  });
  const offered = (actions ?? []).find(
    (action): action is CodeAction => "data" in action && isOffer(action.data, request.refactoring),
  );
  if (offered === undefined) return t("It is no longer offered for this file.");
  // Of what is only offered with its preview, which has been seen, the edit is asked for as of any other.
  const { command: _, ...direct } = offered;
  const { edit } = await client.sendRequest(CodeActionResolveRequest.type, direct);
  if (edit === undefined) return t("The server gave no edit for it.");
  const done = await vscode.workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(edit), {
    isRefactoring: true,
  });
  return done ? undefined : t("The editor refused the edit; perhaps a file has changed or exists already.");
};

const isOffer = (data: unknown, refactoring: string): boolean =>
  typeof data === "object" && data !== null && "refactoring" in data && data.refactoring === refactoring;
