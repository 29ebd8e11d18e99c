/** What comes directly before an id: its parents and dependencies, each once. */
export type Before = (id: string) => readonly string[];

/**
 * Some ids, and all that comes before them, kept up to date while ids come and go: for each by how many links it is used, and one
 * more for each time that it was retained. So that "is it before one of the others?" needs no walk.
 */
export class Uses {
  readonly #before: Before;
  readonly #counts = new Map<string, number>();

  /** @param before without cycles */
  constructor(before: Before) {
    this.#before = before;
  }

  count = (id: string): number => this.#counts.get(id) ?? 0;

  ids = (): Iterable<string> => this.#counts.keys();

  retain(id: string): void {
    const todo = [id];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const count = this.count(next);
      this.#counts.set(next, count + 1);
      if (count === 0) todo.push(...this.#before(next));
    }
  }

  release(id: string): void {
    const todo = [id];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const count = this.count(next) - 1;
      if (count > 0) this.#counts.set(next, count);
      else if (this.#counts.delete(next)) todo.push(...this.#before(next));
    }
  }
}
