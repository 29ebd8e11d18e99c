/** Tasks `alembic: upgrade head` and others: asked about and guarded as the commands are, with an exit code to build on. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { alone } from "../alembic/alone.ts";
import { failureOf } from "../alembic/current.ts";
import { mayRun } from "../alembic/judge.ts";
import { planUpgrade } from "../alembic/plan.ts";
import { prepare, type Prepared } from "../alembic/prepare.ts";
import { startAlembic, type Running } from "../alembic/process.ts";
import type { Tools } from "../alembic/toolchain.ts";
import { wordsOf } from "../log.ts";
import type { Services } from "../services.ts";
import { readSettings } from "../settings.ts";
import { effectOf, readTask, renderProblemLine, targetOf, type AlembicTask } from "./definition.ts";
import { t } from "../l10n.ts";
import { isVirtualWindow } from "../virtual.ts";

const type = "alembic";
const offered = ["upgrade head", "downgrade -1", "current", "check"] as const;

export const registerTasks = (context: vscode.ExtensionContext, services: Services): void => {
  const toTask = (definition: vscode.TaskDefinition, task: AlembicTask, scope: vscode.WorkspaceFolder): vscode.Task => {
    const name = [task.command.join(" "), ...(task.config === undefined ? [] : [`(${task.config})`])].join(" ");
    const execution = new vscode.CustomExecution(() => Promise.resolve(createTerminal(services, task)));
    return new vscode.Task(definition, scope, name, type, execution, "$alembic");
  };
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(type, {
      provideTasks: () => {
        if (!vscode.workspace.isTrusted || isVirtualWindow()) return [];
        const projects = services.projects.all().map(({ node }) => node);
        return projects.flatMap((project) => {
          const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(project.folderUri));
          if (folder === undefined || project.configUri === undefined) return [];
          const config =
            projects.length > 1
              ? { config: vscode.workspace.asRelativePath(vscode.Uri.parse(project.configUri), false) }
              : {};
          return offered.map((command) =>
            toTask({ type, command, ...config }, { command: command.split(" "), ...config }, folder),
          );
        });
      },
      resolveTask: ({ definition, scope }) => {
        const task = readTask(definition);
        const isFolder = typeof scope === "object";
        return task === undefined || !isFolder || !vscode.workspace.isTrusted
          ? undefined
          : toTask(definition, task, scope);
      },
    }),
  );
};

/** What a task's terminal ends with where nothing ran. */
const notRun = 1;

const createTerminal = (services: Services, task: AlembicTask): vscode.Pseudoterminal => {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number>();
  let running: Running | undefined;
  const write = (line: string): void => {
    written.fire(`${services.log.mask(line).replaceAll(/\r?\n/g, "\r\n")}\r\n`);
  };
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: () => {
      const started = (one: Running): void => {
        running = one;
      };
      runTask(services, task, { write, started }).then(
        (code) => {
          closed.fire(code);
        },
        (error: unknown) => {
          write(wordsOf(error));
          closed.fire(notRun);
        },
      );
    },
    close: () => running?.interrupt(),
    handleInput: (data) => {
      if (data === "\u0003") running?.interrupt();
    },
  };
};

interface Terminal {
  readonly write: (line: string) => void;
  readonly started: (running: Running) => void;
}

const whyNot = {
  restricted: t("this folder is in Restricted Mode"),
  virtual: t("this workspace lies on no disk"),
  noConfig: t("there is no config file that it could run with"),
} as const;

const runTask = async (services: Services, task: AlembicTask, terminal: Terminal): Promise<number> => {
  const project = findProject(services, task);
  if (typeof project === "string") {
    terminal.write(project);
    return notRun;
  }
  const effect = effectOf(task.command);
  if (effect === undefined) {
    const found = await services.toolchain.find(project);
    if (found.kind === "tools") return runAlembic(found.tools, task, terminal);
    terminal.write(
      found.kind === "noInterpreter" ? found.tried.join("\n") : t("Alembic cannot run here: {0}.", whyNot[found.kind]),
    );
    return notRun;
  }
  const code = await alone(services, project, async () => {
    const prepared = await prepare(services, project, { mayBeUnknown: effect === "stamp" });
    if (prepared === undefined || !(await isAgreed(services, prepared, task))) {
      terminal.write(t("Nothing was run."));
      return notRun;
    }
    const ended = await runAlembic(prepared.tools, task, terminal);
    await services.projects.readStandings([project.id]);
    return ended;
  });
  return code ?? notRun;
};

/** A task stands in a file of the workspace: it may do what the commands may, after the same questions. */
const isAgreed = (services: Services, prepared: Prepared, { command }: AlembicTask): Promise<boolean> => {
  const { node, applied } = prepared;
  const kind = effectOf(command) ?? "upgrade";
  const target = targetOf(command);
  const toHead = kind === "upgrade" && (target === "head" || target === "heads");
  const confirmsDowngrades = readSettings(vscode.Uri.parse(node.folderUri)).confirmDowngrade === "always";
  return mayRun(services, prepared, {
    kind,
    target: target || node.versionTable,
    revisions: toHead ? planUpgrade(node.revisions, applied, node.heads) : [],
    notes: [t("A task asks for it: {0}", `alembic ${command.join(" ")}`)],
    always: kind === "stamp" || (kind === "downgrade" && confirmsDowngrades),
  });
};

const findProject = (services: Services, { config }: AlembicTask): ProjectNode | string => {
  const all = services.projects.all().map(({ node }) => node);
  const isNamed = ({ configUri }: ProjectNode): boolean =>
    configUri !== undefined && vscode.workspace.asRelativePath(vscode.Uri.parse(configUri), false) === config;
  const found = config === undefined ? all : all.filter(isNamed);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only !== undefined) return t('The workspace has {0} projects: name one by "config" in the task.', found.length);
  return config === undefined
    ? t("There is no Alembic project in this workspace.")
    : t("There is no Alembic project with the config {0} in this workspace.", config);
};

const runAlembic = async (tools: Tools, { command }: AlembicTask, { write, started }: Terminal): Promise<number> => {
  const running = startAlembic({ ...tools, command, onLine: write });
  started(running);
  write(`$ ${running.commandLine}`);
  const finished = await running.finished;
  if (finished.exitCode !== 0) {
    const { places, reason } = failureOf(finished, tools.folder);
    write(renderProblemLine(places?.[0], reason));
  }
  return finished.exitCode ?? notRun;
};
