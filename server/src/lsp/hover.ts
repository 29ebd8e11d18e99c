import { MarkupKind, type Hover, type HoverParams } from "vscode-languageserver/node";
import { hoverAt } from "../features/hover/index.ts";
import { linesOf, toRange } from "./convert.ts";
import { locate, versionsOf, type Session } from "./session.ts";

export function hover(session: Session, { textDocument, position }: HoverParams): Hover | null {
  const located = locate(session, textDocument.uri);
  if (!located) return null;
  const lines = linesOf(located.file.path, located.file.text);
  const development = session.development.get(located.project.id);
  const answer = hoverAt({
    ...located,
    offset: lines.offsetAt(position),
    ...versionsOf(session, located.project),
    ...(development ? { development } : {}),
  });
  if (!answer) return null;
  return {
    range: toRange(lines, answer.range),
    contents: { kind: MarkupKind.Markdown, value: answer.markdown },
  };
}
