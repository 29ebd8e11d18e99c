import type { Report } from "./report.ts";

export const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

/** What a baseline has left out, in a line. */
export function renderLeftOut({ leftOut }: Report): readonly string[] {
  if (leftOut === undefined || leftOut.revisions === 0) return [];
  const { revisions, findings, which } = leftOut;
  return [`${count(revisions, "revision")} ${which} not judged (${count(findings, "finding")}; --all shows them)`];
}
