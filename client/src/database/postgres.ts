/** Where a PostgreSQL database stands, in the client's words. */
import type { PgTarget } from "../../../server/src/database/pg-target.ts";
import { readVersions as read, type VersionTable } from "../../../server/src/database/versions.ts";
import { t } from "../l10n.ts";

export type { VersionTable };

export type VersionsRead =
  | { readonly kind: "versions"; readonly versions: readonly string[] }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** Several schemas have a version table and the connection's search path names none of them. */
  | { readonly kind: "ambiguous" };

export const readVersions = async (target: PgTarget, table: VersionTable): Promise<VersionsRead> => {
  const answer = await read(target, table, t("The version table"));
  if (!answer.ok) return { kind: "unreachable", reason: answer.reason };
  return answer.value ? { kind: "versions", versions: answer.value } : { kind: "ambiguous" };
};
