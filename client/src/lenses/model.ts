/** What the lenses of a revision say and do. Where they stand is told by the server. */
import type { LensesAnswer, WireLocation, WireRange } from "../../../server/src/protocol/index.ts";
import { t } from "../l10n.ts";
import { readStates, type ProjectView, type RevisionState } from "../views/revisions/model.ts";

export interface Lens {
  readonly range: WireRange;
  readonly title: string;
  readonly tooltip?: string;
  /** Absent: it only tells something. */
  readonly action?: LensAction;
}

export type LensAction =
  | { readonly kind: "peek"; readonly at: WireRange; readonly locations: readonly WireLocation[] }
  | { readonly kind: "command"; readonly command: string; readonly argument?: unknown };

/** Above the id: the state and the neighbours; above each function that upgrades: what can be run. */
export const lensesOf = (places: LensesAnswer, project: ProjectView): readonly Lens[] => {
  const state = readStates(project)(places.revision);
  const onId = [stateLens(state), ...neighbours(places)];
  return [
    ...onId.map((lens) => ({ range: places.range, ...lens })),
    ...places.upgrades.flatMap((range) => actions(places, state).map((lens) => ({ range, ...lens }))),
  ];
};

type Placeless = Omit<Lens, "range">;

const stateLens = (state: RevisionState): Placeless => ({
  title: titles[state](),
  tooltip: t("Ask the database again"),
  action: { kind: "command", command: "retort.refresh" },
});

const titles: Record<RevisionState, () => string> = {
  current: () => t("$(target) The database is here"),
  applied: () => t("$(pass) Applied"),
  pending: () => t("$(circle-large-outline) Not applied yet"),
  unknown: () => t("$(question) Not known whether it is applied"),
};

const neighbours = ({ parents, children, range }: LensesAnswer): readonly Placeless[] => [
  {
    title:
      parents.length === 0 ? t("no parent") : parents.length === 1 ? t("1 parent") : t("{0} parents", parents.length),
    ...peek(range, parents),
  },
  {
    title:
      children.length === 0 ? t("no child") : children.length === 1 ? t("1 child") : t("{0} children", children.length),
    ...peek(range, children),
  },
];

const peek = (at: WireRange, locations: readonly WireLocation[]): Pick<Lens, "action"> =>
  locations.length === 0 ? {} : { action: { kind: "peek", at, locations } };

const actions = ({ projectId, revision }: LensesAnswer, state: RevisionState): readonly Placeless[] => {
  const argument = { projectId, revision };
  const run = (title: string, command: string): Placeless => ({
    title,
    action: { kind: "command", command, argument },
  });
  const isDone = state === "current" || state === "applied";
  return [
    ...(isDone ? [] : [run(t("Upgrade to here"), "retort.upgradeTo")]),
    ...(state === "pending" ? [] : [run(t("Downgrade to before"), "retort.downgradeBefore")]),
    run("SQL", "retort.showSql"),
  ];
};
