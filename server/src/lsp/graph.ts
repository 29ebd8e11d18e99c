/** What the graph of a history asks for: revisions at a glance, and one of them in full. */
import type { Connection } from "vscode-languageserver/node";
import { glanceAt, type LockedTable, type RevisionGlance } from "../features/graph/glance.ts";
import { operationsOf } from "../features/graph/operations.ts";
import type { RevisionFile } from "../model/revision.ts";
import { renderSize, sizeOf } from "../project/sizes.ts";
import type { Project } from "../project/snapshot.ts";
import {
  methods,
  type Glance,
  type GlanceLock,
  type GlancesAnswer,
  type GlancesRequest,
  type OperationsAnswer,
  type OperationsRequest,
} from "../protocol/index.ts";
import { renderName } from "../sql/action.ts";
import { linesOf, toRange } from "./convert.ts";
import { isolated } from "./isolate.ts";
import { findingsOf, textOf, versionsOf, type Session } from "./session.ts";

export function answerGraph(connection: Connection, session: Session): void {
  const { log } = session;
  connection.onRequest(
    methods.glances,
    isolated<GlancesRequest, GlancesAnswer>("glances", log, { glances: [] }, async (request) => {
      await session.settled();
      return glancesAnswer(session, request);
    }),
  );
  connection.onRequest(
    methods.operations,
    isolated<OperationsRequest, OperationsAnswer>(
      "operations",
      log,
      { ok: false, reason: "The language server failed; see its log." },
      async (request) => {
        await session.settled();
        return operationsAnswer(session, request);
      },
    ),
  );
}

const findFile = (session: Session, projectId: string, id: string): [Project, RevisionFile] | undefined => {
  const project = session.workspace().projects.find((one) => one.id === projectId);
  const file = project?.history.revisions.get(id)?.file;
  return project && file ? [project, file] : undefined;
};

/** A project is another value after every edit, and what a revision meets depends on all before it. */
const kept = new WeakMap<Project, Map<string, RevisionGlance>>();

function glancesAnswer(session: Session, { projectId, ids }: GlancesRequest): GlancesAnswer {
  return {
    glances: ids.flatMap((id) => {
      const found = findFile(session, projectId, id);
      if (!found) return [];
      const [project, file] = found;
      const known = kept.get(project) ?? new Map<string, RevisionGlance>();
      kept.set(project, known);
      const glance = known.get(id) ?? glanceAt(project, file, session.settings(project));
      known.set(id, glance);
      return [toGlance(project, id, glance)];
    }),
  };
}

function toGlance(project: Project, id: string, glance: RevisionGlance): Glance {
  const tables = glance.tables.map((one) => toLock(project, one));
  const [lock] = tables;
  const { isPartlyUnknown, isMixed, wayBack, wayBackWhy } = glance;
  return { id, ...(lock === undefined ? {} : { lock }), tables, isPartlyUnknown, isMixed, wayBack, wayBackWhy };
}

function toLock(project: Project, { table, mode, blocks, waitsFor }: LockedTable): GlanceLock {
  const size = sizeOf(project, table);
  return {
    table: renderName(table),
    mode,
    blocks,
    waitsFor,
    ...(size === undefined ? {} : { size: renderSize(size) }),
  };
}

function operationsAnswer(session: Session, { projectId, id }: OperationsRequest): OperationsAnswer {
  const found = findFile(session, projectId, id);
  if (!found) return { ok: false, reason: "The revision is not there any more." };
  const [project, file] = found;
  const lines = linesOf(file.path, textOf(session, file.path));
  return {
    ok: true,
    directions: operationsOf(project, file, versionsOf(session, project).versions).map(
      ({ direction: { name, engine }, note, operations }) => ({
        name,
        ...(engine === undefined ? {} : { engine }),
        ...(note === undefined ? {} : { note }),
        operations: operations.map((one) => ({ ...one, range: toRange(lines, one.range) })),
      }),
    ),
    findings: findingsOf(session, project, file.path).map(({ rule, severity, message, range }) => ({
      rule,
      severity,
      message,
      range: toRange(lines, range),
    })),
  };
}
