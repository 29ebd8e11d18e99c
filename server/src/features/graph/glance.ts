/** A revision at a glance: the strongest lock, whether it is mixed, whether there is a way back. */
import { halvesOf } from "../../facts/halves.ts";
import { judgedIn, type Judged } from "../../facts/judged.ts";
import { lockModes, type TableLock } from "../../locks/impact.ts";
import { conflict, stronger } from "../../locks/modes.ts";
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import { postgresVersions } from "../../sql/postgres-version.ts";
import { renderBlocks } from "../impact-words.ts";
import type { Verdict } from "../review/answer.ts";
import { askWayBack } from "../review/way-back.ts";
import { dataChangesOf, isBystander } from "../review/work.ts";

export interface LockedTable {
  readonly table: QualifiedName;
  /** PostgreSQL's mode, MySQL's clause; "" where rows are locked, and no table against anybody. */
  readonly mode: string;
  readonly blocks: string;
  /** Modes of other sessions that it has to wait for, where they are known. */
  readonly waitsFor: readonly string[];
}

export interface RevisionGlance {
  /** One of each table that was there before; the strongest first. */
  readonly tables: readonly LockedTable[];
  readonly isPartlyUnknown: boolean;
  readonly isMixed: boolean;
  readonly wayBack: Verdict;
  readonly wayBackWhy: string;
}

export function glanceAt(project: Project, file: RevisionFile, settings: Settings): RevisionGlance {
  const { postgresqlVersion } = settings;
  const versions = postgresqlVersion === undefined ? postgresVersions : [postgresqlVersion];
  const upgrade = file.upgrades.flatMap((direction) => judgedIn(project, file, direction, versions));
  const dataChanges = dataChangesOf(file, project.config);
  const back = askWayBack({ project, file, upgrade, settings, dataChanges });
  const halves = file.upgrades.map((direction) => halvesOf(direction, project.config));
  return {
    tables: lockedBy(upgrade),
    isPartlyUnknown: upgrade.some(isUnknown),
    isMixed: halves.some(({ schema, data }) => schema && data),
    wayBack: back.verdict,
    wayBackWhy: (back.facts.find(({ verdict }) => verdict === back.verdict) ?? back.facts[0])?.text ?? "",
  };
}

/** A change of rows is known by its table alone; of a definition the locks have to be known. */
const isUnknown = (judged: Judged): boolean =>
  !isBystander(judged) &&
  (!judged.isUnderstood || (judged.operation.effect === "schema" && judged.impact === undefined));

function lockedBy(upgrade: readonly Judged[]): readonly LockedTable[] {
  const strongest = new Map<string, TableLock>();
  const documented = new Map<string, LockedTable>();
  for (const judged of upgrade.filter((one) => one.isUnderstood && !isBystander(one))) {
    const { impact } = judged;
    for (const lock of impact?.locks ?? []) {
      const name = renderName(lock.table);
      const known = strongest.get(name);
      if (known === undefined || (known.mode !== lock.mode && stronger(known.mode, lock.mode) === lock.mode))
        strongest.set(name, lock);
    }
    const { table } = judged.operation;
    if (impact?.lock === undefined || impact.lock === "NONE" || table === undefined) continue;
    const name = renderName(table);
    if (documented.get(name)?.mode === "LOCK=EXCLUSIVE") continue;
    const blocks = impact.lock === "SHARED" ? "blocks writes" : "blocks reads and writes";
    documented.set(name, { table, mode: `LOCK=${impact.lock}`, blocks, waitsFor: [] });
  }
  const locks = [...strongest.values()].sort((a, b) =>
    a.mode === b.mode ? 0 : stronger(a.mode, b.mode) === a.mode ? -1 : 1,
  );
  return [
    ...locks.map((lock) => ({
      table: lock.table,
      mode: lock.mode,
      blocks: renderBlocks(lock),
      waitsFor: lockModes.filter((mode) => conflict(lock.mode, mode)),
    })),
    ...documented.values(),
  ];
}
