/** An impact while it is put together. */
import { type QualifiedName, renderName } from "../sql/action.ts";
import { plainName } from "./names.ts";
import type { Impact, LockMode } from "./impact.ts";
import { blocksOf, stronger } from "./modes.ts";

interface Held {
  readonly table: QualifiedName;
  readonly mode: LockMode;
}

/** Tables that the same transaction made are left out everywhere: nobody can wait for them, and nobody has filled them. */
export class ImpactDraft {
  readonly #created: ReadonlySet<string>;
  readonly #locks = new Map<string, Held>();
  readonly #rewrites = new Map<string, QualifiedName>();
  readonly #scans = new Map<string, QualifiedName>();
  readonly #builds = new Map<string, QualifiedName>();
  readonly #notes = new Set<string>();
  #readersWait = new Set<string>();
  transactional = true;
  waitsForSnapshots = false;
  #isLikely = false;

  constructor(created: readonly QualifiedName[]) {
    this.#created = new Set(created.map((name) => renderName(plainName(name))));
  }

  isNew(name: QualifiedName): boolean {
    return this.#created.has(renderName(plainName(name)));
  }

  lock(name: QualifiedName, mode: LockMode): this {
    if (this.isNew(name)) return this.note(`${name.name} was made in the same transaction: nobody else uses it yet.`);
    const key = renderName(plainName(name));
    const before = this.#locks.get(key);
    this.#locks.set(key, { table: plainName(name), mode: before ? stronger(before.mode, mode) : mode });
    return this;
  }

  /** Queries wait although the mode of the table's own lock lets them through. */
  holdUpReaders(name: QualifiedName): this {
    this.#readersWait.add(renderName(plainName(name)));
    return this;
  }

  rewrite(name: QualifiedName): this {
    return this.#put(this.#rewrites, name);
  }

  scan(name: QualifiedName): this {
    return this.#put(this.#scans, name);
  }

  /** An index is built, which reads the table. */
  build(name: QualifiedName): this {
    this.#put(this.#builds, name);
    return this.scan(name);
  }

  note(text: string): this {
    this.#notes.add(text);
    return this;
  }

  /** Something is not known, and the worst is assumed. */
  doubt(why: string): this {
    this.#isLikely = true;
    return this.note(why);
  }

  /** It runs by itself, in transactions of its own. */
  alone(): this {
    this.transactional = false;
    return this;
  }

  finish(): Impact {
    const isRewritten = (name: QualifiedName): boolean => this.#rewrites.has(renderName(name));
    return {
      locks: [...this.#locks].map(([key, { table, mode }]) => {
        const blocks = blocksOf(mode);
        const more = this.#readersWait.has(key) && !blocks.includes("reads");
        return { table, mode, blocks: more ? ["reads", ...blocks] : blocks };
      }),
      rewrites: [...this.#rewrites.values()],
      scans: [...this.#scans.values()].filter((name) => !isRewritten(name)),
      builds: [...this.#builds.values()].filter((name) => !isRewritten(name)),
      transactional: this.transactional,
      waitsForSnapshots: this.waitsForSnapshots,
      basis: "measured",
      notes: [...this.#notes],
      confidence: this.#isLikely ? "likely" : "certain",
    };
  }

  #put(where: Map<string, QualifiedName>, name: QualifiedName): this {
    if (!this.isNew(name)) where.set(renderName(plainName(name)), plainName(name));
    return this;
  }
}
