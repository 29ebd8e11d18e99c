/** Functions that a server does not have, with whose they are and what does the same. */
import type { Dialect } from "../sql/action.ts";

export type Missing = readonly [owner: string, instead: string];

/** Of PostgreSQL. */
const postgresql: Readonly<Record<string, Missing>> = {
  charindex: ["SQL Server", "position(… IN …)"],
  curdate: ["MySQL", "current_date"],
  date_format: ["MySQL", "to_char"],
  datediff: ["MySQL and SQL Server", "a subtraction"],
  datetime: ["SQLite", "a cast to timestamp"],
  find_in_set: ["MySQL", "= ANY (string_to_array(…, ','))"],
  from_unixtime: ["MySQL", "to_timestamp"],
  getdate: ["SQL Server", "now()"],
  group_concat: ["MySQL and SQLite", "string_agg"],
  ifnull: ["MySQL and SQLite", "coalesce"],
  instr: ["MySQL and SQLite", "position(… IN …) or strpos"],
  json_unquote: ["MySQL", "->>"],
  julianday: ["SQLite", "a subtraction of dates"],
  last_insert_id: ["MySQL", "RETURNING or lastval()"],
  last_insert_rowid: ["SQLite", "RETURNING or lastval()"],
  newid: ["SQL Server", "gen_random_uuid()"],
  nvl: ["Oracle", "coalesce"],
  rand: ["MySQL and SQL Server", "random()"],
  str_to_date: ["MySQL", "to_timestamp"],
  strftime: ["SQLite", "to_char or EXTRACT"],
  substring_index: ["MySQL", "split_part"],
  unix_timestamp: ["MySQL", "EXTRACT(EPOCH FROM …)"],
  utc_timestamp: ["MySQL", "now() AT TIME ZONE 'UTC'"],
  year: ["MySQL and SQL Server", "EXTRACT(YEAR FROM …)"],
};

/** Of MySQL and of MariaDB; what only one of them has (MariaDB's `nvl` and `to_char`) is not in the list. */
const mysql: Readonly<Record<string, Missing>> = {
  array_agg: ["PostgreSQL", "JSON_ARRAYAGG"],
  btrim: ["PostgreSQL", "TRIM"],
  charindex: ["SQL Server", "LOCATE"],
  datetime: ["SQLite", "NOW() or CAST(… AS DATETIME)"],
  date_trunc: ["PostgreSQL", "DATE_FORMAT"],
  gen_random_uuid: ["PostgreSQL", "UUID()"],
  getdate: ["SQL Server", "NOW()"],
  julianday: ["SQLite", "TO_DAYS"],
  last_insert_rowid: ["SQLite", "LAST_INSERT_ID()"],
  newid: ["SQL Server", "UUID()"],
  random: ["PostgreSQL and SQLite", "RAND()"],
  split_part: ["PostgreSQL", "SUBSTRING_INDEX"],
  strftime: ["SQLite", "DATE_FORMAT"],
  string_agg: ["PostgreSQL and SQL Server", "GROUP_CONCAT"],
  string_to_array: ["PostgreSQL", "JSON_TABLE"],
  strpos: ["PostgreSQL", "LOCATE"],
  to_timestamp: ["PostgreSQL", "STR_TO_DATE or FROM_UNIXTIME"],
};

/** Of SQLite; what programs often bring along themselves (`md5`, `regexp_replace`) and what newer versions have is not in the list. */
const sqlite: Readonly<Record<string, Missing>> = {
  array_agg: ["PostgreSQL", "json_group_array"],
  charindex: ["SQL Server", "instr"],
  curdate: ["MySQL", "date('now')"],
  date_format: ["MySQL", "strftime"],
  date_trunc: ["PostgreSQL", "strftime"],
  extract: ["PostgreSQL and MySQL", "strftime"],
  from_unixtime: ["MySQL", "datetime(…, 'unixepoch')"],
  gen_random_uuid: ["PostgreSQL", "lower(hex(randomblob(16)))"],
  getdate: ["SQL Server", "datetime('now')"],
  greatest: ["PostgreSQL and MySQL", "max with several arguments"],
  json_unquote: ["MySQL", "->>"],
  last_insert_id: ["MySQL", "last_insert_rowid()"],
  least: ["PostgreSQL and MySQL", "min with several arguments"],
  newid: ["SQL Server", "lower(hex(randomblob(16)))"],
  now: ["PostgreSQL and MySQL", "datetime('now') or CURRENT_TIMESTAMP"],
  nvl: ["Oracle", "ifnull"],
  rand: ["MySQL and SQL Server", "random()"],
  split_part: ["PostgreSQL", "substr and instr"],
  str_to_date: ["MySQL", "datetime"],
  string_to_array: ["PostgreSQL", "json_each"],
  strpos: ["PostgreSQL", "instr"],
  substring_index: ["MySQL", "substr and instr"],
  to_char: ["PostgreSQL and Oracle", "strftime"],
  to_timestamp: ["PostgreSQL and Oracle", "datetime"],
  unix_timestamp: ["MySQL", "unixepoch()"],
  utc_timestamp: ["MySQL", "datetime('now')"],
  year: ["MySQL and SQL Server", "strftime('%Y', …)"],
};

const byDialect: Partial<Record<Dialect, Readonly<Record<string, Missing>>>> = {
  postgresql,
  mysql,
  mariadb: mysql,
  sqlite,
};

/** Undefined where the server has the function, or where that is not known. */
export function missingFunction(dialect: Dialect, name: string): Missing | undefined {
  const known = byDialect[dialect];
  return known && Object.hasOwn(known, name) ? known[name] : undefined;
}
