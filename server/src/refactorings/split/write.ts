/** From planned parts to texts: each new file is the original without what is not its own. */
import type { Direction, RevisionFile } from "../../model/revision.ts";
import { newRevisionIds } from "../../project/naming.ts";
import { bodyEdits } from "../../rewrite/body.ts";
import { changeBuilder } from "../../rewrite/change.ts";
import { inProjectForm } from "../../rewrite/form.ts";
import { messageOf } from "../../rewrite/header.ts";
import { identityEdits } from "../../rewrite/identity.ts";
import { namesIn, pruneExisting, pruneNew } from "../../rewrite/module.ts";
import { newPaths } from "../../rewrite/place.ts";
import { applyEdits, type TextEdit } from "../../text/edit.ts";
import type { Part, Place, Result } from "../define.ts";
import type { PlannedPart } from "./cut.ts";
import { notesFor, type SplitPlan } from "./revision.ts";

type Directions = Pick<SplitPlan, "upgrade" | "downgrade">;

/** Writes the parts, the last of which keeps the original's file and id. */
export function applySplit({ project, file }: Omit<Place, "range">, split: SplitPlan): Result {
  const planned = split.cut.parts;
  const original = file.identifiers.revision?.value ?? "";
  const message = messageOf(file);
  const fresh = planned.slice(0, -1);
  const ids = newRevisionIds(project.history, original, fresh.length);
  const paths = newPaths(
    project,
    file,
    fresh.map(({ name }, i) => ({
      revision: ids[i] ?? "",
      message,
      suffix: name,
    })),
  );
  const change = changeBuilder((path) => project.files.has(path));
  const parts = planned.map((part, i): Part => {
    const isNew = i < fresh.length;
    const edits = isNew
      ? newFileEdits(file, split, part, { id: ids[i] ?? "", parent: ids[i - 1] })
      : keptFileEdits(file, split, part, ids[i - 1] ?? "");
    const path = isNew ? (paths[i] ?? "") : file.path;
    const edited = applyEdits(file.text, edits);
    const text = isNew ? inProjectForm(project.config, path, edited) : edited;
    if (isNew) change.create(path, text);
    else change.edit(path, file.text, edits);
    return {
      path,
      isNew,
      revision: isNew ? (ids[i] ?? "") : original,
      name: part.name,
      title: `${message} (${part.name})`.trim(),
      text,
      before: isNew ? "" : file.text,
    };
  });
  return { change: change.build(), parts, notes: notesFor(project, file, split) };
}

const functionEdits = (
  file: RevisionFile,
  { upgrade, downgrade }: Directions,
  part: PlannedPart,
): readonly TextEdit[] => [
  ...bodyEdits(file, upgrade, { keep: part.upgrade.keep, before: part.upgrade.before }),
  ...(part.downgrade
    ? bodyEdits(file, downgrade, {
        keep: part.downgrade.keep,
        before: part.downgrade.before,
        ...(part.append && { append: part.append.lines }),
      })
    : []),
];

function newFileEdits(
  file: RevisionFile,
  directions: Directions,
  part: PlannedPart,
  { id, parent }: { readonly id: string; readonly parent: string | undefined },
): readonly TextEdit[] {
  const identity = {
    revision: id,
    ...(parent !== undefined && { parent, dropDependsOn: true }),
    messageSuffix: `(${part.name})`,
    dropBranchLabels: true,
  };
  return [
    ...functionEdits(file, directions, part),
    ...identityEdits(file, identity),
    ...pruneNew(file, usesAfter(file, directions, part)),
  ];
}

function keptFileEdits(
  file: RevisionFile,
  directions: Directions,
  part: PlannedPart,
  parent: string,
): readonly TextEdit[] {
  const uses = { before: usesBefore(file, directions), after: usesAfter(file, directions, part) };
  return [
    ...functionEdits(file, directions, part),
    ...identityEdits(file, { parent, dropDependsOn: true }),
    ...pruneExisting(file, uses),
  ];
}

/** Names in decorators, parameters and annotations. */
export function headUses(file: RevisionFile, { nameRange, body }: Direction): readonly string[] {
  if (nameRange === undefined || body === undefined) return [];
  const item = file.module.find(({ range }) => range.start <= nameRange.start && nameRange.end <= range.end);
  return namesIn(file.text.slice(item?.range.start ?? nameRange.start, body.start));
}

const usesBefore = (file: RevisionFile, { upgrade, downgrade }: Directions): readonly string[] =>
  [upgrade, downgrade].flatMap((direction) => [
    ...headUses(file, direction),
    ...direction.statements.flatMap(({ uses }) => uses),
  ]);

const usesAfter = (file: RevisionFile, { upgrade, downgrade }: Directions, part: PlannedPart): readonly string[] => [
  ...headUses(file, upgrade),
  ...headUses(file, downgrade),
  ...part.upgrade.uses,
  ...(part.downgrade ? part.downgrade.uses : downgrade.statements.flatMap(({ uses }) => uses)),
  ...(part.append?.uses ?? []),
];
