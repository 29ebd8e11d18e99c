/** The rows of the view "Database". What they say is decided here; how it looks, in `item.ts`. */
import type { Session } from "../../../../server/src/database/sessions.ts";
import { sizeOfTable } from "../../../../server/src/database/statistics.ts";
import type { Glance, RevisionNode } from "../../../../server/src/protocol/index.ts";
import { findApplied, planUpgrade, type Applied } from "../../alembic/plan.ts";
import { nameRevision } from "../../alembic/wording.ts";
import type { Overview } from "../../database/overview.ts";
import { effectInWords, modeInWords } from "../graph/words.ts";
import { statusRows, type ProjectView, type StatusRow } from "../revisions/model.ts";
import {
  judgeSessions,
  lockInWords,
  nameSession,
  sessionContext,
  stateInWords,
  type JudgedSession,
  type NeededLock,
} from "./sessions.ts";
import { inDigits, roughly, t } from "../../l10n.ts";

export interface Line {
  readonly kind: "line";
  readonly key: string;
  readonly projectId: string;
  readonly icon: string;
  readonly tone?: "warning" | "error";
  readonly label: string;
  readonly description: string;
  /** One sentence each. */
  readonly details: readonly string[];
  /** Words that `when` clauses of menus look for. */
  readonly context: string;
  readonly command?: { readonly id: string; readonly title: string };
  /** What commands that are called on the row are about. */
  readonly revision?: RevisionNode;
  readonly session?: Session;
  readonly children: readonly DatabaseRow[];
  readonly isOpen?: true;
}

export type DatabaseRow = Line | StatusRow;

export interface DatabaseState {
  readonly overview: Overview;
  /** Of pending revisions, as far as the server has told. */
  readonly glances: ReadonlyMap<string, Glance>;
}

type Text = Partial<Omit<Line, "kind" | "key" | "projectId">> & Pick<Line, "icon" | "label">;

/** What pending revisions will ask for. */
interface Needed {
  readonly locks: readonly NeededLock[];
  readonly isNothing: boolean;
  readonly isAllKnown: boolean;
}

/** More tables or sessions would be no list. */
const most = 100;

export function buildDatabaseRows(
  projects: readonly ProjectView[],
  stateOf: (projectId: string) => DatabaseState,
): readonly DatabaseRow[] {
  const shown = projects.filter(({ node }) => node.revisions.length > 0);
  const [only] = shown;
  if (only !== undefined && shown.length === 1) return rowsOf(only, stateOf(only.node.id));
  return shown.map((project) =>
    lineOf(project, "project", {
      icon: "beaker",
      label: project.node.name,
      description: project.standing.kind === "known" ? project.standing.database : "",
      context: "project",
      children: rowsOf(project, stateOf(project.node.id)),
      isOpen: true,
    }),
  );
}

/** The editor remembers of each key whether it is open: one that had nothing below it is another than one that has. */
const lineOf = ({ node }: ProjectView, key: string, text: Text): Line => ({
  kind: "line",
  key: `${node.id}#database#${key}${text.isOpen ? "#open" : ""}`,
  projectId: node.id,
  description: "",
  details: [],
  context: "",
  children: [],
  ...text,
});

function rowsOf(project: ProjectView, state: DatabaseState): readonly DatabaseRow[] {
  const { standing, node } = project;
  if (standing.kind !== "known") return statusRows(project).map((row) => ({ ...row, key: `${row.key}#database` }));
  const applied = findApplied(node.revisions, standing.versions);
  const pending = applied.unknown.length > 0 ? [] : planUpgrade(node.revisions, applied, node.heads);
  const glances = pending.map(({ id }) => state.glances.get(id));
  const needed: Needed = {
    locks: glances.flatMap((glance) => glance?.tables ?? []),
    isNothing: pending.length === 0,
    isAllKnown: glances.every((glance) => glance?.isPartlyUnknown === false),
  };
  return [
    lineOf(project, "connection", {
      icon: "database",
      label: standing.name,
      description: standing.database,
      details: [t("{0}, read {1}.", standing.database, standing.from)],
      context: "connection",
    }),
    ...positionLines(project, applied),
    ...unknownLines(project, applied),
    pendingLine(project, pending, state),
    ...overviewLines(project, state.overview, needed),
    lineOf(project, "drift", {
      icon: "diff",
      label: t("Models and database"),
      description: t("compare"),
      details: [
        t(
          "Whether the models say something else than the database, only Alembic can tell: it runs env.py for it. Click to run alembic check.",
        ),
      ],
      context: "drift",
      command: { id: "retort.check", title: t("Check Models against the Database") },
    }),
  ];
}

