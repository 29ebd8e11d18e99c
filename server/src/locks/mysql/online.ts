/**
 * How InnoDB does a definition: after the tables of the manuals, for the most favourable algorithm that the server takes by
 * itself.
 *
 * @see https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html
 * The default character set of a table is only noted, though the table of MySQL's manual says that rows may be written anew.
 *
 * @see https://bugs.mysql.com/bug.php?id=114221
 * @see https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-operations-with-the-instant-alter-algorithm
 */
import type { Impact } from "../impact.ts";

export interface Online {
  readonly algorithm: NonNullable<Impact["algorithm"]>;
  /** The weakest that the server can do with. */
  readonly lock: NonNullable<Impact["lock"]>;
  /** The clustered index, which is the table itself, is written anew. */
  readonly rebuilds: boolean;
  readonly note?: string;
  /** Why it may be otherwise; then the worst is told. */
  readonly doubt?: string;
}

/** INSTANT: only the data dictionary changes. */
export const instant = (note?: string): Online => ({
  algorithm: "INSTANT",
  lock: "NONE",
  rebuilds: false,
  ...(note !== undefined && { note }),
});

/** In place, without writing the table anew: an index is built, or only metadata change. */
export const inPlace = (note?: string): Online => ({ ...instant(note), algorithm: "INPLACE" });

/** In place, and the table is written anew while others read and write it. */
export const rebuilt = (note?: string): Online => ({ ...inPlace(note), rebuilds: true });

/** In place, while others may only read. */
export const readOnly = (note?: string): Online => ({ ...inPlace(note), lock: "SHARED" });

/** Every row is copied into a new table, while others may only read. */
export const copied = (note?: string): Online => ({
  algorithm: "COPY",
  lock: "SHARED",
  rebuilds: true,
  ...(note !== undefined && { note }),
});

export const unsure = (online: Online, doubt: string): Online => ({ ...online, doubt });
