/** The rows of the view "Revisions". What they say is decided here; how it looks, in `item.ts`. */
import type { ProjectNode, RevisionNode, WireRange } from "../../../../server/src/protocol/index.ts";
import { findApplied } from "../../alembic/plan.ts";
import { countPending, describePosition, describeVersions } from "../../alembic/wording.ts";
import type { Standing } from "../../database/standing.ts";
import { filterInWords, isFiltering, noFilter, passes, type Filter } from "./filter.ts";
import { collapseRuns } from "./runs.ts";
import { inDigits, t } from "../../l10n.ts";

/** A project with what is known of its database and of the interpreter that would run it. */
export interface ProjectView {
  readonly node: ProjectNode;
  readonly standing: Standing;
  /** Sentences of a look-up that found no interpreter; undefined where one was found or nobody looked. */
  readonly interpreterMissing?: readonly string[];
  /** The revision that Alembic runs now, or "" where it has not named one yet. */
  readonly running?: string;
}

export type RevisionState = "current" | "applied" | "pending" | "unknown";

export interface RevisionRow {
  readonly kind: "revision";
  readonly key: string;
  readonly projectId: string;
  readonly revision: RevisionNode;
  readonly state: RevisionState;
  readonly isRunning: boolean;
}

/** A long stretch of revisions in one line, none of which is special. */
export interface GroupRow {
  readonly kind: "group";
  readonly key: string;
  readonly projectId: string;
  readonly rows: readonly RevisionRow[];
  /** The revisions, or parts of the stretch where it is very long. */
  readonly children: readonly Row[];
}

/** What is shown of all, where not all is shown. */
export interface FilterRow {
  readonly kind: "filter";
  readonly key: string;
  readonly projectId: string;
  readonly label: string;
  readonly description: string;
}

export interface ProjectRow {
  readonly kind: "project";
  readonly key: string;
  readonly projectId: string;
  readonly label: string;
  readonly project: ProjectView;
  readonly summary: string;
  readonly children: readonly Row[];
}

export type StatusAction = "trust" | "selectInterpreter" | "setDatabaseUrl" | "showLog";

export interface StatusRow {
  readonly kind: "status";
  readonly key: string;
  readonly projectId: string;
  readonly tone: "database" | "busy" | "restricted" | "virtual" | "warning" | "error";
  readonly label: string;
  readonly description: string;
  readonly details: readonly string[];
  readonly action?: StatusAction;
  /** Word of the context value: which buttons the row gets. */
  readonly state: Standing["kind"] | "noInterpreterToRun" | "unknownRevision";
}

export interface ProblemRow {
  readonly kind: "problem";
  readonly key: string;
  readonly message: string;
  /** Undefined where the problem belongs to no file in particular. */
  readonly uri?: string;
  readonly range?: WireRange;
}

export type Row = ProjectRow | RevisionRow | GroupRow | StatusRow | ProblemRow | FilterRow;

/**
 * Revisions at the root where there is one project, below their project where there are several.
 * @param problems what could not be read at all, in words
 */
export const buildRows = (
  projects: readonly ProjectView[],
  problems: readonly string[] = [],
  filter: Filter = noFilter,
): readonly Row[] => {
  const [only] = projects;
  const unread = [...new Set(problems)].map((message): ProblemRow => ({
    kind: "problem",
    key: `#${message}`,
    message,
  }));
  if (only !== undefined && projects.length === 1) return [...unread, ...rowsOf(only, filter)];
  const roots = projects.map((project): ProjectRow => ({
    kind: "project",
    key: project.node.id,
    projectId: project.node.id,
    label: labelOf(project, projects),
    project,
    summary: summarize(project),
    children: rowsOf(project, filter),
  }));
  return [...unread, ...roots];
};

/** Folders called `migrations` are many: two of a name are told apart by the folder above. */
const labelOf = ({ node }: ProjectView, projects: readonly ProjectView[]): string =>
  projects.some((other) => other.node.id !== node.id && other.node.name === node.name)
    ? `${decodeURIComponent(node.folderUri).split("/").slice(-2).join("/")}${node.section === "alembic" ? "" : ` [${node.section}]`}`
    : node.name;

const rowsOf = (project: ProjectView, filter: Filter): Row[] => {
  // A project without revisions leaves the view empty, so that the welcome text shows; unless something is wrong.
  const problems = problemRows(project.node);
  if (project.node.revisions.length === 0 && problems.length === 0) return [];
  const all = revisionRows(project);
  if (!isFiltering(filter)) return [...statusRows(project), ...problems, ...collapseRuns(all)];
  const found = all.filter((row) => passes(row, filter));
  return [...statusRows(project), ...problems, filterRow(project, filter, [found.length, all.length]), ...found];
};