function positionLines(project: ProjectView, { current, unknown }: Applied): readonly Line[] {
  const revisions = project.node.revisions.filter(({ id }) => current.has(id));
  if (revisions.length === 0 && unknown.length === 0)
    return [
      lineOf(project, "position", {
        icon: "circle-large-outline",
        label: t("Nothing is applied"),
        details: [
          t("The version table is empty, or not there: no revision has run, or the database was made without Alembic."),
        ],
      }),
    ];
  return revisions.map((revision) =>
    lineOf(project, `position:${revision.id}`, {
      icon: "target",
      label: t("At {0}", nameRevision(revision)),
      description: revision.isHead ? t("head") : "",
      details: [t("The version table says that this revision ran last. Click to open it.")],
      context: "revision current",
      command: { id: "vscode.open", title: t("Open Revision") },
      revision,
    }),
  );
}

const unknownLines = (project: ProjectView, { unknown }: Applied): readonly Line[] =>
  unknown.map((id) =>
    lineOf(project, `unknown:${id}`, {
      icon: "question",
      tone: "warning",
      label: t("Unknown revision {0}", id),
      description: t("no file here has that id"),
      details: [
        t("The database says that it is at {0}, and no file of this project has that revision id.", id),
        t(
          "It was migrated from another branch, or the file was removed or renamed. Until it is found again, Alembic can neither upgrade nor downgrade this database.",
        ),
        t("Click to look for it in the repository's history."),
      ],
      context: "unknownRevision",
      command: { id: "retort.findRevision", title: t("Find Lost Revision") },
    }),
  );

function pendingLine(project: ProjectView, pending: readonly RevisionNode[], state: DatabaseState): Line {
  if (pending.length === 0)
    return lineOf(project, "pending", { icon: "pass", label: t("Nothing is pending"), context: "pending none" });
  const { overview, glances } = state;
  const sizes = overview.kind === "read" ? overview.sizes : undefined;
  const tables = tablesOf(pending, glances);
  const isAllTold = pending.every(({ id }) => glances.has(id));
  const unknown = pending.filter(({ id }) => glances.get(id)?.isPartlyUnknown === true);
  return lineOf(project, "pending", {
    icon: "arrow-circle-up",
    label: pending.length === 1 ? t("1 revision pending") : t("{0} revisions pending", inDigits(pending.length)),
    description: isAllTold ? lockedInWords(tables.length) : "…",
    details: [
      pending.length > mostNamed
        ? t("An upgrade runs {0}; and more.", names(pending.slice(0, mostNamed)))
        : t("An upgrade runs {0}.", names(pending)),
      ...(unknown.length > 0 ? [t("What {0} locks could not be told in full.", names(unknown))] : []),
    ],
    context: "pending",
    ...(tables.length > 0 ? { isOpen: true as const } : {}),
    children: tables.slice(0, most).map(({ table, mode, blocks, revisions, size }) => {
      const [schema, name] = table.includes(".") ? table.split(".", 2) : [undefined, table];
      const inDatabase = sizes && sizeInWords(sizeOfTable(sizes, schema, name ?? table));
      const known = inDatabase ?? (size === undefined ? undefined : t("{0} in statistics", size));
      return lineOf(project, `table:${table}`, {
        icon: "table",
        label: table,
        description: [known, modeInWords(mode)].filter(Boolean).join(" · "),
        details: [
          `${modeInWords(mode)} ${effectInWords(blocks)}.`,
          ...(known === undefined ? [] : [t("Size: {0}.", known)]),
          t("Locked by {0}. Click to open the first.", names(revisions)),
        ],
        context: "table",
        command: { id: "vscode.open", title: t("Open Revision") },
        ...(revisions[0] ? { revision: revisions[0] } : {}),
      });
    }),
  });
}

