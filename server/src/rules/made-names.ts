/** Names that operations give to what they make. */
import { madeBy } from "../facts/past.ts";
import type { Judged } from "../facts/judged.ts";
import type { Entity } from "../sql/action.ts";
import { at, type Found, type Subject } from "./define.ts";

export interface Named extends Found {
  readonly type: Entity["type"];
  readonly name: string;
}

const nameOf = ({ column, name }: Entity): string => column ?? name.name;

/** An index that stands for some index of its table has no name of its own. */
const isNamed = ({ type, name }: Entity, { operation: { table } }: Judged): boolean =>
  type !== "index" || name.name !== table?.name;

/** What the upgrade makes and names, each once. */
export function* namesMade(subject: Subject, types: readonly Entity["type"][]): Iterable<Named> {
  const seen = new Set<string>();
  for (const one of subject.judged) {
    if (one.direction !== subject.upgrade || !one.isUnderstood) continue;
    for (const made of madeBy(one.operation)) {
      const name = nameOf(made);
      if (!types.includes(made.type) || !isNamed(made, one) || seen.has(`${made.type} ${name}`) || name === "*")
        continue;
      seen.add(`${made.type} ${name}`);
      yield { ...at(one), type: made.type, name };
    }
  }
}
