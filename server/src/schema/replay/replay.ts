/**
 * The schema before and after each revision of a history: the operations of all ancestors, in Alembic's order. Computed
 * when asked for, and kept by file, so that after an edit only what follows the edited revision is computed anew.
 */
import { positionsOf } from "../../history/ancestry.ts";
import type { History } from "../../history/history.ts";
import { changedKeys } from "../../history/replaced.ts";
import type { Direction, RevisionFile } from "../../model/revision.ts";
import { Answers } from "./answers.ts";
import { applyOperation, type Contradiction } from "./apply.ts";
import { SchemaDraft } from "./draft.ts";
import type { Environment } from "./environment.ts";
import { KnownSchema } from "./schema.ts";

export interface Replayed {
  readonly before: KnownSchema;
  readonly after: KnownSchema;
  /** By the schema that each operation of the upgrade meets, in their order. */
  readonly met: readonly KnownSchema[];
  readonly contradictions: readonly ContradictionAt[];
}

/** `index`: of the operation in the direction's list, which may be read anew while what was played is kept. */
export type ContradictionAt = Contradiction & { readonly index: number };

const empty = new KnownSchema();

/** What a direction comes to. What kept it from being read to its end leaves the whole schema doubtful. */
function run(
  before: KnownSchema,
  direction: Direction,
  environment: Environment,
  meet: (schema: KnownSchema) => void,
): Pick<Replayed, "after" | "contradictions"> {
  let after = before;
  const contradictions: ContradictionAt[] = [];
  const answers = new Answers(before, environment.dialect);
  for (const [index, operation] of direction.operations.entries()) {
    meet(after);
    const applied = applyOperation(after, operation, environment, answers);
    after = applied.schema;
    contradictions.push(...applied.contradictions.map((one) => ({ ...one, index })));
  }
  return { after: direction.unfinished ? doubted(after, "too much code to follow") : after, contradictions };
}

/** Plays one direction of a file. */
export function playDirection(before: KnownSchema, direction: Direction, environment: Environment): Replayed {
  const met: KnownSchema[] = [];
  return { before, ...run(before, direction, environment, (schema) => met.push(schema)), met };
}

function doubted(schema: KnownSchema, why: string): KnownSchema {
  const draft = new SchemaDraft(schema);
  draft.doubtAll(why);
  return draft.finish();
}

/** Anything may be in it; why, in words. */
export const unknownSchema = (why: string): KnownSchema => doubted(empty, why);

const unread = new Set(["syntax", "unreadable", "too-large", "encoding"]);

const nothing = { contradictions: [] };

/** The upgrade of one file. What its operations meet is played again when it is asked for: of a whole history it fills memory. */
class PlayedFile implements Replayed {
  readonly before: KnownSchema;
  readonly after: KnownSchema;
  readonly contradictions: readonly ContradictionAt[];
  readonly environment: Environment;
  readonly #file: RevisionFile;
  #met: WeakRef<readonly KnownSchema[]> | undefined;

  constructor(before: KnownSchema, file: RevisionFile, environment: Environment) {
    const direction = directionOf(file.upgradesOnce?.() ?? file.upgrades, environment);
    const played = direction ? run(before, direction, environment, () => undefined) : { ...nothing, after: before };
    this.before = before;
    this.after = file.problems.some(({ code }) => unread.has(code))
      ? doubted(played.after, `${file.identifiers.revision?.value ?? "a revision"} could not be read`)
      : played.after;
    this.contradictions = played.contradictions;
    this.environment = environment;
    this.#file = file;
  }

  get met(): readonly KnownSchema[] {
    const known = this.#met?.deref();
    if (known) return known;
    const direction = directionOf(this.#file.upgrades, this.environment);
    const met = direction ? playDirection(this.before, direction, this.environment).met : [];
    this.#met = new WeakRef(met);
    return met;
  }
}

/** A file comes in more than one place of the order where branches meet again. */
const keptPerFile = 4;
const kept = new WeakMap<RevisionFile, PlayedFile[]>();

function play(before: KnownSchema, file: RevisionFile, environment: Environment): Replayed {
  const known = kept.get(file) ?? [];
  const same = known.find((one) => one.before === before && one.environment === environment);
  if (same) return same;
  const made = new PlayedFile(before, file, environment);
  kept.set(file, [made, ...known].slice(0, keptPerFile));
  return made;
}

/** Of a revision for several databases the part for the one that is asked for, else for the first. */
export const directionOf = (directions: readonly Direction[], { engine }: Environment): Direction | undefined =>
  directions.find((direction) => direction.engine === undefined || direction.engine === engine) ?? directions[0];

/** Only what is in the files differs, not how they are linked. */
const isSameGraph = (a: History, b: History): boolean => a.order === b.order && a.before === b.before;

/** Handed on from one replay to whichever of the same graph is asked next: no edit is to copy what thousands were played to. */
interface Handed {
  readonly entries: Map<string, Replayed>;
  holder: Replay;
}

export class Replay {
  readonly #history: History;
  readonly #environment: Environment;
  readonly #handed: Handed;
  readonly #positions: ReadonlyMap<string, number>;

