/** Random histories, and random texts that name revisions of them. */
import fc from "fast-check";
import type { Sketch } from "./graph.ts";

export type Drawn = Required<Omit<Sketch, "path">>;

/** With common beginnings, so that some texts are ambiguous; some too short to be abbreviated. */
const ids = [
  "a1",
  "abc",
  "abcd",
  "abcde",
  "abcdf",
  "abd00",
  "b0b0",
  "b0b1",
  "c",
  "deadbeef",
  "dead01",
  "f00d",
  "1234",
  "12",
];
const labels = ["lib", "libx", "api", "abcx", "main"];

/** Parents before children, read in any order; one or several bases, branches, merges, labels, dependencies by id or label. */
export const dag: fc.Arbitrary<readonly Drawn[]> = fc
  .tuple(fc.shuffledSubarray(ids, { minLength: 1 }), fc.shuffledSubarray(labels), fc.integer({ min: 1, max: 4 }))
  .chain(([names, free, mostParents]) =>
    fc.tuple(
      fc.tuple(...names.map((_, i) => placeOf(i, mostParents))),
      fc.constant(names),
      fc.constant(free),
      fc.array(fc.nat(), { minLength: names.length, maxLength: names.length }),
    ),
  )
  .map(([places, names, free, shuffle]) => {
    const left = [...free];
    const labelled = places.map(({ label }) => (label ? left.splice(0, 1) : []));
    const labelOr = (i: number): string => labelled[i]?.[0] ?? names[i] ?? "";
    const drawn = places.map(({ down, depends, byLabel }, i): Drawn => {
      const dependsOn = byLabel ? depends.map(labelOr) : pick(names, depends);
      return { id: names[i] ?? "", down: pick(names, down), dependsOn, labels: labelled[i] ?? [] };
    });
    return drawn
      .map((one, i) => ({ one, at: shuffle[i] ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  });

const pick = (names: readonly string[], at: readonly number[]): string[] => at.flatMap((i) => names[i] ?? []);

const placeOf = (i: number, mostParents: number) => {
  const earlier =
    i === 0
      ? fc.constant<number[]>([])
      : fc.uniqueArray(fc.integer({ min: 0, max: i - 1 }), { maxLength: mostParents });
  const near = fc.constant(i === 0 ? [] : [i - 1]);
  return fc.record({
    down: fc.oneof({ weight: 3, arbitrary: near }, { weight: 2, arbitrary: earlier }),
    depends: fc.oneof(
      { weight: 4, arbitrary: fc.constant<number[]>([]) },
      {
        weight: 1,
        arbitrary:
          i === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.integer({ min: 0, max: i - 1 }), { maxLength: 2 }),
      },
    ),
    label: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    byLabel: fc.boolean(),
  });
};

interface Suspects {
  readonly one: Drawn;
  readonly other: Drawn;
  readonly label: string;
}

const partOf = (id: string): string => (id.length > 1 ? id.slice(0, -1) : "nowhere");

/** What a person, or git when it merges, gets wrong in one file. */
const mistakes: readonly ((suspects: Suspects) => Partial<Drawn>)[] = [
  ({ one }) => ({ down: [...one.down, "nowhere"] }),
  ({ one, other }) => ({ down: [...new Set([...one.down, other.id])] }),
  ({ one }) => ({ down: [one.id] }),
  ({ one }) => ({ down: one.down.flatMap((id) => [id, id]) }),
  ({ other }) => ({ down: [partOf(other.id)] }),
  ({ label }) => ({ down: [label] }),
  () => ({ dependsOn: ["nowhere"] }),
  ({ other }) => ({ dependsOn: [other.id] }),
  ({ one }) => ({ dependsOn: [one.id] }),
  ({ other }) => ({ dependsOn: [partOf(other.id)] }),
  ({ label }) => ({ labels: [label] }),
  ({ other }) => ({ labels: [other.id] }),
  () => ({ labels: ["twice", "twice"] }),
  ({ one, other }) => ({ id: `${one.id}${"@+:-"[other.id.length % 4] ?? ""}` }),
];

/** One or two mistakes, or an id that an earlier file has as well. */
export const broken: fc.Arbitrary<readonly Drawn[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(dag, fc.array(fc.tuple(fc.constantFrom(...mistakes), fc.nat(), fc.nat()), { minLength: 1, maxLength: 2 }))
      .map(([all, made]) => made.reduce((now, [mistake, at, to]) => withMistake(now, mistake, at, to), all)),
  },
  { weight: 1, arbitrary: fc.tuple(dag, fc.nat(), fc.boolean()).map(([all, at, isBase]) => withTwin(all, at, isBase)) },
);

function withMistake(
  all: readonly Drawn[],
  mistake: (typeof mistakes)[number],
  at: number,
  to: number,
): readonly Drawn[] {
  const one = all[at % all.length];
  const other = all[to % all.length];
  if (one === undefined || other === undefined) return all;
  const label = all.find(({ labels }) => labels.length > 0)?.labels[0] ?? "nolabel";
  return all.map((each) => (each === one ? { ...one, ...mistake({ one, other, label }) } : each));
}

function withTwin(all: readonly Drawn[], at: number, isBase: boolean): readonly Drawn[] {
  const one = all[at % all.length];
  return one === undefined ? all : [{ ...one, labels: [], down: isBase ? [] : one.down }, ...all];
}

/** What a person may write to name revisions of a history, right and wrong. */
export function textFor(all: readonly Drawn[]): fc.Arbitrary<string> {
  const names = [...new Set(all.flatMap(({ id, labels }) => [id, ...labels]))];
  const name = fc.constantFrom(...names, "nowhere");
  const part = fc.tuple(name, fc.integer({ min: 1, max: 5 })).map(([one, length]) => one.slice(0, length));
  const special = fc.constantFrom("head", "heads", "base");
  const single = fc.oneof(
    { weight: 3, arbitrary: name },
    { weight: 1, arbitrary: part },
    { weight: 2, arbitrary: special },
  );
  const steps = fc.constantFrom("+1", "-1", "+2", "-2", "+3", "-3", "+0", "-0", "-9", "+9");
  const branch = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.oneof(part, special, fc.constant("")) },
  );
  const maybe = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), text);
  return fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 2, arbitrary: fc.tuple(branch, single).map((of) => of.join("@")) },
    { weight: 2, arbitrary: fc.tuple(maybe(name), steps).map((of) => of.join("")) },
    { weight: 2, arbitrary: fc.tuple(branch, maybe(single), steps).map(([b, s, n]) => `${b}@${s}${n}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "",
        "@",
        "+",
        "-",
        "a b",
        "é+1",
        "x@y@head",
        "--1",
        "1",
        "-1x",
        "current",
        "@head",
        "@heads",
        "@-1",
      ),
    },
  );
}
