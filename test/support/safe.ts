/**
 * Safe forms with their unsafe twins, many in one text. A case is a form that is right, as a difference to one that is not:
 *
 * ```
 * === An index that is built while others write
 * because CONCURRENTLY lets them, and the block is a transaction of its own
 * else non-concurrent-index
 * with op.get_context().autocommit_block():
 * -     op.create_index("ix", "users", ["email"], postgresql_concurrently=True)
 * +     op.create_index("ix", "users", ["email"])
 * ```
 *
 * Lines with `- ` before them are the safe form's only, those with `+ ` the twin's, all others both's. `else` names what must
 * be found in the twin: one rule, or several with commas. Lines that may follow it: `on mysql`, `on postgresql 10` (the
 * server), `alone` (without the tables that all cases share), `rows users 100` (what the statistics file tells). The rest is a fixture: the body of upgrade(), or members.
 */
import type { RuleCase } from "./cases.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { dialects, type Dialect } from "../../server/src/sql/action.ts";
import { statistics, users } from "./statistics.ts";
import { postgresVersions, type PostgresVersion } from "../../server/src/sql/postgres-version.ts";

export interface SafeCase {
  readonly title: string;
  readonly because: string;
  /** The rules that must find something in the twin. */
  readonly rules: readonly string[];
  readonly safe: Side;
  readonly twin: Side;
}

export interface Side {
  readonly source: string;
  readonly options: RuleCase;
}

/** What stands before every case: members of a fixture. */
export interface Shared {
  readonly environment: string;
  readonly tables: string;
}

interface Head {
  because?: string;
  rules?: readonly string[];
  dialect?: Dialect;
  version?: PostgresVersion;
  alone?: boolean;
  rows?: Readonly<Record<string, number>>;
}

/** The lines that may head a case, in any order; the first that is none of them begins the fixture. */
function readHead(line: string, head: Head): boolean {
  const [word = "", ...rest] = line.split(" ");
  const words = rest.join(" ");
  if (word === "because" && head.because === undefined) head.because = words;
  else if (word === "else" && head.rules === undefined) head.rules = words.split(", ");
  else if (word === "on" && head.dialect === undefined) Object.assign(head, readServer(rest));
  else if (word === "rows") head.rows = { ...head.rows, [rest[0] ?? ""]: Number(rest[1]) };
  else if (line === "alone") head.alone = true;
  else return false;
  return true;
}

function readServer([name = "", number]: readonly string[]): Pick<Head, "dialect" | "version"> {
  const dialect = dialects.find((one) => one === name);
  const version = postgresVersions.find((one) => String(one) === number);
  if (dialect === undefined || String(version) !== String(number)) throw new Error(`no server: ${name} ${number}`);
  return { dialect, ...(version === undefined ? {} : { version }) };
}

/** The lines of one side: `- ` is the safe form's, `+ ` the twin's. A line of members (`-- x --`) is both's. */
const side = (lines: readonly string[], own: "-" | "+"): string =>
  lines
    .flatMap((line) => {
      const mark = /^([-+])(?: |$)/.exec(line)?.[1];
      if (mark === undefined) return [line];
      return mark === own ? [line.slice(2)] : [];
    })
    .join("\n");

const renderStatistics = (rows: Readonly<Record<string, number>>): string => {
  const tables = Object.entries(rows).map(([name, count]) => ({ ...users, name, rows: count }));
  return `-- retort.stats.json --\n${JSON.stringify({ ...statistics, tables })}`;
};

/** One side of a case, which may also differ in the server or the sizes. */
function readSide(lines: readonly string[], own: "-" | "+", { environment, tables }: Shared): Side & { head: Head } {
  const head: Head = {};
  const text = side(lines, own).split("\n");
  const start = text.findIndex((line) => !readHead(line, head));
  const body = text.slice(start < 0 ? text.length : start).join("\n");
  const members = body.startsWith("-- ") ? body : `-- versions/0009_case.py --\n${body}`;
  const { dialect, version, alone, rows } = head;
  const settings = version === undefined ? {} : { settings: { ...defaultSettings, postgresqlVersion: version } };
  return {
    source: [environment, ...(rows ? [renderStatistics(rows)] : []), ...(alone === true ? [] : [tables]), members].join(
      "\n",
    ),
    options: { ...(dialect === undefined ? {} : { dialect }), ...settings },
    head,
  };
}

function toCase(title: string, lines: readonly string[], shared: Shared): SafeCase {
  const [safe, twin] = [readSide(lines, "-", shared), readSide(lines, "+", shared)];
  const { because, rules } = safe.head;
  if (because === undefined || rules === undefined) throw new Error(`"${title}" says not why, or not what else`);
  if (!lines.some((line) => /^[-+](?: |$)/.test(line))) throw new Error(`"${title}" has no twin`);
  return { title, because, rules, safe, twin };
}

/** @throws Error naming the case that cannot be read. */
export function readSafeCases(source: string, shared: Shared): readonly SafeCase[] {
  const cases: { title: string; lines: string[] }[] = [];
  for (const line of source.split("\n")) {
    const title = /^=== (\S.*)$/.exec(line)?.[1];
    if (title !== undefined) cases.push({ title, lines: [] });
    else if (cases.length > 0) cases.at(-1)?.lines.push(line);
    else if (line.trim() !== "" && !line.startsWith("#")) throw new Error(`before the first case: ${line}`);
  }
  return cases.map(({ title, lines }) => toCase(title, lines, shared));
}
