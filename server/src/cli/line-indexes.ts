import { LineIndex } from "../text/lines.ts";
import type { Report } from "./report.ts";

/** Of the texts of a report: a file with many findings is cut into lines once. */
export function lineIndexes({ texts }: Report): (path: string) => LineIndex {
  const made = new Map<string, LineIndex>();
  return (path) => {
    const known = made.get(path) ?? new LineIndex(texts.get(path) ?? "");
    made.set(path, known);
    return known;
  };
}
