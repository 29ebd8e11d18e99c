/** Leaves that cannot be parted become one unit: by what they carry in Python, and by what they do together. */
import { maybeSame, relationsOf } from "../../model/footprint.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import { slice } from "../../text/range.ts";
import type { Half, Halves } from "./halves.ts";
import { contains, describe, whyExit, type Leaf, type Mixing } from "./leaves.ts";
import { isReport, type Names } from "./names.ts";
import { Refused } from "../../rewrite/refused.ts";
import { tableAgain } from "./tables.ts";

export interface Unit {
  /** In the order of the text. */
  readonly leaves: readonly Leaf[];
  readonly operations: readonly Operation[];
  readonly half: Half;
  readonly contracts: boolean;
}

export interface Units {
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<Leaf, Unit>;
}

/** How a leaf that is no work of its own is treated. */
export type Place = "work" | "repeated" | "setting" | "exit" | "report";

export function placeOf(file: RevisionFile, leaf: Leaf, names: Names): Place {
  if (leaf.half !== undefined) return "work";
  const tied = names.definitionsFor(leaf).some(({ by }) => !names.isRepeatable(by));
  if (leaf.exits && !tied) return "exit";
  if (isReport(file, leaf)) return tied ? "work" : "report";
  if (names.isRepeatable(leaf)) return "repeated";
  const settings = leaf.operations.length > 0 && leaf.operations.every(({ effect }) => effect === "session");
  return settings && !tied ? "setting" : "work";
}

/** Sets of leaves that grow together. */
class Groups {
  readonly #parent = new Map<Leaf, Leaf>();

