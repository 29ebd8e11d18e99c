import { summarize } from "../features/summary.ts";
import type { SummaryAnswer, SummaryRequest } from "../protocol/index.ts";
import { locate, type Session } from "./session.ts";

export function summaryAnswer(session: Session, { uri }: SummaryRequest): SummaryAnswer {
  const located = locate(session, uri);
  if (!located?.file.isRevision) return { ok: false, reason: "The file is no revision of an open project." };
  return { ok: true, ...summarize(located.file) };
}
