/** What the rules about running code share: the names that an upgrade takes away from it for good. */
import type { Judged } from "../facts/judged.ts";
import { excludeEachOther } from "../schema/branches.ts";
import { plainName } from "../schema/replay/schema.ts";
import { namesMade, namesTaken, sameEntity, standsFor } from "../schema/names.ts";
import { tableEntity, type Dialect, type Entity, type QualifiedName } from "../sql/action.ts";
import type { Subject } from "./define.ts";

/** Where a service runs while its database is migrated: SQLite's file belongs to one program, which is not running then. */
export const shared: readonly Dialect[] = ["postgresql", "mysql", "mariadb", "mssql", "oracle"];

export interface Loss {
  readonly one: Judged;
  readonly thing: Entity;
}

export const upgradeOf = ({ judged }: Subject): readonly Judged[] =>
  judged.filter(({ direction }) => direction.name === "upgrade");

/** The type that an operation is about. */
export function typeOf({ operation: { touches } }: Judged): QualifiedName | undefined {
  const name = touches.find(({ on }) => on.type === "type")?.on.name;
  return name && plainName(name);
}

/** Made here; or a column of a table that got its name here, which no old code knows by that name. */
const isOwn = (one: Judged, thing: Entity, before: readonly Judged[]): boolean =>
  ((thing.type === "table" || thing.type === "column") && one.origin(thing.name) !== "existing") ||
  before.some(({ operation }) =>
    namesMade(operation).some(
      (made) => sameEntity(made, thing) || (thing.type === "column" && sameEntity(made, tableEntity(thing.name))),
    ),
  );

const isBack = (one: Judged, thing: Entity, after: readonly Judged[]): boolean =>
  after.some(
    ({ operation }) =>
      namesMade(operation).some((made) => standsFor(made, thing)) && !excludeEachOther(operation, one.operation),
  );

/** It takes the place of what stood under its new name before the upgrade: the second half of a swap. */
const isSwappedIn = ({ operation }: Judged, before: readonly Judged[]): boolean =>
  operation.details.newName !== undefined &&
  namesMade(operation).some((made) =>
    before.some((one) => namesTaken(one.operation).some((gone) => standsFor(made, gone))),
  );

const found = new WeakMap<Subject, readonly Loss[]>();

/**
 * Names that were there before the upgrade and are not after it. What it has made itself, and what stands there again
 * in the end (a swap, a replacement, a view under the old name), is no loss.
 */
export function lossesIn(subject: Subject): readonly Loss[] {
  const known = found.get(subject);
  if (known) return known;
  const upgrade = upgradeOf(subject);
  const losses = upgrade.flatMap((one, i) => {
    const taken = one.isUnderstood ? namesTaken(one.operation) : [];
    if (taken.length === 0 || isSwappedIn(one, upgrade.slice(0, i))) return [];
    const [before, after] = [upgrade.slice(0, i), upgrade.slice(i + 1)];
    return taken
      .filter((thing) => !isOwn(one, thing, before) && !isBack(one, thing, after))
      .map((thing) => ({ one, thing }));
  });
  found.set(subject, losses);
  return losses;
}
