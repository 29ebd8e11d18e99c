import { createTwoFilesPatch } from "diff";
import type { FileSource } from "../project/ports.ts";
import { difference } from "../rewrite/change.ts";
import { safeRepairs } from "../rules/fix.ts";
import { rules } from "../rules/index.ts";
import { applyEdits } from "../text/edit.ts";
import { LineIndex } from "../text/lines.ts";
import type { Command } from "./arguments.ts";
import { displayPath, exitCodes, InputError, type ExitCode, type Io } from "./io.ts";
import { openTargets } from "./targets.ts";

interface Fixed {
  readonly before: string;
  text: string;
  /** `line: title (rule)`, in the order in which they were made. */
  readonly repairs: string[];
}

/** No chain of repairs is as long as this; one that never ends is a defect of a rule, and is left where it is. */
const mostRounds = 20;

/** Files as they are now, with what has been repaired so far. */
const overlay = (files: FileSource, fixed: ReadonlyMap<string, Fixed>): FileSource => ({
  read: async (path) => fixed.get(path)?.text ?? (await files.read(path)),
  list: (path) => files.list(path),
});

type Fix = Command & { readonly name: "fix" };

async function fixAll({ paths, only, dialect }: Fix, io: Io): Promise<ReadonlyMap<string, Fixed>> {
  const chosen = only.length === 0 ? rules : rules.filter(({ id }) => only.includes(id));
  const fixed = new Map<string, Fixed>();
  // Other threads read the files themselves.
  const { threads: _, ...rest } = io;
  for (let round = 0, changed = true; changed && round < mostRounds; round++) {
    changed = false;
    const { targets, problems } = await openTargets(paths, dialect, { ...rest, files: overlay(io.files, fixed) });
    const [missing] = problems.filter(({ code }) => code === "missing");
    if (missing) throw new InputError(missing.message);
    for (const { project, settings, files } of targets) {
      for (const file of files) {
        const repairs = safeRepairs(project, file, settings, chosen);
        if (repairs.length === 0) continue;
        const known = fixed.get(file.path) ?? { before: file.text, text: file.text, repairs: [] };
        const lines = new LineIndex(file.text);
        known.text = applyEdits(
          file.text,
          repairs.flatMap(({ edits }) => edits),
        );
        for (const { range, title, rule } of repairs)
          known.repairs.push(`${lines.positionAt(range.start).line + 1}: ${title} (${rule})`);
        fixed.set(file.path, known);
        changed = true;
      }
    }
  }
  return fixed;
}

/** As `git diff` shows it, so that `git apply` takes it. */
const renderDiff = (path: string, { before, text }: Fixed): string =>
  createTwoFilesPatch(`a/${path}`, `b/${path}`, before, text, undefined, undefined, { context: 3 }).replace(
    /^=+\n/,
    "",
  );

export async function runFix(command: Fix, io: Io): Promise<ExitCode> {
  const unknown = command.only.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown !== undefined) throw new InputError(`there is no rule "${unknown}"`);
  const fixed = [...(await fixAll(command, io))].sort(([a], [b]) => (a < b ? -1 : 1));
  if (command.mode === "write")
    await io.write({
      create: [],
      edit: fixed.map(([path, { before, text }]) => ({ path, edits: [difference(before, text)] })),
    });
  for (const [path, one] of fixed) {
    const shown = displayPath(path, io.cwd);
    if (command.mode === "diff") io.out(renderDiff(shown, one));
    else for (const repair of one.repairs) io.out(`${shown}:${repair}\n`);
  }
  const count = fixed.reduce((sum, [, { repairs }]) => sum + repairs.length, 0);
  const done = command.mode === "write" ? "made" : "to make";
  io.err(
    count === 0
      ? "nothing to repair safely\n"
      : `${count} ${count === 1 ? "repair" : "repairs"} ${done} in ${fixed.length} ${fixed.length === 1 ? "file" : "files"}\n`,
  );
  return exitCodes.clean;
}
