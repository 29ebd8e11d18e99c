import { parseStatistics } from "../project/statistics.ts";
import type { SizesAnswer, SizesRequest } from "../protocol/index.ts";
import type { Session } from "./session.ts";

/** Kept until the server ends, by project: a dev database is nothing that is written down. */
export function takeSizes(session: Session, { projectId, statistics }: SizesRequest): SizesAnswer {
  const isKnown = session.workspace().projects.some(({ id }) => id === projectId);
  if (!isKnown) return { ok: false, reason: "The project is not open any more." };
  if (statistics === undefined) {
    session.development.delete(projectId);
    return { ok: true };
  }
  const parsed = parseStatistics(statistics);
  if ("problem" in parsed) return { ok: false, reason: parsed.problem };
  session.development.set(projectId, parsed);
  return { ok: true };
}
