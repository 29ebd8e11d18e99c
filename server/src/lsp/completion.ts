import {
  CompletionItemKind,
  CompletionTriggerKind,
  MarkupKind,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
} from "vscode-languageserver/node";
import { documentationOf } from "../features/completion/documentation.ts";
import { completionsAt } from "../features/completion/index.ts";
import type { Completion, CompletionKind, Subject } from "../features/completion/place.ts";
import { linesOf, toRange } from "./convert.ts";
import { locate, type Session } from "./session.ts";

/** In quotes, behind a dot, and between the words of SQL. */
export const triggerCharacters = ['"', "'", ".", " "];

const kinds: Record<CompletionKind, CompletionItemKind> = {
  table: CompletionItemKind.Struct,
  view: CompletionItemKind.Interface,
  column: CompletionItemKind.Field,
  constraint: CompletionItemKind.Reference,
  index: CompletionItemKind.Keyword,
  enum_type: CompletionItemKind.Enum,
  sequence: CompletionItemKind.Event,
  schema: CompletionItemKind.Module,
  option: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  revision: CompletionItemKind.Constant,
};

interface Data {
  readonly uri: string;
  readonly subject: Subject;
}

const nothing: CompletionList = { items: [], isIncomplete: false };

export function completions(session: Session, { textDocument, position, context }: CompletionParams): CompletionList {
  const located = locate(session, textDocument.uri);
  if (!located) return nothing;
  const { path, text } = located.file;
  const lines = linesOf(path, text);
  const found = completionsAt({ ...located, offset: lines.offsetAt(position) });
  // Between the words of Python nobody has asked for anything.
  const isBlank = context?.triggerKind === CompletionTriggerKind.TriggerCharacter && context.triggerCharacter === " ";
  if (isBlank && found.items.some(({ kind }) => kind === "option" || kind === "revision")) return nothing;
  const width = String(found.items.length).length;
  const toItem = (one: Completion, index: number): CompletionItem => ({
    label: one.label,
    kind: kinds[one.kind],
    // Editors order by the label where nothing else is said.
    sortText: String(index).padStart(width, "0"),
    textEdit: { range: toRange(lines, one.range), newText: one.newText },
    ...(one.filterText === undefined ? {} : { filterText: one.filterText }),
    ...(one.detail === undefined ? {} : { detail: one.detail }),
    // Beside every label of the list, not only beside the one that is looked at.
    ...(described(one) === "" ? {} : { labelDetails: { description: described(one) } }),
    ...(one.doubt === undefined ? {} : { documentation: `It may not be there any more: ${one.doubt}` }),
    ...(one.subject ? { data: { uri: textDocument.uri, subject: one.subject } satisfies Data } : {}),
  });
  return { items: found.items.map(toItem), isIncomplete: found.isIncomplete };
}

const described = ({ kind, detail, doubt }: Completion): string =>
  [
    ...(kind === "option" || detail === undefined ? [] : [detail]),
    ...(doubt === undefined ? [] : ["not certain"]),
  ].join(", ");

/** What takes longer to say is said of the one item that a person looks at. */
export function resolveCompletion(session: Session, item: CompletionItem): CompletionItem {
  const data = item.data as Data | undefined;
  const located = data && locate(session, data.uri);
  const value = located && documentationOf(located.project, located.file, data.subject);
  return value === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
}