const filterRow = ({ node }: ProjectView, filter: Filter, [found, all]: readonly [number, number]): FilterRow => ({
  kind: "filter",
  key: `${node.id}#filter`,
  projectId: node.id,
  label: t("{0} of {1} revisions", found, all),
  description: filterInWords(filter),
});

/** `3,950 revisions`, and of which state they are. */
export const describeGroup = ({ rows }: GroupRow): string => {
  const state = rows[0]?.state;
  const count = inDigits(rows.length);
  if (state === "applied") return t("{0} applied revisions", count);
  return state === "pending" ? t("{0} pending revisions", count) : t("{0} revisions", count);
};

export const groupFindings = ({ rows }: GroupRow): RevisionNode["findings"] =>
  rows.reduce(
    (sum, { revision: { findings } }) => ({
      error: sum.error + findings.error,
      warning: sum.warning + findings.warning,
      information: sum.information + findings.information,
    }),
    { error: 0, warning: 0, information: 0 },
  );

/** Tells of each revision whether the database has it, as far as that is known. */
export const readStates = ({ node, standing }: ProjectView): ((id: string) => RevisionState) => {
  const applied = standing.kind === "known" ? findApplied(node.revisions, standing.versions) : undefined;
  return (id) => {
    if (applied === undefined) return "unknown";
    if (applied.current.has(id)) return "current";
    if (applied.ids.has(id)) return "applied";
    return applied.unknown.length > 0 ? "unknown" : "pending";
  };
};

export const revisionRows = (project: ProjectView): RevisionRow[] => {
  const { node } = project;
  const seen = new Map<string, number>();
  const stateOf = readStates(project);
  return node.revisions.map((revision) => {
    const copy = seen.get(revision.id) ?? 0;
    seen.set(revision.id, copy + 1);
    return {
      kind: "revision",
      key: `${node.id}#${revision.id}${copy > 0 ? `#${String(copy)}` : ""}`,
      projectId: node.id,
      revision,
      state: stateOf(revision.id),
      isRunning: project.running === revision.id,
    };
  });
};

const problemRows = (node: ProjectNode): ProblemRow[] => {
  const { configProblem } = node;
  const told = configProblem === undefined || node.problems.some(({ message }) => message === configProblem);
  const problems = told
    ? node.problems
    : [{ message: configProblem, uri: node.configUri ?? node.folderUri }, ...node.problems];
  return problems.map((problem, index) => ({
    kind: "problem",
    key: `${node.id}#problem${String(index)}`,
    ...problem,
  }));
};

export const statusRows = (project: ProjectView): StatusRow[] => {
  const row = (key: string, rest: Omit<StatusRow, "kind" | "key" | "projectId">): StatusRow => ({
    kind: "status",
    key: `${project.node.id}#${key}`,
    projectId: project.node.id,
    ...rest,
  });
  const rows = [row("standing", standingRow(project))];
  if (project.interpreterMissing !== undefined && project.standing.kind !== "noInterpreter")
    rows.push(row("interpreter", missingInterpreterRow(project.interpreterMissing, "noInterpreterToRun")));
  return rows;
};

type StatusText = Omit<StatusRow, "kind" | "key" | "projectId">;

const missingInterpreterRow = (tried: readonly string[], state: StatusRow["state"]): StatusText => ({
  tone: "warning",
  label: t("No Python with Alembic"),
  description: t("choose an interpreter"),
  details: tried,
  action: "selectInterpreter",
  state,
});

