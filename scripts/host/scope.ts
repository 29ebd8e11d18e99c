/**
 * What a script started or made, undone when it ends: by `close()`, on a signal, or, as a last resort, when the
 * process exits. A person who presses Ctrl-C must find nothing left: no server, no database, no folder.
 */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Scope {
  /** Starts a program as the leader of its own process group; closing the scope ends the whole group. */
  spawn(command: string, parameters: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Makes a temporary folder that is removed with the scope. */
  folder(name: string, options?: { readonly mode?: number; readonly parent?: string }): string;
  /** Registers something to undo; what was registered last is undone first. */
  onClose(undo: () => Promise<void> | void): void;
  /** Undoes everything once; later calls wait for the first. Never rejects. */
  close(): Promise<void>;
}

interface Undo {
  readonly politely: () => Promise<void> | void;
  /** For `process.on("exit")`, where nothing can be awaited. */
  readonly atOnce?: () => void;
}

const patience = 5_000;

export function createScope(): Scope {
  const undos: Undo[] = [];
  let closing: Promise<void> | undefined;

  const lastResort = (): void => {
    for (const undo of undos.splice(0).reverse()) undo.atOnce?.();
  };
  process.once("exit", lastResort);

  const closeAll = async (): Promise<void> => {
    for (let undo = undos.at(-1); undo !== undefined; undo = undos.at(-1)) {
      try {
        await undo.politely();
      } catch {
        undo.atOnce?.();
      }
      // A process that ended has taken itself off the list.
      if (undos.at(-1) === undo) undos.pop();
    }
    process.removeListener("exit", lastResort);
  };

  /** Whoever was still at work when the end came must not begin anything new. */
  const assertOpen = (): void => {
    if (closing !== undefined) throw new Error("stopped");
  };

  return {
    spawn(command, parameters, options = {}) {
      assertOpen();
      const child = spawn(command, parameters, { ...options, detached: process.platform !== "win32" });
      const undo = { politely: () => endGroup(child), atOnce: () => signalGroup(child, "SIGKILL") };
      undos.push(undo);
      child.once("exit", () => {
        // Now, not at the end: by then the number of the group may be another's.
        signalGroup(child, "SIGKILL");
        if (undos.includes(undo)) undos.splice(undos.indexOf(undo), 1);
      });
      return child;
    },
    folder(name, { mode, parent = tmpdir() } = {}) {
      assertOpen();
      const folder = mkdtempSync(path.join(parent, `retort-${name}-`));
      if (mode !== undefined) chmodSync(folder, mode);
      const remove = (): void => removeFolder(folder);
      undos.push({ politely: remove, atOnce: remove });
      return folder;
    },
    onClose(undo) {
      undos.push({ politely: undo });
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Removes a folder; processes that are just ending may still write into it, hence the retries. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** Sends a signal to a process started by `Scope.spawn` and to all that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isRunning(child)) return;
    signalGroup(child, signal);
    await within(exited(child), patience);
  }
}

export function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** The exit code of a process; 128 or more after a signal, as a shell tells it. */
export function exited(child: ChildProcess): Promise<number> {
  if (!isRunning(child)) return Promise.resolve(child.exitCode ?? 128);
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 128)));
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** What a promise gives, or "late" when it takes longer than so many milliseconds. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
