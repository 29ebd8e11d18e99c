/** `docs/locks.md`: what each operation does to a PostgreSQL server, as predicted and as measured. */
import {
  type Impact,
  type LockMode,
  lockModes,
  postgresVersions,
  type PostgresVersion,
} from "../../server/src/locks/impact.ts";
import { blocksOf } from "../../server/src/locks/modes.ts";
import { differences } from "../locks/compare.ts";
import { documentedBase, documentedImpact, documentedRows, sqliteRows } from "../locks/documented.ts";
import { predict, toMeasured } from "../locks/predicted.ts";
import { keyOf, type Family, type Measured, type Row, type Seen } from "../locks/row.ts";
import { families } from "../locks/rows/index.ts";
import { packaged } from "../locks/servers.ts";
import { collapse, seenBy, type Stored } from "../locks/stored.ts";
import { generatedNote } from "./rule-page.ts";

/** `AccessExclusiveLock` as the manual writes it: ACCESS EXCLUSIVE. */
const spoken = (mode: LockMode): string =>
  mode
    .slice(0, -"Lock".length)
    .replace(/[a-z](?=[A-Z])/g, (letter) => `${letter} `)
    .toUpperCase();

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;
const list = (names: readonly string[]): string => names.map(code).join(", ");

function renderImpact({ locks, rewrites, scans, builds, transactional, waits }: Measured): string {
  const byMode = [...lockModes].reverse().flatMap((mode) => {
    const tables = Object.keys(locks).filter((table) => locks[table] === mode);
    return tables.length === 0 ? [] : [`${spoken(mode)} on ${list(tables)}`];
  });
  const read = scans.filter((table) => !builds.includes(table));
  const parts = [
    byMode.length === 0 ? "locks no table" : byMode.join("; "),
    ...(rewrites.length > 0 ? [`**rewrites** ${list(rewrites)}`] : []),
    ...(builds.length > 0 ? [`**builds an index** on ${list(builds)}`] : []),
    ...(read.length > 0 ? [`**reads all of** ${list(read)}`] : []),
    ...(transactional ? [] : ["not in a transaction block"]),
    ...(waits ? ["waits for other transactions to end"] : []),
  ];
  return parts.join("<br>");
}

const told = (row: Row, version: PostgresVersion, seen: Seen): string => {
  if ("error" in seen) return "";
  const impact = predict(row, version);
  if (impact === undefined) return row.untold ?? "";
  if (differences(impact, seen).length > 0) return `**differs**: ${renderImpact(toMeasured(impact))}`;
  if (impact.confidence === "certain") return "the same";
  const predicted = renderImpact(toMeasured(impact));
  return predicted === renderImpact(seen) ? "the same, not certain" : `at worst: ${predicted}`;
};

/** A syntax error: the server has not heard of it. */
const refusal = (error: string): string => (error === "42601" ? "not in this version" : `refused (SQLSTATE ${error})`);

const missing: Seen = { error: "" };

function renderRow(row: Row, stored: Stored): readonly string[] {
  const answers = postgresVersions.map((version) => {
    const seen = seenBy(stored, keyOf(row), version) ?? missing;
    const measured = "error" in seen ? refusal(seen.error) : renderImpact(seen);
    return [version, `${measured} | ${told(row, version, seen)}`] as const;
  });
  const groups = collapse(Object.fromEntries(answers) as Record<PostgresVersion, string>);
  const before = [
    ...(row.given === undefined ? [] : [`after ${code(row.given)}`]),
    ...(row.within === undefined ? [] : [`in one transaction with ${code(row.within)}`]),
  ];
  const operation = [code(row.sql), ...before, ...(row.about === undefined ? [] : [row.about])].join("<br>");
  return groups.map(
    ([versions, answer], i) => `| ${i === 0 ? operation : ""} | ${versions.replace("-", "–")} | ${answer} |\n`,
  );
}

const renderFamily = ({ title, rows }: Family, stored: Stored): string =>
  `## ${title}\n\n| operation | version | measured | predicted |\n|---|---|---|---|\n${rows
    .flatMap((row) => renderRow(row, stored))
    .join("")}\n`;

