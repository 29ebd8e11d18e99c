/** Columns of InnoDB tables. */
import type { Action, ColumnDefinition } from "../../sql/action.ts";
import type { ColumnType } from "../../sql/definition.ts";
import type { Column } from "../../schema/state.ts";
import { copied, inPlace, instant, type Online, readOnly, rebuilt, unsure } from "./online.ts";

export type Family = "mysql" | "mariadb";

export function addColumn({ definitions = [] }: Action["details"]): Online {
  if (definitions.length === 0) return unsure(copied(), "The definition of the column could not be read.");
  return worst(definitions.map(addOne));
}

function addOne({ computed, serial, autoIncrement }: ColumnDefinition): Online {
  if (autoIncrement || serial)
    return { ...readOnly("An AUTO_INCREMENT column lets others only read."), rebuilds: true };
  if (computed?.stored) return copied("A stored generated column is worked out for every row.");
  return instant(
    "In MySQL before 8.0.29 only as the last column; not in tables with ROW_FORMAT=COMPRESSED or a FULLTEXT index.",
  );
}

export const dropColumn = (family: Family): Online =>
  family === "mysql" ? instant("Before 8.0.29 the table is rebuilt in place.") : instant();

/** What becomes of a column that is there; MODIFY and CHANGE repeat all that it is. */
export function alterColumn({ details }: Action, column: Column | undefined, family: Family): Online {
  const parts: Online[] = [];
  const from = details.existing?.type ?? column?.type;
  if (details.newSqlType !== undefined || details.newType !== undefined)
    parts.push(changeType(from, details.newSqlType, family));
  const was = details.existing?.nullable ?? column?.nullable;
  if (details.nullable !== undefined && details.nullable !== was)
    parts.push(changeNullable(details.nullable, was, family));
  if (details.newName !== undefined) parts.push(instant("In MySQL before 8.0.28 in place."));
  if (details.serverDefault !== undefined || details.newDefault !== undefined) parts.push(instant());
  if (details.comment !== undefined) parts.push(instant());
  if (details.collation !== undefined && details.collation !== column?.collation)
    parts.push(
      unsure(copied("Texts are compared in another way."), "Which collation the column has is not known here."),
    );
  if (details.computed !== undefined) parts.push(copied());
  return parts.length === 0 ? unsure(copied(), "What changes could not be read.") : worst(parts);
}

function changeNullable(nullable: boolean, was: boolean | undefined, family: Family): Online {
  const done =
    nullable && family === "mariadb"
      ? instant("Only from MariaDB 10.4 on; before, where ROW_FORMAT is not REDUNDANT, the table is rebuilt.")
      : rebuilt(nullable ? undefined : "Fails where a row has NULL. Outside of strict SQL mode every row is copied.");
  return was === undefined ? unsure(done, "Whether the column may be NULL so far is not known here.") : done;
}

function changeType(from: ColumnType | undefined, to: ColumnType | undefined, family: Family): Online {
  if (from === undefined || to === undefined) return unsure(copied(), "One of the two types is not known here.");
  const [a, b] = [from.name.toUpperCase(), to.name.toUpperCase()];
  if (a === b && from.arguments.join() === to.arguments.join()) return instant();
  if (a === "VARCHAR" && b === "VARCHAR") return lengthen(Number(from.arguments[0]), Number(to.arguments[0]), family);
  if ((a === "ENUM" || a === "SET") && a === b) return extendValues(from.arguments, to.arguments);
  return copied("Another type: every row is converted.");
}

/** Lengths are counted in characters here and in bytes there: with utf8mb4 a character takes up to four. */
const bytesPerCharacter = 4;
const oneByte = 255;

function lengthen(from: number, to: number, family: Family): Online {
  if (!(to >= from)) return copied("A shorter VARCHAR: every row is checked.");
  // Short before in the narrowest character set, and long after in the widest: then it may be.
  return from <= oneByte && to * bytesPerCharacter > oneByte
    ? unsure(
        copied(),
        "From up to 255 bytes to more the length needs a second byte: whether it does depends on the character set.",
      )
    : (family === "mariadb" ? instant : inPlace)(
        "Only the definition changes: the length takes as many bytes as before.",
      );
}

function extendValues(from: readonly string[], to: readonly string[]): Online {
  const isAppended = from.length <= to.length && from.every((value, i) => to[i] === value);
  return isAppended
    ? instant("New values at the end change no row.")
    : copied("The numbers that stand for the values change.");
}

const rank = { INSTANT: 0, INPLACE: 1, COPY: 2 } as const;
const lockRank = { NONE: 0, SHARED: 1, EXCLUSIVE: 2 } as const;

/** What one statement does is as slow as its slowest part. */
export function worst(parts: readonly Online[]): Online {
  return parts.reduce((a, b) => {
    const slower = rank[b.algorithm] > rank[a.algorithm] ? b : a;
    const doubt = a.doubt ?? b.doubt;
    return {
      algorithm: slower.algorithm,
      lock: lockRank[b.lock] > lockRank[a.lock] ? b.lock : a.lock,
      rebuilds: a.rebuilds || b.rebuilds,
      ...(slower.note !== undefined && { note: slower.note }),
      ...(doubt !== undefined && { doubt }),
    };
  });
}
