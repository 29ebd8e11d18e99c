/** What rules about the way back ask of both directions. */
import { gather, upgradesOnce } from "../facts/gathered.ts";
import { defineInquiry } from "../facts/inquiry.ts";
import type { Judged } from "../facts/judged.ts";
import type { Direction, Operation } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { Range } from "../text/range.ts";
import type { Subject } from "./define.ts";

/** A remark that is code put out of use is no reason. */
const isProse = (remark: string): boolean =>
  /\p{L}{3,}/u.test(remark) && !/^(?:@|[\w.]+\s*(?:[(=[]|\+=)|todo\b|fixme\b)/i.test(remark);

/** Somebody has said in words why it does nothing, or not all: raised, or written down. */
export const hasReason = ({ form, remarks = [] }: Direction): boolean => form === "raise" || remarks.some(isProse);

/** A value of an enum cannot be taken out again; an extension may have been there; a constraint that holds for all rows still does. */
const hasNoWayBack = ({ operation: { kind, details } }: Judged): boolean =>
  details.enumValue === "added" || kind === "create_extension" || kind === "validate_constraint";

/** What a downgrade would have to undo. */
export const undoableChanges = ({ judged, upgrade }: Subject): readonly Judged[] =>
  judged.filter(
    (one) => one.direction === upgrade && one.isUnderstood && one.operation.effect === "schema" && !hasNoWayBack(one),
  );

/** So many say what a project does as a rule. */
const enoughRevisions = 8;
const asRule = 0.5;

const changesSchema = ({ effect, confidence }: Operation): boolean => effect === "schema" && confidence !== "opaque";

/** Of the revisions that change the schema, how many there are, and how many of them have no way back. */
interface Changing {
  changing: number;
  without: number;
}

const changingIn = gather<{ readonly without: number }, Changing>({
  share: (file) =>
    upgradesOnce(file).some(({ operations }) => operations.some(changesSchema))
      ? { without: file.downgrades.every(({ form }) => form !== "body") ? 1 : 0 }
      : undefined,
  empty: () => ({ changing: 0, without: 0 }),
  put(into, { without }) {
    into.changing++;
    into.without += without;
  },
  take(from, { without }) {
    from.changing--;
    from.without -= without;
  },
});

/** A project whose revisions have no way back as a rule has decided so. */
export const isForwardOnly = (project: Project): boolean => hasNoWayBackAsRule(project, null);

const hasNoWayBackAsRule = defineInquiry("forward only", (project, _nothing: null) => {
  const { changing, without } = changingIn(project);
  return changing >= enoughRevisions && without > asRule * changing;
});

export const placeOf = (direction: Direction): Range | undefined => direction.nameRange ?? direction.head;
