/** Go to definition and find references, for the ids of revisions. */
import {
  Location,
  LocationLink,
  type Definition as LspDefinition,
  type DefinitionParams,
  type ReferenceParams,
} from "vscode-languageserver/node";
import {
  definitionAt,
  definitionOfText,
  referencesAt,
  type Definition,
  type Reference,
} from "../features/revisions/links.ts";
import { linesOf, pathOf, toRange, uriOf } from "./convert.ts";
import { documentAt, locate, type Session } from "./session.ts";

export function definition(
  session: Session,
  { textDocument, position }: DefinitionParams,
): LspDefinition | LocationLink[] | null {
  const text = textOf(session, textDocument.uri);
  if (text === undefined) return null;
  const lines = linesOf(textDocument.uri, text);
  const found = find(session, textDocument.uri, text, lines.offsetAt(position));
  if (!found) return null;
  if (!session.client.linksDefinitions) return found.targets.map(toLocation);
  return found.targets.map(({ file, range, whole }) => {
    const there = linesOf(file.path, file.text);
    const origin = toRange(lines, found.origin);
    return LocationLink.create(uriOf(file.path), toRange(there, whole), toRange(there, range), origin);
  });
}

const toLocation = ({ file, range }: Reference): Location =>
  Location.create(uriOf(file.path), toRange(linesOf(file.path, file.text), range));

/** Tests and scripts name revisions too: they are no files of a project, and known only while they are open. */
function find(session: Session, uri: string, text: string, offset: number): Definition | undefined {
  const located = locate(session, uri);
  return located ? definitionAt({ ...located, offset }) : definitionOfText(text, offset, session.workspace().projects);
}

function textOf(session: Session, uri: string): string | undefined {
  const located = locate(session, uri);
  if (located) return located.file.text;
  const path = pathOf(uri);
  return path?.endsWith(".py") === true ? documentAt(session.documents, path)?.getText() : undefined;
}

export function references(session: Session, { textDocument, position, context }: ReferenceParams): Location[] | null {
  const located = locate(session, textDocument.uri);
  if (!located) return null;
  const offset = linesOf(located.file.path, located.file.text).offsetAt(position);
  const found = referencesAt({ ...located, offset }, context.includeDeclaration);
  return found.map(toLocation);
}
