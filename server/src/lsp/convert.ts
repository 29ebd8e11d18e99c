/** The one place that knows lines, UTF-16 positions and URIs: everything inward speaks of offsets and paths. */
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CreateFile,
  DiagnosticSeverity,
  DiagnosticTag,
  TextDocumentEdit,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  type Range as LspRange,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { Change } from "../text/edit.ts";
import { LineIndex } from "../text/lines.ts";
import type { Range } from "../text/range.ts";
import type { Rule, Severity } from "../rules/define.ts";
import { virtualPath, virtualUri } from "./virtual.ts";

/** Undefined for what is no file of the workspace: an unsaved document, a side of a comparison. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return virtualPath(uri);
  try {
    return fileURLToPath(uri).replaceAll("\\", "/");
  } catch {
    return undefined;
  }
}

export const uriOf = (path: string): string => virtualUri(path) ?? pathToFileURL(path).href;

/** The one of a few URIs that means this path: editors escape more characters than they must, each in its own way. */
export const isUriOf = (uri: string, path: string): boolean => uri === uriOf(path) || pathOf(uri) === path;

const indexes = new Map<string, { readonly text: string; readonly index: LineIndex }>();
const keptIndexes = 64;

/** The line index of a text, kept for the few files that are being looked at. */
export function linesOf(path: string, text: string): LineIndex {
  const kept = indexes.get(path);
  if (kept && kept.text === text) return kept.index;
  const index = new LineIndex(text);
  indexes.delete(path);
  indexes.set(path, { text, index });
  const [oldest] = indexes.keys();
  if (indexes.size > keptIndexes && oldest !== undefined) indexes.delete(oldest);
  return index;
}

export const toRange = (lines: LineIndex, range: Range): LspRange => ({
  start: lines.positionAt(range.start),
  end: lines.positionAt(range.end),
});

export const fromRange = (lines: LineIndex, range: LspRange): Range => ({
  start: lines.offsetAt(range.start),
  end: lines.offsetAt(range.end),
});

const lspSeverity: Record<Severity | "hint", DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const lspTag: Record<NonNullable<Rule["tag"]>, DiagnosticTag> = {
  unnecessary: DiagnosticTag.Unnecessary,
  deprecated: DiagnosticTag.Deprecated,
};

/** A finding or a problem of one file, in offsets of that file. */
export interface Reported {
  readonly code: string;
  readonly severity: Severity | "hint";
  readonly message: string;
  readonly path: string;
  readonly range: Range;
  /** Of the same file where no path is given. */
  readonly related: readonly { readonly range: Range; readonly message: string; readonly path?: string }[];
  readonly href?: string;
  readonly tag?: Rule["tag"];
}

/** @param linesAt of another file that belongs to it; undefined where the editor shows no such files */
export function toDiagnostic(
  reported: Reported,
  lines: LineIndex,
  linesAt: ((path: string) => LineIndex) | undefined,
): Diagnostic {
  const related: DiagnosticRelatedInformation[] =
    linesAt === undefined
      ? []
      : reported.related.map(({ range, message, path = reported.path }) => ({
          location: { uri: uriOf(path), range: toRange(path === reported.path ? lines : linesAt(path), range) },
          message,
        }));
  return {
    range: toRange(lines, reported.range),
    severity: lspSeverity[reported.severity],
    source: "retort",
    code: reported.code,
    message: reported.message,
    ...(reported.href ? { codeDescription: { href: reported.href } } : {}),
    ...(reported.tag ? { tags: [lspTag[reported.tag]] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/**
 * Files are created empty and then filled, because VS Code drops the contents of a creation that is part of a larger
 * edit; an existing file is never overwritten, and the versions refuse the whole edit where a document has moved on.
 */
export function toWorkspaceEdit(
  change: Change,
  textOf: (path: string) => string,
  versionOf: (path: string) => number | null,
): WorkspaceEdit {
  const origin = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return {
    documentChanges: [
      ...change.create.flatMap(({ path, text }) => [
        CreateFile.create(uriOf(path), { overwrite: false, ignoreIfExists: false }),
        TextDocumentEdit.create({ uri: uriOf(path), version: null }, [{ range: origin, newText: text }]),
      ]),
      ...change.edit.map(({ path, edits }) => {
        const lines = linesOf(path, textOf(path));
        return TextDocumentEdit.create(
          { uri: uriOf(path), version: versionOf(path) },
          edits.map(({ range, newText }) => ({ range: toRange(lines, range), newText })),
        );
      }),
    ],
  };
}
