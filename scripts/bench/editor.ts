/** The real language server as its own process, and an editor at the other end that types and asks. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
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

async function startServer(program: string, root: string): Promise<Server> {
  const child = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
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

/** One file as it is being typed in: the texts that it goes through, each one character longer than the one before. */
function* typed(text: string): Generator<Typed> {
  const line = '\n    op.execute("UPDATE users SET name = lower(name) WHERE name IS NOT NULL")';
  const at = text.indexOf(":\n", text.indexOf("def upgrade")) + 1;
  for (let round = 0; ; round++)
    for (let length = 1; length <= line.length; length++)
      yield { text: text.slice(0, at) + line.slice(0, length) + text.slice(at), offset: at + length };
}

export interface EditorOptions {
  readonly program: string;
  readonly root: string;
  /** A revision to type in, relative to the root. */
  readonly file: string;
  readonly edits: number;
  readonly random: Random;
}

export async function measureEditor({
  program,
  root,
  file,
  edits,
  random,
}: EditorOptions): Promise<readonly Measure[]> {
  const start = performance.now();
  const server = await startServer(program, root);
  const { connection } = server;
  try {
    const text = await readFile(path.join(root, file), "utf8");
    const uri = pathToFileURL(path.join(root, file)).href;
    const textDocument = { uri };
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text },
    });
    const ask = (method: string, parameters: object): Promise<unknown> => connection.sendRequest(method, parameters);
    await ask("textDocument/diagnostic", { textDocument });
    const ready = (performance.now() - start) / 1000;

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
        seconds: ready,
        ...(megabytes === undefined ? {} : { megabytes }),
      }),
      measure("language server: edit to diagnostics", { milliseconds: percentiles(toDiagnostics) }),
      measure("language server: edit to completions", toCompletions),
      measure("language server: list of code actions", { milliseconds: percentiles(toActions) }),
      measure("language server: hover", toHover),
    ];
  } finally {
    await stopServer(server);
  }
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