  /** @param earlier the replay of the same project before an edit, of which what the edit does not reach is taken over */
  constructor(history: History, environment: Environment, earlier?: Replay) {
    this.#history = history;
    this.#environment = environment;
    const same = earlier && isSameGraph(earlier.#history, history) ? earlier : undefined;
    this.#positions = positionsOf(history);
    this.#handed = same ? same.#handed : { entries: new Map(), holder: this };
  }

  /** What was played of revisions that are, with all that runs before them, as they are here. */
  get #played(): Map<string, Replayed> {
    const { entries, holder } = this.#handed;
    if (holder === this) return entries;
    this.#handed.holder = this;
    const { revisions, order, before } = this.#history;
    const reached = [...changedKeys(holder.#history.revisions, revisions)].filter(
      (id) => holder.#history.revisions.get(id)?.file !== revisions.get(id)?.file,
    );
    if (reached.length === 0) return entries;
    const first = reached.reduce((least, id) => Math.min(least, this.#position(id)), Infinity);
    const gone = new Set(reached);
    for (const id of order.slice(first)) {
      if (gone.has(id) || before.get(id)?.some((parent) => gone.has(parent))) {
        gone.add(id);
        entries.delete(id);
      }
    }
    return entries;
  }

  get environment(): Environment {
    return this.#environment;
  }

  /** Undefined where there is no such revision. */
  revision(id: string): Replayed | undefined {
    if (!this.#positions.has(id)) return undefined;
    const open = [id];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const waiting = this.#played.has(at) ? [] : this.#before(at).filter((parent) => !this.#played.has(parent));
      if (waiting.length > 0) {
        open.push(...waiting);
        continue;
      }
      open.pop();
      if (!this.#played.has(at)) this.#play(at);
    }
    return this.#played.get(id);
  }

  /** The schema after `upgrade heads`, of all heads or of those that are named. */
  at(ids: readonly string[]): KnownSchema {
    const known = ids.filter((id) => this.revision(id));
    return this.#join(known.sort((a, b) => this.#position(b) - this.#position(a)));
  }

  #play(id: string): void {
    const file = this.#history.revisions.get(id)?.file;
    const before = this.#join(this.#before(id));
    if (file) this.#played.set(id, play(before, file, this.#environment));
  }

  /** Latest first. In a cycle only what stands earlier counts. */
  #before(id: string): string[] {
    const own = this.#position(id);
    return (this.#history.before.get(id) ?? [])
      .filter((parent) => this.#position(parent) < own)
      .sort((a, b) => this.#position(b) - this.#position(a));
  }

  #position(id: string): number {
    return this.#positions.get(id) ?? Infinity;
  }

  /** All that the ids bring, laid upon the first of them. */
  #join(ids: readonly string[]): KnownSchema {
    const [first, ...others] = ids;
    if (first === undefined) return empty;
    let schema = this.#played.get(first)?.after ?? empty;
    for (const id of this.#missing(first, others)) {
      const file = this.#history.revisions.get(id)?.file;
      if (file) schema = play(schema, file, this.#environment).after;
    }
    return schema;
  }

  /**
   * The ancestors of `others` that are none of `first`, in order. Walks backwards from both until only common ancestors
   * are left, so it costs what the branches are long.
   */
  #missing(first: string, others: readonly string[]): readonly string[] {
    if (others.length === 0) return [];
    const isCommon = new Map<string, boolean>([[first, true]]);
    const frontier = [first];
    for (const other of others) if (!isCommon.has(other)) this.#note(other, false, isCommon, frontier);
    const missing: string[] = [];
    while (frontier.some((id) => isCommon.get(id) === false)) {
      const id = frontier.pop();
      if (id === undefined) break;
      const common = isCommon.get(id) === true;
      if (!common) missing.push(id);
      for (const parent of this.#before(id)) this.#note(parent, common, isCommon, frontier);
    }
    return missing.reverse();
  }

  /** Keeps the frontier ordered, the latest last. */
  #note(id: string, common: boolean, isCommon: Map<string, boolean>, frontier: string[]): void {
    const known = isCommon.get(id);
    isCommon.set(id, known === true || common);
    if (known !== undefined) return;
    const own = this.#position(id);
    const at = frontier.findIndex((other) => this.#position(other) > own);
    frontier.splice(at < 0 ? frontier.length : at, 0, id);
  }
}
