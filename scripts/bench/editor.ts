/** The real language server as its own process, and an editor at the other end that types and asks. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type InitializeResult,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import { peakMegabytes } from "./child.ts";
import { percentiles, type Measure } from "./measured.ts";
import type { Random } from "./random.ts";

const capabilities: ClientCapabilities = {
  textDocument: {
    diagnostic: { relatedInformation: true },
    codeAction: {
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ["edit"] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor.rewrite"] } },
    },
  },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } },
};

interface Server {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly hovers: boolean;
  readonly completes: boolean;
}

async function startServer(program: string, root: string, cache: string): Promise<Server> {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const child = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "ignore"], env });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const uri = pathToFileURL(root).href;
  const { capabilities: offered }: InitializeResult = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: "bench" }],
    capabilities,
    initializationOptions: {},
  });
  await connection.sendNotification("initialized", {});
  return {
    process: child,
    connection,
    hovers: offered.hoverProvider !== undefined,
    completes: offered.completionProvider !== undefined,
  };
}

async function stopServer({ connection, process: child }: Server): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  await gone;
  connection.dispose();
}

interface Typed {
  readonly text: string;
  /** Behind what is typed. */
  readonly offset: number;
}

const statement = '\n    op.execute("UPDATE users SET name = lower(name) WHERE name IS NOT NULL")';

/** Where a new first statement of `upgrade()` begins. */
const startOfBody = (text: string): number => text.indexOf(":\n", text.indexOf("def upgrade")) + 1;

/** One file as it is being typed in: the texts that it goes through, each one character longer than the one before. */
function* typed(text: string): Generator<Typed> {
  const at = startOfBody(text);
  for (let round = 0; ; round++)
    for (let length = 1; length <= statement.length; length++)
      yield { text: text.slice(0, at) + statement.slice(0, length) + text.slice(at), offset: at + length };
}

export interface EditorOptions {
  readonly program: string;
  readonly root: string;
  /** A revision to type in, relative to the root. */
  readonly file: string;
  readonly edits: number;
  readonly random: Random;
}

/** All that is measured, with an empty cache and then at a second start with what the first has kept. */
export async function measureEditor(options: EditorOptions): Promise<readonly Measure[]> {
  const cache = await mkdtemp(path.join(tmpdir(), "retort-bench-"));
  try {
    return [...(await measureTyping(options, cache)), await measureStart(options, cache)];
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

interface Started {
  readonly server: Server;
  readonly text: string;
  readonly uri: string;
  readonly ready: Measure["cell"];
}

/** Opens a file, and waits until its diagnostics are there. */
async function openFile({ program, root, file }: EditorOptions, cache: string): Promise<Started> {
  const start = performance.now();
  const server = await startServer(program, root, cache);
  const text = await readFile(path.join(root, file), "utf8");
  const uri = pathToFileURL(path.join(root, file)).href;
  await server.connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "python", version: 1, text },
  });
  await server.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
  const seconds = (performance.now() - start) / 1000;
  const megabytes = peakMegabytes(server.process.pid);
  return { server, text, uri, ready: { seconds, ...(megabytes === undefined ? {} : { megabytes }) } };
}

async function measureStart(options: EditorOptions, cache: string): Promise<Measure> {
  const { server, ready } = await openFile(options, cache);
  await stopServer(server);
  return measure("language server: the same at its second start", ready);
}

async function measureTyping(options: EditorOptions, cache: string): Promise<readonly Measure[]> {
  const { edits, random } = options;
  const { server, text, uri, ready } = await openFile(options, cache);
  const { connection } = server;
  try {
    const textDocument = { uri };
    const ask = (method: string, parameters: object): Promise<unknown> => connection.sendRequest(method, parameters);

    const latest = { text };
    let version = 1;
    const change = async (next: string): Promise<void> => {
      latest.text = next;
      version++;
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text: next }],
      });
    };
    const toDiagnostics = await repeat(edits, typed(text), async (next) => {
      await change(next.text);
      await ask("textDocument/diagnostic", { textDocument });
    });
    const complete = async (next: Typed): Promise<void> => {
      await change(next.text);
      const above = next.text.slice(0, next.offset).split("\n");
      const position = { line: above.length - 1, character: above.at(-1)?.length ?? 0 };
      await ask("textDocument/completion", { textDocument, position });
    };
    const toCompletions = server.completes
      ? { milliseconds: percentiles(await repeat(edits, typed(text), complete)) }
      : { missing: "not offered" };
    const anywhere = function* () {
      for (;;) {
        const line = random.integer(latest.text.split("\n").length);
        yield { start: { line, character: 4 }, end: { line, character: 4 } };
      }
    };
    const toActions = await repeat(edits, anywhere(), (range) =>
      ask("textDocument/codeAction", { textDocument, range, context: { diagnostics: [], triggerKind: 2 } }),
    );
    const toApply = await timeActions(edits, text, { change, ask, uri });
    const toHover = server.hovers
      ? {
          milliseconds: percentiles(
            await repeat(edits, anywhere(), ({ start: position }) =>
              ask("textDocument/hover", { textDocument, position }),
            ),
          ),
        }
      : { missing: "not offered" };
    const megabytes = peakMegabytes(server.process.pid);
    return [
      measure("language server: start to first diagnostics", {
        ...ready,
        ...(megabytes === undefined ? {} : { megabytes }),
      }),
      measure("language server: edit to diagnostics", { milliseconds: percentiles(toDiagnostics) }),
      measure("language server: edit to completions", toCompletions),
      measure("language server: list of code actions", { milliseconds: percentiles(toActions) }),
      measure(
        "language server: what an action changes",
        toApply.length > 0 ? { milliseconds: percentiles(toApply) } : { missing: "not offered" },
      ),
      measure("language server: hover", toHover),
    ];
  } finally {
    await stopServer(server);
  }
}

interface Editor {
  readonly uri: string;
  change(text: string): Promise<void>;
  ask(method: string, parameters: object): Promise<unknown>;
}

/**
 * From the choice of an action to the edit that it makes, each time of a text that is new: all that is offered, in turn,
 * at a change of rows between changes of the schema.
 */
async function timeActions(times: number, text: string, { uri, change, ask }: Editor): Promise<readonly number[]> {
  const at = startOfBody(text);
  const mixed = text.slice(0, at) + statement + text.slice(at);
  const line = mixed.slice(0, at + 1).split("\n").length - 1;
  const range = { start: { line, character: 8 }, end: { line, character: 8 } };
  const asked = { textDocument: { uri }, range, context: { diagnostics: [], triggerKind: 2 } };
  const measured: number[] = [];
  for (let i = 0; i < times; i++) {
    await change(`${mixed}# ${i}\n`);
    const actions = (await ask("textDocument/codeAction", asked)) as readonly CodeAction[];
    const offered = actions.filter(({ data, disabled }) => data !== undefined && disabled === undefined);
    const action = offered[i % offered.length];
    if (!action) break;
    const start = performance.now();
    await ask("codeAction/resolve", action);
    measured.push(performance.now() - start);
  }
  return measured;
}

const measure = (what: string, cell: Measure["cell"]): Measure => ({ group: "retort", what, cell });

/** How long each of so many rounds took, in milliseconds. The first few, in which code is still being compiled, count too. */
async function repeat<T>(
  times: number,
  inputs: Iterator<T>,
  round: (input: T, index: number) => Promise<unknown>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < times; index++) {
    const next = inputs.next();
    if (next.done) break;
    const start = performance.now();
    await round(next.value, index);
    taken.push(performance.now() - start);
  }
  return taken;
}
