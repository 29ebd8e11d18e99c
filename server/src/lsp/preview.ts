import { ResponseError } from "vscode-languageserver/node";
import type { PreviewAnswer, PreviewRequest } from "../protocol/index.ts";
import { apply } from "./code-actions.ts";
import { uriOf } from "./convert.ts";
import type { Session } from "./session.ts";

const start = { line: 0, character: 0 };

/** The parts as they would be, and nothing done. A refusal is an answer, not a failure. */
export function previewAnswer(session: Session, { uri, refactoring, range }: PreviewRequest): PreviewAnswer {
  try {
    const { parts, notes, title, caution } = apply(session, uri, refactoring, range ?? { start, end: start });
    return {
      ok: true,
      title,
      notes: [...(caution === undefined ? [] : [caution]), ...notes],
      parts: parts.map((part) => ({
        uri: uriOf(part.path),
        isNew: part.isNew,
        before: part.before,
        after: part.text,
        title: part.title,
      })),
    };
  } catch (error) {
    if (error instanceof ResponseError) return { ok: false, reason: error.message };
    throw error;
  }
}
