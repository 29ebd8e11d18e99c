/** Behind each operation, in short: the lock that it takes, and what it reads or writes under it. */
import { combined } from "../locks/predict.ts";
import { lockModes, type Impact, type PostgresVersion } from "../locks/impact.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { renderName } from "../sql/action.ts";
import { overlaps, type Range } from "../text/range.ts";
import { impactSentences } from "./impact-words.ts";
import { impactsIn } from "../facts/impacts.ts";

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  /** The same in full; plain text. */
  readonly tooltip: string;
}

export interface InlayPlace {
  readonly project: Project;
  readonly file: RevisionFile;
  readonly range: Range;
  readonly versions?: readonly PostgresVersion[];
}

/** Locks up to this one hold up neither reads nor writes. */
const harmless = lockModes.indexOf("ShareUpdateExclusiveLock");

function label({ locks, rewrites, scans, builds, algorithm, lock }: Impact): string | undefined {
  if (algorithm !== undefined) return `${algorithm}${lock === undefined ? "" : `, lock ${lock}`}`;
  const [strongest] = locks.toSorted((a, b) => lockModes.indexOf(b.mode) - lockModes.indexOf(a.mode));
  if (strongest === undefined) return undefined;
  const others = locks.filter((lock) => lock !== strongest && lockModes.indexOf(lock.mode) > harmless).length;
  const work = rewrites.length > 0 ? ", rewrites" : builds.length > 0 ? ", builds" : scans.length > 0 ? ", scans" : "";
  return `${strongest.mode} ${renderName(strongest.table)}${others > 0 ? ` +${String(others)}` : ""}${work}`;
}

const plain = (text: string): string => text;

/** One for each place; SQL that is several statements at one place is told as one. Of several versions the newest is told. */
export function inlayHints({ project, file, range, versions }: InlayPlace): readonly InlayHint[] {
  const places = new Map<string, { readonly at: Range; readonly impacts: (Impact | undefined)[] }>();
  for (const direction of [...file.upgrades, ...file.downgrades]) {
    const wanted = (operation: Operation): boolean => overlaps(operation.range, range) && operation.calls.length === 0;
    if (!direction.operations.some(wanted)) continue;
    for (const [operation, found] of impactsIn(project, file, direction, versions)) {
      if (!wanted(operation)) continue;
      const key = `${String(operation.range.start)}-${String(operation.range.end)}`;
      const place = places.get(key) ?? { at: operation.range, impacts: [] };
      place.impacts.push(found.at(-1)?.impact);
      places.set(key, place);
    }
  }
  return [...places.values()].flatMap(({ at, impacts }) => {
    const impact = combined(impacts);
    const text = impact && label(impact);
    return impact && text !== undefined
      ? [{ offset: at.end, label: text, tooltip: impactSentences(impact, { code: plain, plain }).join("\n") }]
      : [];
  });
}
