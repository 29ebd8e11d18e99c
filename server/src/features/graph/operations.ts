/** What a revision does, operation by operation, for a person who looks through a history. */
import { impactsIn, type ServerImpact } from "../../facts/impacts.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { renderStatements } from "../../schema/statements.ts";
import { renderChange } from "../../schema/wording.ts";
import type { PostgresVersion } from "../../sql/postgres-version.ts";
import type { Range } from "../../text/range.ts";
import { impactSentences, renderServers } from "../impact-words.ts";

export interface ToldOperation {
  readonly title: string;
  readonly sql: readonly string[];
  readonly impacts: readonly string[];
  readonly effect: "schema" | "data" | "other";
  readonly doubt?: string;
  readonly range: Range;
}

export interface ToldDirection {
  readonly direction: Direction;
  readonly note?: string;
  readonly operations: readonly ToldOperation[];
}

export function operationsOf(
  project: Project,
  file: RevisionFile,
  versions?: readonly PostgresVersion[],
): readonly ToldDirection[] {
  return [...file.upgrades, ...file.downgrades].map((direction) => {
    const impacts = impactsIn(project, file, direction, versions);
    const note = noteOn(direction);
    return {
      direction,
      ...(note === undefined ? {} : { note }),
      operations: direction.operations.map((one) => told(project, one, impacts.get(one) ?? [])),
    };
  });
}

function noteOn({ form, name, unfinished, operations }: Direction): string | undefined {
  if (unfinished) return "There is too much code to be followed to its end: some operations are missing.";
  switch (form) {
    case "absent":
      return `There is no ${name}().`;
    case "pass":
      return `${name}() does nothing.`;
    case "raise":
      return `${name}() refuses, by intent.`;
    case "body":
      return operations.length === 0 ? `${name}() changes nothing in the database.` : undefined;
  }
}

const plain = (text: string): string => text;

function told(project: Project, operation: Operation, impacts: readonly ServerImpact[]): ToldOperation {
  const { confidence, why, effect, range } = operation;
  const doubt = confidence === "certain" ? undefined : `${doubts[confidence]}${why === undefined ? "" : `: ${why}`}.`;
  return {
    title: renderChange(operation),
    sql: sqlOf(project, operation),
    impacts: impacts.flatMap(({ servers, impact }) => {
      if (!impact) return [];
      const where = impacts.length > 1 ? `${renderServers(servers)}: ` : "";
      return impactSentences(impact, { code: plain, plain }).map((sentence) => `${where}${sentence}`);
    }),
    effect: effect === "schema" || effect === "data" ? effect : "other",
    ...(doubt === undefined ? {} : { doubt }),
    range,
  };
}

const doubts = { likely: "Not all of it could be read", opaque: "Not analysed" } as const;

function sqlOf({ config }: Project, operation: Operation): readonly string[] {
  if (operation.via === "sql") return operation.sql === undefined ? [] : [operation.sql.trim()];
  return config.dialect === "postgresql" ? (renderStatements(operation) ?? []).map((one) => `${one};`) : [];
}
