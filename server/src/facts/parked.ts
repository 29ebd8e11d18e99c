/** What was given another name before it is dropped, so that whoever still uses it shows, and the name can be given back. */
import type { Project } from "../project/snapshot.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Entity } from "../sql/action.ts";
import { freeName } from "../schema/replay/names.ts";
import { deedsBeside } from "./past.ts";

/** `audit_log_parked`, or with a number where that is taken. */
export const parkedName = (name: string, isTaken: (candidate: string) => boolean): string =>
  freeName(name, "parked", isTaken);

export const isParkedName = (name: string): boolean => /_parked(?:_\d+)?$/.test(name);

/** It got that name from an earlier revision. */
export const wasParked = (project: Project, file: RevisionFile, thing: Entity): boolean =>
  isParkedName(thing.column ?? thing.name.name) &&
  deedsBeside(project, file.identifiers.revision?.value ?? "", "made", thing).some(
    ({ standing, isRenamed }) => standing === "before" && isRenamed,
  );
