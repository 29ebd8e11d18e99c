/** New files in the form of the project's `script.py.mako`: how their header and their identifiers are written. */
import { readRevision } from "../model/read.ts";
import type { ModuleItem, RevisionFile } from "../model/revision.ts";
import { momentAt, parseMoment, renderMoment } from "../project/moment.ts";
import { renderRevision } from "../project/revision-template.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { namesIn, pruneNew } from "./module.ts";

type Config = Pick<ProjectConfig, "template" | "databases" | "dialect">;

/**
 * The text of a new file that was made from an older one, as the project writes new files now. What the template does
 * not tell stays as it is, and all of it where the template cannot be followed.
 */
export function inProjectForm(config: Config, path: string, text: string): string {
  const { dialect, template, databases } = config;
  if (template === undefined) return text;
  const file = readRevision(path, text, { dialect });
  const { revision, downRevision, branchLabels, dependsOn } = file.identifiers;
  const written = file.header?.createDate?.value ?? "";
  const rendered = renderRevision(template.text, {
    revision: revision?.value ?? "",
    message: file.header?.message.value ?? "",
    parents: downRevision?.value ?? [],
    branchLabels: branchLabels?.value ?? [],
    dependsOn: dependsOn?.value ?? [],
    // Without a date of its own the header stays, so that this one is never seen.
    createDate: parseMoment(written) ?? momentAt(0, undefined),
    databases,
  });
  if ("cause" in rendered) return text;
  const form = readRevision(path, rendered.value, { dialect });
  if (!form.isRevision || form.problems.length > 0) return text;
  const declarations = declarationEdits(file, form);
  const formed = applyEdits(text, [
    ...headerEdits(file, form),
    ...declarations,
    ...importEdits(file, form, declarations),
  ]);
  return declarations.length === 0 ? formed : withoutIdleImports(path, formed, config);
}

/** The docstring as a whole, where it holds nothing but what Alembic writes and would come back with the same date. */
function headerEdits(file: RevisionFile, form: RevisionFile): readonly TextEdit[] {
  const { header } = file;
  const fields = [header?.revisionId, header?.revises, header?.createDate];
  if (header === undefined || form.header === undefined || fields.includes(undefined)) return [];
  const moment = parseMoment(header.createDate?.value ?? "");
  if (moment === undefined || renderMoment(moment) !== header.createDate?.value) return [];
  const lines = slice(file.text, header.range).split(/\r\n|\r|\n/);
  const filled = lines.filter((line) => /[^\s"']/.test(line));
  if (header.message.value === "" || filled.length !== fields.length + 1) return [];
  const newText = slice(form.text, form.header.range).replaceAll(/\r\n|\r|\n/g, file.newline);
  return newText === slice(file.text, header.range) ? [] : [{ range: header.range, newText }];
}

/** `revision: str = ` and its like: all that stands before the values. */
function declarationEdits({ text, identifiers }: RevisionFile, form: RevisionFile): readonly TextEdit[] {
  return (["revision", "downRevision", "branchLabels", "dependsOn"] as const).flatMap((name) => {
    const own = identifiers[name];
    const wanted = form.identifiers[name];
    if (own === undefined || wanted === undefined) return [];
    const range = { start: own.statement.start, end: own.range.start };
    const newText = form.text.slice(wanted.statement.start, wanted.range.start);
    return slice(text, range) === newText || /[\r\n(]/.test(newText) ? [] : [{ range, newText }];
  });
}

const isImport = ({ kind }: ModuleItem): boolean => kind === "import";

/** What the new annotations name and the file does not import yet. */
function importEdits(file: RevisionFile, form: RevisionFile, declarations: readonly TextEdit[]): readonly TextEdit[] {
  const bound = new Set(file.module.flatMap(({ binds }) => binds));
  const wanted = new Set(declarations.flatMap(({ newText }) => namesIn(newText)).filter((name) => !bound.has(name)));
  const items = form.module.filter((item) => isImport(item) && item.binds.some((name) => wanted.has(name)));
  const first = file.module.find((item) => isImport(item) && !/\b__future__\b/.test(slice(file.text, item.range)));
  const at = first?.range.start ?? file.module.find(({ kind }) => kind === "identifier")?.lines.start;
  if (items.length === 0 || at === undefined) return [];
  const newText = items.map((item) => slice(form.text, item.range) + file.newline).join("");
  return [{ range: { start: at, end: at }, newText }];
}

/** Annotations that are gone leave their imports behind. */
function withoutIdleImports(path: string, text: string, { dialect }: Config): string {
  const file = readRevision(path, text, { dialect });
  const used = file.module.flatMap((item) => (isImport(item) ? [] : namesIn(slice(text, item.range))));
  return applyEdits(text, pruneNew(file, used));
}
