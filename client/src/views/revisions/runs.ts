/** Long stretches of a history where nothing happens, as one row that opens: ten thousand revisions are no list. */
import type { GroupRow, RevisionRow, Row } from "./model.ts";

/** Shorter stretches stay as they are. */
const shortest = 40;
/** Rows at the ends of a stretch that stay in sight. */
const [keptAbove, keptBelow] = [5, 2];
/** A stretch that is longer than this opens in parts. */
const part = 100;

/** Nothing branches, joins, begins or ends here, and it stands where its neighbours stand. */
const isPlain = ({ revision, state, isRunning }: RevisionRow): boolean =>
  state !== "current" &&
  !isRunning &&
  !revision.isHead &&
  !revision.isMerge &&
  !revision.isBranchPoint &&
  revision.lines === undefined &&
  revision.missingParents === undefined &&
  revision.branchLabels.length === 0;

const belongs = (before: RevisionRow, row: RevisionRow): boolean =>
  before.state === row.state && before.revision.lane === row.revision.lane;

export function collapseRuns(rows: readonly RevisionRow[]): readonly (RevisionRow | GroupRow)[] {
  const shown: (RevisionRow | GroupRow)[] = [];
  let run: RevisionRow[] = [];
  const close = (): void => {
    shown.push(...(run.length < shortest ? run : collapsed(run)));
    run = [];
  };
  for (const row of rows) {
    const last = run.at(-1);
    if (!isPlain(row) || (last !== undefined && !belongs(last, row))) close();
    if (isPlain(row)) run.push(row);
    else shown.push(row);
  }
  close();
  return shown;
}

const collapsed = (run: readonly RevisionRow[]): readonly (RevisionRow | GroupRow)[] => [
  ...run.slice(0, keptAbove),
  group(run.slice(keptAbove, -keptBelow)),
  ...run.slice(-keptBelow),
];

function group(rows: readonly RevisionRow[]): GroupRow {
  const [first] = rows;
  const last = rows.at(-1);
  const parts = rows.length <= 2 * part ? undefined : inParts(rows);
  return {
    kind: "group",
    // By its oldest revision: a history grows at the other end.
    key: `${first?.projectId ?? ""}#${String(rows.length <= part ? "part" : "run")}:${last?.revision.id ?? ""}`,
    projectId: first?.projectId ?? "",
    rows,
    children: parts ?? rows,
  };
}

/** Counted from the oldest, so that parts stay what they are when the history grows. */
function inParts(rows: readonly RevisionRow[]): readonly Row[] {
  const first = rows.length % part || part;
  const starts = [
    0,
    ...Array.from({ length: Math.ceil((rows.length - first) / part) }, (_, index) => first + index * part),
  ];
  return starts.map((start, index) => group(rows.slice(start, starts[index + 1] ?? rows.length)));
}