/** `12,400 rows, 3.1 MB`. */
const sizeInWords = (size: ReturnType<typeof sizeOfTable>): string | undefined => {
  if (size === undefined) return undefined;
  const { rows, bytes } = size;
  if (rows === undefined) return t("rows never counted, {0}", bytes);
  return rows === 1 ? t("1 row, {0}", bytes) : t("{0} rows, {1}", roughly(rows), bytes);
};

/** A tooltip is no list. */
const mostNamed = 8;
const names = (revisions: readonly RevisionNode[]): string => revisions.map(nameRevision).join("; ");

const lockedInWords = (tables: number): string => {
  if (tables === 0) return t("locks no table in use");
  return tables === 1 ? t("locks 1 table in use") : t("locks {0} tables in use", inDigits(tables));
};

interface PendingTable {
  readonly table: string;
  readonly mode: string;
  readonly blocks: string;
  readonly size?: string;
  readonly revisions: readonly RevisionNode[];
}

/** One of each table, with the lock that holds up most others. */
function tablesOf(pending: readonly RevisionNode[], glances: ReadonlyMap<string, Glance>): readonly PendingTable[] {
  const tables = new Map<string, PendingTable & { readonly strength: number }>();
  for (const revision of pending)
    for (const lock of glances.get(revision.id)?.tables ?? []) {
      const before = tables.get(lock.table);
      const strength = lock.waitsFor.length;
      const stronger = before === undefined || strength > before.strength ? { ...lock, strength } : before;
      tables.set(lock.table, { ...stronger, revisions: [...(before?.revisions ?? []), revision] });
    }
  return [...tables.values()].sort((a, b) => b.strength - a.strength);
}

function overviewLines(project: ProjectView, overview: Overview, needed: Needed): readonly Line[] {
  switch (overview.kind) {
    case "unread":
      return [lineOf(project, "sessions", { icon: "loading~spin", label: t("Sessions"), description: t("asking…") })];
    case "noUrl":
      return [
        lineOf(project, "sessions", {
          icon: "person",
          label: t("Sessions"),
          description: t("no URL is known"),
          details: [
            t("Alembic knows the database, and Retort has no URL to ask it who is at work in it. Click to set one."),
          ],
          command: { id: "retort.setDatabaseUrl", title: t("Set Database URL") },
        }),
      ];
    case "elsewhere":
      return [
        lineOf(project, "sessions", {
          icon: "person",
          label: t("Sessions"),
          description: t("not known"),
          details: [
            t(
              "Alembic uses another database than the URL that is known here names, so who is at work in it cannot be told. Click to set its URL.",
            ),
          ],
          command: { id: "retort.setDatabaseUrl", title: t("Set Database URL") },
        }),
      ];
    case "otherDialect":
      return [];
    case "failed":
      return [
        lineOf(project, "sessions", {
          icon: "person",
          tone: "warning",
          label: t("Sessions"),
          description: t("could not be read"),
          details: [overview.reason],
          context: "failed",
        }),
      ];
    case "guarded":
      return [
        lineOf(project, "sessions", {
          icon: "shield",
          label: t("Sessions and sizes"),
          description: t("not read by themselves"),
          details: [
            ...overview.reasons,
            t("So Retort looks into it only when you say so. Click to read once; nothing is changed."),
          ],
          context: "guarded",
          command: { id: "retort.lookIntoDatabase", title: t("Look into Database") },
        }),
      ];
    case "read":
      return [
        sessionsLine(project, overview, needed),
        ...(overview.sizesReason === undefined
          ? []
          : [
              lineOf(project, "sizes", {
                icon: "table",
                tone: "warning",
                label: t("Sizes of tables"),
                description: t("could not be read"),
                details: [overview.sizesReason],
              }),
            ]),
      ];
  }
}

