import type { InlayHint, InlayHintParams } from "vscode-languageserver/node";
import { inlayHints } from "../features/inlay.ts";
import { fromRange, linesOf } from "./convert.ts";
import { locate, versionsOf, type Session } from "./session.ts";

export function inlays(session: Session, { textDocument, range }: InlayHintParams): InlayHint[] {
  const located = session.showsLocks ? locate(session, textDocument.uri) : undefined;
  if (!located) return [];
  const lines = linesOf(located.file.path, located.file.text);
  const place = { ...located, range: fromRange(lines, range), ...versionsOf(session, located.project) };
  return inlayHints(place).map(({ offset, label, tooltip }) => ({
    position: lines.positionAt(offset),
    label,
    tooltip,
    paddingLeft: true,
  }));
}