const standingRow = (project: ProjectView): StatusText => {
  const { standing } = project;
  switch (standing.kind) {
    case "unread":
    case "reading":
      return {
        tone: "busy",
        label: t("Database"),
        description: t("asking where it stands…"),
        details: [],
        state: standing.kind,
      };
    case "restricted":
      return {
        tone: "restricted",
        label: t("Restricted Mode"),
        description: t("files are checked, nothing runs"),
        details: [t("Migrations run once you trust this folder. Click to manage trust.")],
        action: "trust",
        state: standing.kind,
      };
    case "virtual":
      return {
        tone: "virtual",
        label: t("Virtual workspace"),
        description: t("files are checked, nothing runs"),
        details: [
          t(
            "These files lie on no disk, where Python and Alembic could run with them. Clone the repository to migrate.",
          ),
        ],
        state: standing.kind,
      };
    case "noConfig":
      return {
        tone: "warning",
        label: t("No usable alembic.ini"),
        description: t("revisions are checked, but cannot run"),
        details: [t("Alembic runs from a config file, and none that can be read was found beside these revisions.")],
        state: standing.kind,
      };
    case "noInterpreter":
      return missingInterpreterRow(standing.tried, standing.kind);
    case "unreachable":
      return {
        tone: "error",
        label: t("Database unreachable"),
        description: standing.reason,
        details: [
          standing.reason,
          ...(standing.database === undefined ? [] : [t("Database: {0}", standing.database)]),
          ...(standing.from === undefined ? [] : [t("The database is named by {0}.", standing.from)]),
        ],
        action: "showLog",
        state: standing.kind,
      };
    case "failed":
      return {
        tone: "warning",
        label: t("Alembic fails"),
        description: standing.reason,
        details: [standing.reason, t("So nobody can tell where the database stands.")],
        action: "showLog",
        state: standing.kind,
      };
    case "known":
      return knownRow(project, standing);
  }
};

const knownRow = (project: ProjectView, standing: Extract<Standing, { kind: "known" }>): StatusText => {
  const applied = findApplied(project.node.revisions, standing.versions);
  if (applied.unknown.length > 0)
    return {
      tone: "warning",
      label: t("{0}: unknown revision", standing.name),
      description: t("at {0} · {1}", applied.unknown.join(", "), standing.database),
      details: [
        t("The database says that it is at {0}, and no file here has that revision id.", applied.unknown.join(", ")),
        t("Perhaps it was migrated from another branch, or the file was removed."),
      ],
      action: "showLog",
      state: "unknownRevision",
    };
  const pending = countPending(project.node, applied);
  return {
    tone: "database",
    label:
      pending === 0 ? t("{0}: up to date", standing.name) : t("{0}: {1} pending", standing.name, inDigits(pending)),
    description: [describeVersions(applied), standing.database].join(" · "),
    details: [
      t("{0} is {1}.", standing.database, describePosition(project.node, standing.versions)),
      t("Read {0}.", standing.from),
    ],
    state: standing.kind,
  };
};

const summarize = (project: ProjectView): string => {
  const { standing } = project;
  if (standing.kind === "known") return describePosition(project.node, standing.versions);
  if (standing.kind === "unreachable") return t("database unreachable");
  return standing.kind === "failed" ? t("Alembic fails") : "";
};

const units: readonly (readonly [seconds: number, name: string])[] = [
  [365 * 86_400, t("y")],
  [30 * 86_400, t("mo")],
  [7 * 86_400, t("w")],
  [86_400, t("d")],
  [3_600, t("h")],
  [60, t("min")],
];

/** `3 mo`; undefined where the date is none, or lies ahead. */
export const renderAge = (date: string | undefined, now: number): string | undefined => {
  const time = date === undefined ? Number.NaN : Date.parse(date.trim().replace(" ", "T"));
  const seconds = (now - time) / 1000;
  if (Number.isNaN(seconds) || seconds < -60) return undefined;
  const unit = units.find(([size]) => seconds >= size);
  return unit === undefined ? t("now") : `${String(Math.floor(seconds / unit[0]))} ${unit[1]}`;
};

export const stateWords: Record<RevisionState, string> = {
  current: t("the database is here"),
  applied: t("applied"),
  pending: t("not applied yet"),
  unknown: t("not known whether it is applied"),
};

export const stateInWords = (row: RevisionRow): string => (row.isRunning ? t("running now") : stateWords[row.state]);

/** `2 errors, 1 warning`; "" where there are none. */
export const findingsInWords = (findings: RevisionNode["findings"]): string =>
  (["error", "warning", "information"] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => countInWords(severity, findings[severity]))
    .join(", ");

const countInWords = (severity: keyof RevisionNode["findings"], count: number): string => {
  switch (severity) {
    case "error":
      return count === 1 ? t("1 error") : t("{0} errors", count);
    case "warning":
      return count === 1 ? t("1 warning") : t("{0} warnings", count);
    case "information":
      return count === 1 ? t("1 hint") : t("{0} hints", count);
  }
};

/** Words that `when` clauses of menus look for. */
export const contextWords = (row: RevisionRow): string =>
  [
    "revision",
    row.state,
    ...(row.revision.isHead ? ["head"] : []),
    ...(row.revision.isMerge ? ["merge"] : []),
    ...(row.revision.parents.length === 0 ? ["base"] : []),
  ].join(" ");
