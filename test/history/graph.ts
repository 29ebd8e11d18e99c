/** Revision files that are nothing but their identifiers. */
import type { Identifier, RevisionFile } from "../../server/src/model/revision.ts";
import { range } from "../../server/src/text/range.ts";

export interface Sketch {
  readonly id: string;
  readonly down?: readonly string[];
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly path?: string;
}

const places = { id: range(10, 14), down: range(20, 24), labels: range(30, 34), dependsOn: range(40, 44) } as const;
export const placeOf = (what: keyof typeof places) => places[what];

const identifier = <T>(value: T, what: keyof typeof places): Identifier<T> => ({
  value,
  range: places[what],
  statement: places[what],
});

export function sketch({ id, down = [], labels = [], dependsOn = [], path = `/v/${id}.py` }: Sketch): RevisionFile {
  return {
    path,
    text: "",
    isRevision: true,
    identifiers: {
      revision: identifier(id, "id"),
      downRevision: identifier(down, "down"),
      branchLabels: identifier(labels, "labels"),
      dependsOn: identifier(dependsOn, "dependsOn"),
    },
    comments: [],
    module: [],
    upgrades: [{ name: "upgrade", form: "absent", indent: "    ", statements: [], operations: [] }],
    downgrades: [{ name: "downgrade", form: "absent", indent: "    ", statements: [], operations: [] }],
    aliases: {},
    problems: [],
    statements: { total: 0, analysed: 0 },
    newline: "\n",
  };
}
