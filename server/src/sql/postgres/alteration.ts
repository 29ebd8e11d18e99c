/** Subcommands of ALTER that change neither columns nor constraints: what each of them is and what it names. */
import type { AlterTableCmd } from "libpg-query";
import type { Details } from "../action.ts";
import type { AlterCommand } from "../definition.ts";
import { known } from "../hole.ts";
import { all, as } from "./tree.ts";

const commands: Partial<Record<NonNullable<AlterTableCmd["subtype"]>, AlterCommand>> = {
  AT_SetStatistics: "set_statistics",
  AT_SetOptions: "set_column_options",
  AT_ResetOptions: "reset_column_options",
  AT_SetStorage: "set_storage",
  AT_SetCompression: "set_compression",
  AT_AlterConstraint: "alter_constraint",
  AT_AlterColumnGenericOptions: "options",
  AT_GenericOptions: "options",
  AT_ChangeOwner: "owner_to",
  AT_ClusterOn: "cluster_on",
  AT_DropCluster: "set_without_cluster",
  AT_SetLogged: "set_logged",
  AT_SetUnLogged: "set_unlogged",
  AT_SetAccessMethod: "set_access_method",
  AT_SetTableSpace: "set_tablespace",
  AT_SetRelOptions: "set_options",
  AT_ReplaceRelOptions: "set_options",
  AT_ResetRelOptions: "reset_options",
  AT_EnableTrig: "enable_trigger",
  AT_EnableAlwaysTrig: "enable_trigger",
  AT_EnableReplicaTrig: "enable_trigger",
  AT_EnableTrigAll: "enable_trigger",
  AT_EnableTrigUser: "enable_trigger",
  AT_DisableTrig: "disable_trigger",
  AT_DisableTrigAll: "disable_trigger",
  AT_DisableTrigUser: "disable_trigger",
  AT_EnableRule: "enable_rule",
  AT_EnableAlwaysRule: "enable_rule",
  AT_EnableReplicaRule: "enable_rule",
  AT_DisableRule: "disable_rule",
  AT_AddInherit: "inherit",
  AT_DropInherit: "no_inherit",
  AT_AddOf: "of",
  AT_DropOf: "not_of",
  AT_ReplicaIdentity: "replica_identity",
  AT_EnableRowSecurity: "enable_row_security",
  AT_DisableRowSecurity: "disable_row_security",
  AT_ForceRowSecurity: "force_row_security",
  AT_NoForceRowSecurity: "no_force_row_security",
  AT_AttachPartition: "attach_partition",
  AT_DetachPartition: "detach_partition",
  AT_DetachPartitionFinalize: "detach_partition_finalize",
};

export function readAlteration(command: AlterTableCmd): Pick<Details, "alteration"> {
  const told = commands[command.subtype ?? "AT_AddColumn"];
  if (told === undefined) return {};
  const argument = known(argumentOf(command));
  const options = all(as(command.def, "List")?.items, "DefElem").flatMap(({ defname }) => defname ?? []);
  return {
    alteration: {
      command: told,
      ...(argument !== undefined && { argument }),
      ...(options.length > 0 && { options }),
    },
  };
}

const identities: Readonly<Record<string, string>> = { f: "full", n: "nothing", d: "default" };

function argumentOf(command: AlterTableCmd): string | undefined {
  const identity = as(command.def, "ReplicaIdentityStmt");
  if (identity) return identities[identity.identity_type ?? ""] ?? identity.name;
  return as(command.def, "ATAlterConstraint")?.conname ?? command.newowner?.rolename ?? command.name;
}