const modeRow = (mode: LockMode): string => {
  const blocks = blocksOf(mode).map((who) => (who === "ddl" ? "definitions" : who));
  return `| ${spoken(mode)} | ${code(mode)} | ${blocks.join(", ")} |\n`;
};

const renderDocumented = (impact: Impact | undefined): string => {
  if (impact === undefined) return "not possible, or not known";
  const { algorithm, lock, rewrites, scans, confidence } = impact;
  const work = rewrites.length > 0 ? "**writes the table anew**" : scans.length > 0 ? "reads the table" : "";
  const terms = [algorithm, lock === undefined ? undefined : `LOCK=${lock}`, work].filter(Boolean).join(", ");
  return `${terms === "" ? "changes the schema only" : terms}${confidence === "likely" ? ", at worst" : ""}`;
};

function renderOthers(): string {
  const mysql = documentedRows.map((sql) => {
    const answers = [
      documentedImpact(sql, { dialect: "mysql", version: "8.4" }),
      documentedImpact(sql, { dialect: "mariadb", version: "10.11" }),
    ].map(renderDocumented);
    return `| ${code(sql)} | ${answers.join(" | ")} |\n`;
  });
  const sqlite = sqliteRows.map((sql) => {
    const answers = [{}, { inBatch: true }].map((more) =>
      renderDocumented(documentedImpact(sql, { dialect: "sqlite" }, more)),
    );
    return `| ${code(sql)} | ${answers.join(" | ")} |\n`;
  });
  return `
## MySQL 8 and MariaDB

Not measured: from the manuals of [MySQL](https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html) and
[MariaDB](https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-overview), for
InnoDB tables, and for the best algorithm that the server chooses by itself. LOCK=NONE: others read and write meanwhile; SHARED:
they only read. Every definition waits at its start and its end for the transactions that use the table, and ends the
transaction that it is in. The table that these meet: ${code(documentedBase.replaceAll(/\s+/g, " "))}.

| operation | MySQL 8 | MariaDB 10.4 and newer |
|---|---|---|
${mysql.join("")}
## SQLite

Not measured: from the manual of [SQLite](https://www.sqlite.org/lang_altertable.html) and the source of Alembic's batch mode. SQLite
locks the whole file against other writers. What it cannot alter, batch mode does by a copy of the table, once for each block.

| operation | by itself | in a block of \`batch_alter_table\` |
|---|---|---|
${sqlite.join("")}`;
}

export function renderLocksPage(stored: Stored): string {
  const versions = postgresVersions.map((version) => (packaged[version].split("-")[0] ?? "").replace(/\.0$/, ""));
  return `${generatedNote}

# What operations lock

What an operation does to a running PostgreSQL server: which lock it takes on which table, whether it reads a table from
start to end, writes it anew or builds an index, and whether it may run in a transaction. Every row has been run on servers
of all supported versions (${versions.join(", ")}). The column *measured* is what they showed; the column *predicted* is what
Retort says from the SQL and the schema before it, with no server: what hovers and \`retort inspect\` tell.

- *the same*: the prediction is exactly what was measured, and was said to be certain.
- *at worst*: what the files tell is not enough to be sure. Retort then names the worst that can be, and says so.

How it was measured: \`pg_locks\` of the session before its transaction ends (the strongest lock on each table, view and
sequence that was there before), the files of the tables before and after, the counters of sequential scans, and what the
server says at \`client_min_messages = debug1\`. Statements that refuse a transaction block were watched from other
sessions, which held locks that stopped them at each step. \`npx tsx scripts/measure-locks.ts\` measures again; a test
does so, too, and fails where anything differs. The schema that all rows meet is in \`scripts/locks/row.ts\`.

A lock is held until the transaction ends, however short the statement is; and whoever waits for a lock stops all who
come after and want one that conflicts. Hence \`lock_timeout\`, and short transactions.

| mode | in \`pg_locks\` | holds up |
|---|---|---|
${lockModes.map(modeRow).join("")}
${families.map((family) => renderFamily(family, stored)).join("\n")}${renderOthers()}`;
}
