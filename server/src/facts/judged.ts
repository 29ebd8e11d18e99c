/**
 * The operations of a direction that run on the project's server, each with all that decides what it does there: which
 * tables the direction has made itself, which transaction it is in, the schema that it meets, the locks that it takes.
 */
import type { Impact, PostgresVersion } from "../locks/impact.ts";
import { combined } from "../locks/predict.ts";
import { appliesTo, isOnline } from "../model/applies.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";
import type { Contradiction } from "../schema/replay/apply.ts";
import { unknownSchema, type Replayed } from "../schema/replay/replay.ts";
import type { Schema } from "../schema/state.ts";
import { watchTables, type TablesNow } from "../schema/tables.ts";
import { countTransactions } from "../schema/transactions.ts";
import type { QualifiedName } from "../sql/action.ts";
import { impactFinder, type ServerImpact } from "./impacts.ts";
import { playedIn } from "./played.ts";

/** What the file alone tells of an operation. */
interface Placed extends TablesNow {
  readonly operation: Operation;
  readonly direction: Direction;
  /** In `Direction.operations`. */
  readonly index: number;
  /** Counted within the direction: two operations with the same number are committed together. */
  readonly transaction: number;
  /** In a block of `autocommit_block()`: a transaction of its own, or none. */
  readonly isAutocommit: boolean;
  /** False where the reader could not tell what it does: nothing may be said of it. */
  readonly isUnderstood: boolean;
}

export interface Judged extends Placed {
  /**
   * Its table was there before the direction ran, so that there are rows in it and people who use it. False where the
   * operation is about no table, or about one that is not known.
   */
  readonly isOnExistingTable: boolean;
  /** What of that schema speaks against the operation. Asks for the history. */
  readonly contradictions: readonly Contradiction[];
  /** As the operation meets it, replayed from all revisions before it. Asks for the history. */
  readonly schema: Schema;
  /** By version of the server, those that agree together. Asks for the history. */
  readonly impacts: readonly ServerImpact[];
  /** The worst over the servers that it may run on; undefined where it is not known. Asks for the history. */
  readonly impact: Impact | undefined;
}

const autocommitOf = ({ context }: Operation): boolean => context.some(({ kind }) => kind === "autocommit");

const isUnderstood = ({ kind, effect, confidence }: Operation): boolean =>
  kind !== "opaque" && effect !== "unknown" && confidence !== "opaque";

function placed(direction: Direction, { dialect }: ProjectConfig): readonly Placed[] {
  const running = direction.operations.filter((operation) => appliesTo(operation, dialect) && isOnline(operation));
  const transactions = countTransactions(running, dialect);
  const tables = watchTables(running, dialect);
  const indexes = new Map(direction.operations.map((operation, index) => [operation, index]));
  return running.map((operation, at) => {
    const before = tables.now();
    tables.follow(operation);
    return Object.assign(before, {
      operation,
      direction,
      index: indexes.get(operation) ?? at,
      transaction: transactions[at] ?? 0,
      isAutocommit: autocommitOf(operation),
      isUnderstood: isUnderstood(operation),
    });
  });
}

/** By config, which stays the same value until it changes, so that an edit elsewhere leaves these standing. */
const placedBy = new WeakMap<ProjectConfig, WeakMap<Direction, readonly Placed[]>>();

function placedIn(direction: Direction, config: ProjectConfig): readonly Placed[] {
  const known = placedBy.get(config) ?? new WeakMap<Direction, readonly Placed[]>();
  placedBy.set(config, known);
  const found = known.get(direction) ?? placed(direction, config);
  known.set(direction, found);
  return found;
}

/** Of a file that is not in the history: nothing is known. */
const nowhere = unknownSchema("the revision is not in the history");

/** What the history tells of the operations of one direction, worked out when it is first asked for. */
class Played {
  readonly #project: Project;
  readonly #file: RevisionFile;
  readonly #direction: Direction;
  readonly #versions: readonly PostgresVersion[] | undefined;
  #replayed: Replayed | undefined;
  #impactsOf: ((operation: Operation) => readonly ServerImpact[]) | undefined;

  constructor(
    project: Project,
    file: RevisionFile,
    direction: Direction,
    versions: readonly PostgresVersion[] | undefined,
  ) {
    this.#project = project;
    this.#file = file;
    this.#direction = direction;
    this.#versions = versions;
  }

  #play(): Replayed | undefined {
    return (this.#replayed ??= playedIn(this.#project, this.#file, this.#direction));
  }

  schemaAt(index: number): Schema {
    return this.#play()?.met[index] ?? nowhere;
  }

  contradictionsAt(index: number): readonly Contradiction[] {
    return this.#play()?.contradictions.filter((one) => one.index === index) ?? [];
  }

  impactsOf(operation: Operation): readonly ServerImpact[] {
    this.#impactsOf ??= impactFinder(this.#project, this.#file, this.#direction, this.#versions);
    return this.#impactsOf(operation);
  }
}

/** The operations of a direction, in the order of execution. `versions`: of the server, where they are known. */
export function judgedIn(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  versions?: readonly PostgresVersion[],
): readonly Judged[] {
  const played = new Played(project, file, direction, versions);
  return placedIn(direction, project.config).map((one) => new JudgedOperation(one, played));
}

/** Most rules ask few operations for more than their kind, so that everything else waits until it is asked for. */
class JudgedOperation implements Judged {
  readonly operation: Operation;
  readonly direction: Direction;
  readonly index: number;
  readonly transaction: number;
  readonly isAutocommit: boolean;
  readonly isUnderstood: boolean;
  readonly #tables: TablesNow;
  readonly #played: Played;

  constructor(one: Placed, played: Played) {
    this.operation = one.operation;
    this.direction = one.direction;
    this.index = one.index;
    this.transaction = one.transaction;
    this.isAutocommit = one.isAutocommit;
    this.isUnderstood = one.isUnderstood;
    this.#tables = one;
    this.#played = played;
  }

  origin(name: QualifiedName): ReturnType<TablesNow["origin"]> {
    return this.#tables.origin(name);
  }

  holdsOldRows(name: QualifiedName): boolean {
    return this.#tables.holdsOldRows(name);
  }

  get hasOwn(): boolean {
    return this.#tables.hasOwn;
  }

  get isOnExistingTable(): boolean {
    const { kind, table } = this.operation;
    return table !== undefined && kind !== "create_table" && this.origin(table) === "existing";
  }

  get schema(): Schema {
    return this.#played.schemaAt(this.index);
  }

  get contradictions(): readonly Contradiction[] {
    return this.#played.contradictionsAt(this.index);
  }

  get impacts(): readonly ServerImpact[] {
    return this.#played.impactsOf(this.operation);
  }

  get impact(): Impact | undefined {
    return combined(this.impacts.map(({ impact }) => impact));
  }
}
