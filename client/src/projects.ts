/** The projects of the workspace, as the server sees them, with what is known of their databases. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../server/src/protocol/index.ts";
import type { Toolchain } from "./alembic/toolchain.ts";
import type { StandingReader } from "./database/read.ts";
import type { Standing } from "./database/standing.ts";
import type { Engine } from "./engine.ts";
import { wordsOf, type Log } from "./log.ts";
import type { ProjectView } from "./views/revisions/model.ts";
import { isVirtual } from "./virtual.ts";

export interface Projects {
  readonly onDidChange: vscode.Event<void>;
  readonly all: () => readonly ProjectView[];
  /** Files and folders that the server could not read, in words. */
  readonly problems: () => readonly string[];
  readonly find: (id: string) => ProjectView | undefined;
  /** `loading` until the server has answered once; `failed` where it could not. */
  readonly phase: () => "loading" | "ready" | "failed";
  /** Asks the server again, and the database of projects that are new or configured anew. */
  readonly reload: () => Promise<void>;
  /** Asks the databases again. */
  readonly readStandings: (ids?: readonly string[]) => Promise<void>;
  /** The same, if somebody looks at the view; asking means connecting. */
  readonly readWatched: () => Promise<void>;
  /** Databases are asked only once somebody looks; `viewer` is what they look at. */
  readonly setWatched: (viewer: string, watched: boolean) => Promise<void>;
  /** Names the revision that runs now; undefined when the run is over. */
  readonly setRunning: (id: string, revision: string | undefined) => void;
}

interface Known {
  standing: Standing;
  interpreterMissing?: readonly string[];
  /** What the standing depends on; another value makes it stale. */
  readFor?: string;
}

interface Sources {
  readonly engine: Engine;
  readonly standings: StandingReader;
  readonly toolchain: Toolchain;
  readonly log: Log;
}

export const createProjects = ({ engine, standings, toolchain, log }: Sources): Projects => {
  const changed = new vscode.EventEmitter<void>();
  const known = new Map<string, Known>();
  const running = new Map<string, string>();
  const reading = new Map<string, Promise<void>>();
  let nodes: readonly ProjectNode[] = [];
  let problems: readonly string[] = [];
  let phase: "loading" | "ready" | "failed" = "loading";
  const viewers = new Set<string>();
  let lastAnswer = "";
  let loading: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const knownOf = (id: string): Known => {
    const value = known.get(id) ?? { standing: { kind: "unread" } };
    known.set(id, value);
    return value;
  };
  const toView = (node: ProjectNode): ProjectView => {
    const { standing, interpreterMissing } = knownOf(node.id);
    const now = running.get(node.id);
    return {
      node,
      standing: isVirtual(node) ? { kind: "virtual" } : vscode.workspace.isTrusted ? standing : { kind: "restricted" },
      ...(interpreterMissing === undefined || !vscode.workspace.isTrusted ? {} : { interpreterMissing }),
      ...(now === undefined ? {} : { running: now }),
    };
  };

  const readOne = async (node: ProjectNode): Promise<void> => {
    const entry = knownOf(node.id);
    entry.readFor = dependencies(node);
    if (["unread", "unreachable", "failed"].includes(entry.standing.kind)) {
      entry.standing = { kind: "reading" };
      changed.fire();
    }
    try {
      entry.standing = await standings.read(node);
      await tellServer(node, entry.standing);
      const tools = await toolchain.find(node);
      delete entry.interpreterMissing;
      if (tools.kind === "noInterpreter") entry.interpreterMissing = tools.tried;
    } catch (error) {
      entry.standing = { kind: "unreachable", reason: log.mask(wordsOf(error)) };
      log.error(wordsOf(error));
    }
    changed.fire();
  };

  /** What has run is asked about before it is changed. */
  const tellServer = async (node: ProjectNode, standing: Standing): Promise<void> => {
    const notice =
      standing.kind === "known"
        ? { projectId: node.id, database: standing.name, versions: standing.versions }
        : { projectId: node.id, database: "" };
    await engine.tellStanding(notice).catch((error: unknown) => {
      log.error(wordsOf(error));
    });
  };

  /** One look at a time per project; who comes while one is under way waits for a fresh one after it. */
  const readAfterOthers = async (node: ProjectNode): Promise<void> => {
    const before = reading.get(node.id) ?? Promise.resolve();
    const mine = before.then(() => readOne(node));
    reading.set(node.id, mine);
    await mine;
    if (reading.get(node.id) === mine) reading.delete(node.id);
  };

  const readStandings = async (ids?: readonly string[]): Promise<void> => {
    await Promise.all(nodes.filter((node) => ids === undefined || ids.includes(node.id)).map(readAfterOthers));
  };

  const readStale = async (): Promise<void> => {
    if (viewers.size === 0) return;
    await readStandings(nodes.filter((node) => knownOf(node.id).readFor !== dependencies(node)).map((node) => node.id));
  };

  const load = async (): Promise<void> => {
    const before = phase;
    try {
      const answer = await engine.projects();
      const text = JSON.stringify(answer);
      const isNew = text !== lastAnswer;
      lastAnswer = text;
      for (const problem of answer.problems) if (!problems.includes(problem)) log.warn(problem);
      ({ projects: nodes, problems } = answer);
      phase = "ready";
      if (isNew || before !== phase) changed.fire();
    } catch (error) {
      log.error(`The language server did not tell the projects: ${wordsOf(error)}`);
      phase = nodes.length > 0 ? "ready" : "failed";
      changed.fire();
    }
    await readStale();
  };

  return {
    onDidChange: changed.event,
    all: () => nodes.map(toView),
    problems: () => problems,
    find: (id) => nodes.filter((node) => node.id === id).map(toView)[0],
    phase: () => phase,
    reload: () => {
      // While somebody types, changes come faster than answers: whoever comes during one shares the next.
      next ??= loading.then(() => {
        next = undefined;
        return load();
      });
      loading = next;
      return next;
    },
    readStandings,
    readWatched: async () => {
      if (viewers.size > 0) await readStandings();
    },
    setWatched: async (viewer, value) => {
      if (value) viewers.add(viewer);
      else viewers.delete(viewer);
      await readStale();
    },
    setRunning: (id, revision) => {
      if (revision === undefined) running.delete(id);
      else running.set(id, revision);
      changed.fire();
    },
  };
};

const dependencies = (node: ProjectNode): string =>
  JSON.stringify([node.configUri, node.section, node.url, node.versionTable, vscode.workspace.isTrusted]);