  find(leaf: Leaf): Leaf {
    let at = leaf;
    for (let next = this.#parent.get(at); next !== undefined; next = this.#parent.get(at)) at = next;
    return at;
  }

  join(a: Leaf, b: Leaf | undefined): void {
    if (b === undefined) return;
    const [one, other] = [this.find(a), this.find(b)].sort((x, y) => x.index - y.index);
    if (one && other && one !== other) this.#parent.set(other, one);
  }
}

export function joinUnits(
  file: RevisionFile,
  leaves: readonly Leaf[],
  names: Names,
  halves: Halves,
  mixing: Mixing,
): Units {
  const work = leaves.filter((leaf) => placeOf(file, leaf, names) === "work");
  const exit = work.find((leaf) => leaf.exits && contains(leaf.statement, ["return"]));
  if (exit !== undefined) throw new Refused(whyExit(file, exit.statement));
  const groups = new Groups();
  joinByNames(file, work, names, groups);
  joinByTemporaryTables(work, groups);
  joinShared(leaves, work, groups);
  joinSessions(file, leaves, work, names, groups);
  joinFollowers(file, work, mixing, groups);
  if (mixing === "refused") joinReplacements(work, halves, groups);
  return gather(file, work, groups, halves, names, mixing);
}

/** What one asked of the database, or made with it, ties it to all that use the answer. */
function joinByNames(file: RevisionFile, work: readonly Leaf[], names: Names, groups: Groups): void {
  for (const leaf of work) {
    for (const { name, by } of names.definitionsFor(leaf)) {
      if (names.isRepeatable(by)) continue;
      const apart = by.half === "schema" && leaf.half === "data" && tableAgain(file, name, by, leaf) !== undefined;
      if (!apart) groups.join(leaf, by);
    }
  }
}

/** A temporary table is gone with its session, and each part may have one of its own. */
function joinByTemporaryTables(work: readonly Leaf[], groups: Groups): void {
  for (const leaf of work) {
    for (const { kind, table, details } of leaf.operations) {
      if (kind !== "create_table" || table === undefined || details.temporary !== true) continue;
      for (const other of work) {
        const uses = other.operations.some((operation) => relationsOf(operation).some((one) => maybeSame(one, table)));
        if (uses) groups.join(leaf, other);
      }
    }
  }
}

/** `a(); b()` on one line. */
function joinShared(leaves: readonly Leaf[], work: readonly Leaf[], groups: Groups): void {
  for (const [i, leaf] of leaves.entries()) {
    const before = leaves[i - 1];
    const touching =
      before?.statement.shared === true && leaf.statement.shared && work.includes(before) && work.includes(leaf);
    if (touching) groups.join(leaf, before);
  }
}

/** The work that an ORM session collects is done when it is flushed: until then it belongs together. */
function joinSessions(
  file: RevisionFile,
  leaves: readonly Leaf[],
  work: readonly Leaf[],
  names: Names,
  groups: Groups,
): void {
  const sessions = new Set(
    leaves.flatMap(({ statement }) =>
      /(?:^|[\s.=])(?:Session|sessionmaker|scoped_session|create_session)\b/.test(slice(file.text, statement.range)) &&
      statement.compound === undefined
        ? statement.binds
        : [],
    ),
  );
  for (const session of [...sessions].filter(names.isLocal)) {
    const users = work.filter(({ statement }) => statement.uses.includes(session));
    const collects = users.some(({ operations }) => operations.some(({ via }) => via === "orm"));
    let open: Leaf | undefined;
    for (const user of users) {
      const ending =
        user.operations.some(({ via, effect }) => via === "orm" && effect === "transaction") || isBare(user);
      if (collects || ending) groups.join(user, open);
      open = ending && collects ? undefined : user;
    }
  }
}

const byLeaf = (leaf: Leaf, other: Leaf): boolean => {
  const tables = leaf.operations.flatMap(relationsOf);
  return other.operations.flatMap(relationsOf).some((one) => tables.some((table) => maybeSame(one, table)));
};

/** What is neither schema nor data goes with the statement that it is about. */
function joinFollowers(file: RevisionFile, work: readonly Leaf[], mixing: Mixing, groups: Groups): void {
  const halved = (leaf: Leaf): boolean =>
    work.some(
      (other) => groups.find(other) === groups.find(leaf) && (other.half === "schema" || other.half === "data"),
    );
  for (const [i, leaf] of work.entries()) {
    if (halved(leaf)) continue;
    const before = work.slice(0, i).reverse();
    const after = work.slice(i + 1);
    const maintains = leaf.operations.some(({ effect }) => effect === "maintenance");
    const ends =
      leaf.operations.some(({ effect, name }) => effect === "transaction" && name !== "rollback") || isBare(leaf);
    const backward = before.find(halved);
    const forward = after.find(halved);
    if (maintains)
      groups.join(
        leaf,
        before.find((one) => halved(one) && byLeaf(leaf, one)) ??
          after.find((one) => halved(one) && byLeaf(leaf, one)) ??
          backward ??
          forward,
      );
    else if (leaf.half === "unknown") {
      if (mixing === "refused") joinUnknown(file, leaf, backward, forward, groups);
    } else if (ends) groups.join(leaf, backward ?? forward);
    else groups.join(leaf, forward ?? backward);
  }
}

/** A call that does nothing to the database by itself, as `session.flush()`: it belongs to what it stands behind. */
const isBare = ({ statement, operations }: Leaf): boolean =>
  statement.kind === "expression" && operations.length === 0 && statement.purity === "effect";

/** Between two known statements it could be needed by either half; at an end it stays with what is beside it. */
function joinUnknown(
  file: RevisionFile,
  leaf: Leaf,
  backward: Leaf | undefined,
  forward: Leaf | undefined,
  groups: Groups,
): void {
  if (backward !== undefined && forward !== undefined) {
    const why = leaf.operations.find(({ why: reason }) => reason !== undefined)?.why;
    throw new Refused(
      `It is not understood what ${describe(file, leaf)} does${why === undefined ? "" : ` (${why})`}, so nothing can be moved across it.`,
    );
  }
  groups.join(leaf, backward ?? forward);
}

/** An index or constraint that goes and comes again is one replacement, unless rows change between the two. */
function joinReplacements(work: readonly Leaf[], halves: Halves, groups: Groups): void {
  const made = /^create_(?:index|\w+_constraint|primary_key|foreign_key)$/;
  for (const [i, leaf] of work.entries()) {
    for (const operation of leaf.operations) {
      if (
        !/^drop_(?:index|constraint)$/.test(operation.kind) ||
        operation.name === undefined ||
        halves.of(operation) !== "schema"
      )
        continue;
      const later = work.slice(i + 1);
      const again = later.find((other) =>
        other.operations.some(
          (one) => made.test(one.kind) && one.name === operation.name && halves.of(one) === "schema",
        ),
      );
      if (again === undefined) continue;
      const between = later.slice(0, later.indexOf(again));
      const disturbs = between.some(
        (other) => other.half !== "schema" && (operation.table === undefined || byLeaf(leaf, other)),
      );
      if (!disturbs) groups.join(leaf, again);
    }
  }
}

function gather(
  file: RevisionFile,
  work: readonly Leaf[],
  groups: Groups,
  halves: Halves,
  names: Names,
  mixing: Mixing,
): Units {
  const members = new Map<Leaf, Leaf[]>();
  for (const leaf of work) {
    const root = groups.find(leaf);
    members.set(root, [...(members.get(root) ?? []), leaf]);
  }
  const unitOf = new Map<Leaf, Unit>();
  const units = [...members.values()].map((leaves) => {
    const schema = leaves.find(({ half }) => half === "schema");
    const data = leaves.find(({ half }) => half === "data");
    if (schema && data && mixing === "refused") throw new Refused(whyJoined(file, schema, data, leaves, names));
    if (data && mixing === "refused") refuseCarriedRows(file, work, leaves, names);
    const operations = leaves.flatMap((leaf) => leaf.operations);
    const unit: Unit = {
      leaves,
      operations,
      half: data || !schema ? "data" : "schema",
      contracts: operations.some((one) => halves.contracts(one)),
    };
    for (const leaf of leaves) unitOf.set(leaf, unit);
    return unit;
  });
  return { units, unitOf };
}

/** What was read before a schema change and is used after it may tell of a schema that is gone. */
function refuseCarriedRows(file: RevisionFile, work: readonly Leaf[], members: readonly Leaf[], names: Names): void {
  for (const leaf of members) {
    for (const { by } of names.definitionsFor(leaf)) {
      if (names.isRepeatable(by) || by.half === "schema" || by.operations.length === 0) continue;
      const crossed = work.find(({ index, half }) => half === "schema" && by.index < index && index < leaf.index);
      if (crossed === undefined) continue;
      const rows = by.operations.some(({ effect }) => effect === "read");
      const what = `${rows ? "Rows read by" : "What is made by"} ${describe(file, by)} ${rows ? "are" : "is"}`;
      throw new Refused(`${what} carried in Python across the schema change ${describe(file, crossed)}.`);
    }
  }
}

function whyJoined(file: RevisionFile, schema: Leaf, data: Leaf, leaves: readonly Leaf[], names: Names): string {
  for (const leaf of leaves) {
    const carried = names.definitionsFor(leaf).find(({ by }) => !names.isRepeatable(by));
    if (carried === undefined) continue;
    if (carried.by === schema) {
      const user = describe(file, leaf);
      return `The table object "${carried.name}" that ${describe(file, schema)} returns is used by ${user}, and cannot be written again there.`;
    }
    const what = carried.by.operations.some(({ effect }) => effect === "read")
      ? "rows read from the database"
      : "a value made at run time";
    return `The local variable "${carried.name}" carries ${what} from ${describe(file, carried.by)} across the schema change ${describe(file, schema)}.`;
  }
  return `${describe(file, schema)} and ${describe(file, data)} belong together, but one changes schema and the other data.`;
}
