/** What a file is made of: symbols, folds, selections, links; and the ancestry of revisions. */
import {
  FoldingRangeKind,
  SymbolKind,
  type DocumentLink,
  type DocumentLinkParams,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type FoldingRange,
  type FoldingRangeParams,
  type SelectionRange,
  type SelectionRangeParams,
  type TypeHierarchyItem,
  type TypeHierarchyPrepareParams,
  type TypeHierarchySubtypesParams,
  type TypeHierarchySupertypesParams,
} from "vscode-languageserver/node";
import type { OutlineKind } from "../features/operation-words.ts";
import { outlineOf, type OutlineItem } from "../features/outline.ts";
import { predecessorsOf, revisionsAt, successorsOf } from "../features/revisions/ancestry.ts";
import { headerLinks, targetOf } from "../features/revisions/links.ts";
import type { RevisionHome } from "../features/revisions/named.ts";
import { selectionsAt } from "../features/selection.ts";
import { foldsIn, type Fold } from "../model/folds.ts";
import type { Project } from "../project/snapshot.ts";
import { messageOf } from "../rewrite/header.ts";
import type { LineIndex } from "../text/lines.ts";
import { linesOf, toRange, uriOf } from "./convert.ts";
import { locate, type Located, type Session } from "./session.ts";

export const symbolKinds: Readonly<Record<OutlineKind, SymbolKind>> = {
  function: SymbolKind.Function,
  table: SymbolKind.Struct,
  column: SymbolKind.Field,
  index: SymbolKind.Key,
  constraint: SymbolKind.Interface,
  type: SymbolKind.Enum,
  data: SymbolKind.Event,
  routine: SymbolKind.Method,
  other: SymbolKind.Object,
};

/** Other Python files are none of ours: null leaves them to others. */
function revisionAt(session: Session, { textDocument }: DocumentSymbolParams) {
  const located = locate(session, textDocument.uri);
  if (!located?.file.isRevision) return undefined;
  return { ...located, lines: linesOf(located.file.path, located.file.text) };
}

export function documentSymbols(session: Session, params: DocumentSymbolParams): DocumentSymbol[] | null {
  const found = revisionAt(session, params);
  return found ? outlineOf(found.file).map((item) => toSymbol(item, found.lines)) : null;
}

const toSymbol = (
  { name, detail, kind, range, nameRange, children }: OutlineItem,
  lines: LineIndex,
): DocumentSymbol => ({
  name,
  detail,
  kind: symbolKinds[kind],
  range: toRange(lines, range),
  selectionRange: toRange(lines, nameRange),
  children: children.map((child) => toSymbol(child, lines)),
});

export function foldingRanges(session: Session, params: FoldingRangeParams): FoldingRange[] | null {
  const found = revisionAt(session, params);
  if (!found) return null;
  // The widest of those that begin on one line: an editor shows one arrow there.
  const byLine = new Map<number, FoldingRange>();
  for (const fold of foldsIn(found.file.text)) {
    const range = toFold(fold, found.lines);
    const known = byLine.get(range.startLine);
    if (range.endLine > range.startLine && (known?.endLine ?? -1) < range.endLine) byLine.set(range.startLine, range);
  }
  return [...byLine.values()];
}

const foldKinds = {
  imports: FoldingRangeKind.Imports,
  comment: FoldingRangeKind.Comment,
  region: FoldingRangeKind.Region,
} satisfies Record<NonNullable<Fold["kind"]>, FoldingRangeKind>;

const toFold = ({ start, end, kind }: Fold, lines: LineIndex): FoldingRange => ({
  startLine: lines.positionAt(start).line,
  endLine: lines.positionAt(end).line,
  ...(kind === undefined ? {} : { kind: foldKinds[kind] }),
});

export function selectionRanges(session: Session, params: SelectionRangeParams): SelectionRange[] | null {
  const found = revisionAt(session, params);
  if (!found) return null;
  return params.positions.map((position) =>
    selectionsAt(found.file, found.lines.offsetAt(position)).reduceRight<SelectionRange>(
      (parent, range) => ({ range: toRange(found.lines, range), parent }),
      { range: toRange(found.lines, { start: 0, end: found.file.text.length }) },
    ),
  );
}

export function documentLinks(session: Session, params: DocumentLinkParams): DocumentLink[] | null {
  const found = revisionAt(session, params);
  if (!found) return null;
  return headerLinks(found.project, found.file).map(({ origin, file, range }) => {
    const { line } = linesOf(file.path, file.text).positionAt(range.start);
    return {
      range: toRange(found.lines, origin),
      target: `${uriOf(file.path)}#L${String(line + 1)}`,
      tooltip: `Open "${messageOf(file)}"`,
    };
  });
}

export function prepareHierarchy(session: Session, params: TypeHierarchyPrepareParams): TypeHierarchyItem[] | null {
  const found = revisionAt(session, params);
  if (!found) return null;
  return revisionsAt({ ...found, offset: found.lines.offsetAt(params.position) }).map(toItem);
}

export const supertypes = (session: Session, { item }: TypeHierarchySupertypesParams): TypeHierarchyItem[] | null =>
  itemsBeside(session, item, predecessorsOf);

export const subtypes = (session: Session, { item }: TypeHierarchySubtypesParams): TypeHierarchyItem[] | null =>
  itemsBeside(session, item, successorsOf);

function itemsBeside(
  session: Session,
  { uri }: TypeHierarchyItem,
  beside: (project: Project, home: RevisionHome) => readonly RevisionHome[],
): TypeHierarchyItem[] | null {
  const located: Located | undefined = locate(session, uri);
  const id = located?.file.identifiers.revision?.value;
  if (!located || id === undefined) return null;
  return beside(located.project, { id, file: located.file }).map(toItem);
}

function toItem(home: RevisionHome): TypeHierarchyItem {
  const { file, range, whole } = targetOf(home);
  const lines = linesOf(file.path, file.text);
  return {
    name: messageOf(file),
    detail: home.id,
    kind: SymbolKind.Class,
    uri: uriOf(file.path),
    range: toRange(lines, whole),
    selectionRange: toRange(lines, range),
  };
}