function sessionsLine(project: ProjectView, overview: Extract<Overview, { kind: "read" }>, needed: Needed): Line {
  const schema = overview.sizes?.defaultSchema ?? "public";
  const judged = judgeSessions(overview.sessions, needed.locks, schema);
  const blocking = judged.filter((one) => one.blocking.length > 0).length;
  const long = judged.filter((one) => one.isLong).length;
  const nobody = needed.isNothing
    ? t("Sessions")
    : needed.isAllKnown
      ? t("Nobody would block")
      : t("Nobody is known to block");
  const open = judged.length === 1 ? t("1 open transaction") : t("{0} open transactions", judged.length);
  return lineOf(project, "sessions", {
    icon: blocking > 0 ? "warning" : "person",
    ...(blocking > 0 ? { tone: "warning" as const } : {}),
    label:
      blocking === 0 ? nobody : blocking === 1 ? t("1 session would block") : t("{0} sessions would block", blocking),
    description: [open, ...(long > 0 ? [t("{0} for more than a minute", long)] : [])].join(" · "),
    details: [whatSessionsDo(blocking, needed)],
    context: "sessions",
    ...(blocking + long > 0 ? { isOpen: true as const } : {}),
    children: judged.slice(0, most).map((one) => sessionLine(project, one, schema)),
  });
}

function whatSessionsDo(blocking: number, { isNothing, isAllKnown }: Needed): string {
  if (blocking > 0)
    return t("They hold locks that a pending revision would wait for, and all who come later would wait behind it.");
  if (isNothing) return t("Transactions that are open now.");
  return isAllKnown
    ? t("No session holds a lock that a pending revision would wait for.")
    : t("No session holds a lock that a pending revision would wait for, as far as their locks are known.");
}

function sessionLine(project: ProjectView, { session, blocking, isLong }: JudgedSession, schema: string): Line {
  const [worst] = blocking;
  const key = `session:${String(session.pid)}:${session.began}:${session.prepared ?? ""}`;
  const statement = session.statement.replaceAll(/\s+/g, " ").trim();
  const lines = [...new Set(session.locks.map((lock) => lockInWords(lock, schema)))];
  return lineOf(project, key, {
    icon: worst === undefined ? (isLong ? "clock" : "person") : "lock",
    ...(worst === undefined ? {} : { tone: "warning" as const }),
    label: nameSession(session),
    description: [...(worst === undefined ? [] : [lockInWords(worst, schema)]), stateInWords(session)].join(" · "),
    details: [
      ...(session.pid === 0
        ? []
        : [
            session.client === ""
              ? t("Process {0}.", session.pid)
              : t("Process {0} from {1}.", session.pid, session.client),
          ]),
      ...(session.user === "" ? [] : [t("User: {0}.", session.user)]),
      t("State: {0}.", stateInWords(session)),
      ...(session.prepared === undefined
        ? []
        : [
            t(
              "No process stands behind it: it holds its locks until somebody runs COMMIT PREPARED or ROLLBACK PREPARED.",
            ),
          ]),
      ...(session.maySignal || session.prepared !== undefined ? [] : [t("This role may not stop it.")]),
      ...(statement === ""
        ? []
        : [
            session.state === "active"
              ? t("Statement: {0}", clip(statement))
              : t("Last statement: {0}", clip(statement)),
          ]),
    ],
    context: sessionContext(session),
    session,
    children: [
      ...lines
        .slice(0, most)
        .map((text, index) => lineOf(project, `${key}:${String(index)}`, { icon: "key", label: text })),
      ...(statement === ""
        ? []
        : [lineOf(project, `${key}:statement`, { icon: "code", label: clip(statement), details: [clip(statement)] })]),
    ],
  });
}

const longest = 300;
const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
