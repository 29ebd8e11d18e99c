/** From planned parts to texts: each new file is the original without what is not its own. */
import type { Direction, RevisionFile } from "../../model/revision.ts";
import { bodyEdits } from "../../rewrite/body.ts";
import { identityEdits, type Identity } from "../../rewrite/identity.ts";
import { namesIn, pruneExisting, pruneNew } from "../../rewrite/module.ts";
import type { TextEdit } from "../../text/edit.ts";
import { writeChain } from "../chain.ts";
import type { Place, Result } from "../define.ts";
import type { PlannedPart } from "./cut.ts";
import { notesFor, type SplitPlan } from "./revision.ts";

type Directions = Pick<SplitPlan, "upgrade" | "downgrade">;

/** Writes the parts, the last of which keeps the original's file and id. */
export const applySplit = ({ project, file }: Omit<Place, "range">, split: SplitPlan): Result =>
  writeChain(
    project,
    file,
    split.cut.parts.map((part) => ({ name: part.name, edits: (identity) => partEdits(file, split, part, identity) })),
    notesFor(project, file, split),
  );

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

function partEdits(
  file: RevisionFile,
  directions: Directions,
  part: PlannedPart,
  identity: Identity,
): readonly TextEdit[] {
  const after = usesAfter(file, directions, part);
  return [
    ...functionEdits(file, directions, part),
    ...identityEdits(file, identity),
    ...(identity.revision === undefined
      ? pruneExisting(file, { before: usesBefore(file, directions), after })
      : pruneNew(file, after)),
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
