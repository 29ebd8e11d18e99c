/** What the revisions of a history do to one thing: which of them make it, which take it away, before here or after. */
import { isAncestor, positionsOf } from "../history/ancestry.ts";
import type { History } from "../history/history.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { isServersOwn } from "../schema/replay/required.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Entity, Touch } from "../sql/action.ts";
import { gather, upgradesOnce } from "./gathered.ts";
import { defineInquiry } from "./inquiry.ts";

/** Where a revision stands towards the one that is looked at. */
export type Standing = "before" | "after" | "beside";

export interface Deed {
  readonly revision: string;
  readonly standing: Standing;
  readonly thing: Entity;
  /** It was there under another name. */
  readonly isRenamed: boolean;
}

export const isSameThing = (a: Entity, b: Entity): boolean =>
  a.type === b.type && a.column === b.column && keyOf(a.name) === keyOf(b.name);

/** Of the two names of a rename, the one that it leads to. */
const isNewName = ({ details }: Operation, { on }: Touch): boolean => details.newName === (on.column ?? on.name.name);

/** What is there after an operation and was not before. */
export const madeBy = (operation: Operation): readonly Entity[] =>
  operation.touches.flatMap((touch) =>
    touch.how === "create" || (touch.how === "rename" && isNewName(operation, touch)) ? [touch.on] : [],
  );

/** What is gone after an operation. */
export const takenBy = (operation: Operation): readonly Entity[] =>
  operation.touches.flatMap((touch) =>
    touch.how === "drop" || (touch.how === "rename" && !isNewName(operation, touch)) ? [touch.on] : [],
  );

export function ancestorsOf({ before }: Pick<History, "before">, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(before.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(before.get(next) ?? []));
  }
  return found;
}

/** Tables and views share one space of names. */
const isRelation = ({ type }: Entity): boolean => type === "table" || type === "view";

const bare = ({ name }: Entity): string => name.name.toLowerCase();

export type Doing = "made" | "taken";

interface Done {
  /** Of a thing, or of a table or view by its name alone. */
  readonly key: string;
  readonly revision: string;
  readonly thing: Entity;
  readonly isRenamed: boolean;
}

const thingKey = (doing: Doing, { type, column, name }: Entity): string =>
  `${doing} ${type} ${column ?? ""}\0${keyOf(name)}`;
const relationKey = (name: string): string => `relation ${name}`;

interface Deeds {
  readonly done: Map<string, Done[]>;
  /** By the name alone of a table or view, the revisions that touch it. */
  readonly touching: Map<string, Set<string>>;
}

interface DeedsOfFile {
  readonly done: readonly Done[];
  readonly touched: readonly string[];
}

function readDeeds(file: RevisionFile): DeedsOfFile {
  const operations = upgradesOnce(file).flatMap((upgrade) => upgrade.operations);
  const revision = file.identifiers.revision?.value ?? "";
  const touched = operations.flatMap(({ touches }) =>
    touches.flatMap(({ on }) => (isRelation(on) && !isServersOwn(on.name) ? [bare(on)] : [])),
  );
  const done = operations.flatMap((operation) => {
    const isRenamed = operation.details.newName !== undefined;
    const deed = (key: string, thing: Entity): Done => ({ key, revision, thing, isRenamed });
    const made = madeBy(operation);
    return [
      ...made.map((thing) => deed(thingKey("made", thing), thing)),
      ...takenBy(operation).map((thing) => deed(thingKey("taken", thing), thing)),
      ...made.filter(isRelation).map((thing) => deed(relationKey(bare(thing)), thing)),
    ];
  });
  return { done, touched: [...new Set(touched)] };
}

const deedsIn = gather<DeedsOfFile, Deeds>({
  share: readDeeds,
  empty: () => ({ done: new Map(), touching: new Map() }),
  put({ done, touching }, share, id) {
    for (const one of share.done) {
      const known = done.get(one.key);
      if (known) known.push(one);
      else done.set(one.key, [one]);
    }
    for (const name of share.touched) touching.set(name, (touching.get(name) ?? new Set()).add(id));
  },
  take({ done, touching }, share, id) {
    for (const { key } of share.done) {
      const left = (done.get(key) ?? []).filter(({ revision }) => revision !== id);
      if (left.length === 0) done.delete(key);
      else done.set(key, left);
    }
    for (const name of share.touched) {
      const left = touching.get(name);
      left?.delete(id);
      if (left?.size === 0) touching.delete(name);
    }
  },
});

function standing({ history }: Project, revision: string, done: readonly Done[]): readonly Deed[] {
  const positions = positionsOf(history);
  const positionOf = (one: Done): number => positions.get(one.revision) ?? Infinity;
  const standingOf = (id: string): Standing =>
    isAncestor(history, id, revision) ? "before" : isAncestor(history, revision, id) ? "after" : "beside";
  return done
    .filter((one) => one.revision !== revision)
    .sort((a, b) => positionOf(a) - positionOf(b))
    .map(({ revision: other, thing, isRenamed }): Deed => ({
      revision: other,
      standing: standingOf(other),
      thing,
      isRenamed,
    }));
}

const deedsOn = defineInquiry(
  "deeds",
  (project, { revision, key }: { readonly revision: string; readonly key: string }): readonly Deed[] =>
    standing(project, revision, deedsIn(project).done.get(key) ?? []),
);

/** What the upgrades of other revisions do to the thing, in the order of the history. */
export function deedsBeside(project: Project, revision: string, doing: Doing, thing: Entity): readonly Deed[] {
  return deedsOn(project, { revision, key: thingKey(doing, thing) });
}

/** The tables and views of this name that the upgrades of other revisions make, under whatever schema. */
export function relationsBeside(project: Project, revision: string, name: string): readonly Deed[] {
  return deedsOn(project, { revision, key: relationKey(name.toLowerCase()) });
}

/** Does the upgrade of a revision before this one touch a table or view of the name? */
export const isTouchedBefore = (project: Project, revision: string, name: string): boolean =>
  touchesBefore(project, { revision, name: name.toLowerCase() });

const touchesBefore = defineInquiry(
  "touched before",
  (project, { revision, name }: { readonly revision: string; readonly name: string }) =>
    [...(deedsIn(project).touching.get(name) ?? [])].some((id) => isAncestor(project.history, id, revision)),
);

/** Do the upgrades of other revisions touch tables that none makes? */
export const hasStrangersBeside = defineInquiry("strangers", findsStrangers);

function findsStrangers(project: Project, revision: string): boolean {
  const { done, touching } = deedsIn(project);
  const own = project.config.versionTable.toLowerCase();
  for (const [name, by] of touching)
    if (name !== own && !done.has(relationKey(name)) && (by.size > 1 || !by.has(revision))) return true;
  return false;
}
