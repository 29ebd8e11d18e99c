/** Where the client shows, above a revision's id and its functions, what it knows of them. */
import { lensesOf } from "../features/revisions/lenses.ts";
import type { Target } from "../features/revisions/links.ts";
import type { LensesAnswer, LensesRequest, WireLocation } from "../protocol/index.ts";
import { linesOf, toRange, uriOf } from "./convert.ts";
import { locate, type Session } from "./session.ts";

export function lensPlaces(session: Session, { uri }: LensesRequest): LensesAnswer | null {
  const located = locate(session, uri);
  const found = located && lensesOf(located.project, located.file);
  if (!located || !found) return null;
  const lines = linesOf(located.file.path, located.file.text);
  return {
    projectId: located.project.id,
    revision: found.id,
    range: toRange(lines, found.range),
    upgrades: found.upgrades.map((range) => toRange(lines, range)),
    parents: found.parents.map(toLocation),
    children: found.children.map(toLocation),
  };
}

const toLocation = ({ file, range }: Pick<Target, "file" | "range">): WireLocation => ({
  uri: uriOf(file.path),
  range: toRange(linesOf(file.path, file.text), range),
});
