/** Building drafts: one shape for what every reader finds out. */
import type { Action, ActionKind, Details, Effect, QualifiedName, Touch } from "../../sql/action.ts";
import type { Call } from "../../syntax/value.ts";
import type { Range } from "../../text/range.ts";
import type { Draft } from "../reading.ts";

/** A value whose fields may be spelled `undefined`; `present` leaves those out. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** The object without the fields that are undefined. */
export function present<T extends object>(fields: Loose<T>): T {
  const found: Partial<Record<keyof T, unknown>> = {};
  // A loop over the names: this is called for every action of every file, and lists of pairs would be most of its cost.
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name];
  return found as T;
}

/** The list, or nothing where it is empty. */
export const someOf = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

/** What a reader found out about one action, before it is given a place in the file. */
export interface Sketch {
  readonly action: Action;
  /** What is not known about it, in words; none means certain. */
  readonly doubts: readonly string[];
  /** The reader cannot tell what it does: `doubts` say why. */
  readonly opaque?: true;
}

/** Where a draft stands, and how it is written. */
export interface Place {
  readonly range: Range;
  readonly nameRange: Range;
  readonly via: Draft["via"];
}

export const placeOf = (call: Call, via: Draft["via"]): Place => ({
  range: call.range,
  nameRange: call.nameRange,
  via,
});

interface ActionFields {
  readonly kind: ActionKind;
  readonly effect: Effect;
  readonly table?: QualifiedName | undefined;
  readonly name?: string | undefined;
  readonly columns?: readonly string[];
  readonly touches?: readonly Touch[];
  readonly details?: Loose<Details>;
  /** It touches more than is listed, or the thing it is about has no known name. */
  readonly incomplete?: boolean | undefined;
}

export function action(fields: ActionFields): Action {
  return present<Action>({
    kind: fields.kind,
    effect: fields.effect,
    table: fields.table,
    name: fields.name,
    columns: fields.columns ?? [],
    touches: distinct(fields.touches ?? []),
    details: present<Details>(fields.details ?? {}),
    incomplete: fields.incomplete === true ? true : undefined,
  });
}

/** An action that cannot be told, or of which only the effect can. */
export const opaque = (effect: Effect, why: string): Sketch => ({
  action: action({ kind: "opaque", effect }),
  doubts: [why],
  opaque: true,
});

export function draft(sketch: Sketch, place: Place, sql?: string): Draft {
  const doubts = [...new Set(sketch.doubts)];
  return present<Draft>({
    ...sketch.action,
    table: sketch.action.table,
    name: sketch.action.name,
    range: place.range,
    nameRange: place.nameRange,
    via: place.via,
    sql,
    incomplete: sketch.action.incomplete ?? sketch.opaque,
    confidence: sketch.opaque ? "opaque" : doubts.length > 0 ? "likely" : "certain",
    why: doubts.length > 0 ? doubts.join("; ") : undefined,
  });
}

const keyOf = ({ how, on }: Touch): string =>
  JSON.stringify([how, on.type, on.name.schema ?? "", on.name.name, on.column ?? null]);

/** The touches in their order, each once. */
export function distinct(touches: readonly Touch[]): readonly Touch[] {
  return [...new Map(touches.map((touch) => [keyOf(touch), touch])).values()];
}
