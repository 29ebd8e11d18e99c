/** Timeouts that `env.py` sets on the connection before migrations run. */
import type { Dialect } from "../sql/action.ts";
import { parseSql } from "../sql/parse.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Text, Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import type { Made } from "./env-run.ts";

export interface Timeout {
  /** As the server calls it: `lock_timeout`, `statement_timeout`, `innodb_lock_wait_timeout` … */
  readonly setting: string;
  /** As it is written; undefined where the file does not tell. */
  readonly value?: string;
  /** 0 is no limit. Undefined where the value is not known, or none that has a unit known here. */
  readonly milliseconds?: number;
  /** SET LOCAL: only until the transaction ends that it is given in. */
  readonly local?: true;
  /** It may not be set: it stands under a test of what is not known. */
  readonly conditional: boolean;
  /** Of the string that sets it. */
  readonly range: Range;
}

/** In the order of the code; the last one of a name counts. */
export function findTimeouts(made: readonly Made[]): readonly Timeout[] {
  const found = made.flatMap(({ call, conditional }) =>
    [...inStatements(call), ...inArguments(call)].map((one) => ({ ...one, conditional })),
  );
  return found.filter(
    (one, i) =>
      found.findIndex((other) => other.setting === one.setting && other.range.start === one.range.start) === i,
  );
}

type Assigned = Omit<Timeout, "conditional">;

const isTimeout = (name: string): boolean => name.endsWith("timeout");

/** `SET lock_timeout = '5s'`, given to whatever runs it. */
function inStatements({ args }: Call): readonly Assigned[] {
  return args.flatMap(({ value }) => {
    if (value.kind !== "text" || !/timeout/i.test(value.text)) return [];
    return dialectsWithTimeouts.map((dialect) => settingsOf(value, dialect)).find((all) => all.length > 0) ?? [];
  });
}

const dialectsWithTimeouts: readonly Dialect[] = ["postgresql", "mysql", "mssql"];

function settingsOf(text: Text, dialect: Dialect): readonly Assigned[] {
  return parseSql(text.text, dialect).flatMap(({ actions }) =>
    actions.flatMap(({ kind, details: { setting } }) => {
      if (kind !== "set" || setting === undefined || !isTimeout(setting.name.toLowerCase())) return [];
      const found = assigned(setting.name.toLowerCase(), setting.value, text.range);
      return [setting.local === true ? { ...found, local: true as const } : found];
    }),
  );
}

/** `connect_args={"options": "-c lock_timeout=5s"}` of psycopg, and `{"server_settings": {"lock_timeout": "5s"}}` of asyncpg. */
function inArguments({ args }: Call): readonly Assigned[] {
  return args.flatMap(({ name, value }) => {
    if (name !== "connect_args" || value.kind !== "mapping") return [];
    const options = entryOf(value.entries, "options");
    const settings = entryOf(value.entries, "server_settings");
    return [
      ...(isKnown(options) ? readOptions(options) : []),
      ...(settings?.kind === "mapping" ? settings.entries.flatMap(readSetting) : []),
    ];
  });
}

const entryOf = (entries: readonly (readonly [Value, Value])[], key: string): Value | undefined =>
  entries.findLast(([one]) => isKnown(one) && one.text === key)?.[1];

function readSetting([key, value]: readonly [Value, Value]): readonly Assigned[] {
  if (!isKnown(key) || !isTimeout(key.text)) return [];
  const written = isKnown(value) ? value.text : value.kind === "scalar" ? String(value.value) : undefined;
  return [assigned(key.text, written, key.range)];
}

/** Options of a PostgreSQL session: `-c name=value` and `--name=value`. */
const readOptions = ({ text, range }: Text): readonly Assigned[] =>
  text.split(/\s+/).flatMap((word) => {
    const [name = "", value] = word.replace(/^(?:-c|--)/, "").split("=");
    const setting = name.replaceAll("-", "_");
    return value !== undefined && isTimeout(setting) ? [assigned(setting, value, range)] : [];
  });

function assigned(setting: string, value: string | undefined, range: Range): Assigned {
  const milliseconds = value === undefined ? undefined : toMilliseconds(setting, value);
  return {
    setting,
    ...(value === undefined ? {} : { value }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    range,
  };
}

const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** PostgreSQL's `lock_timeout` and its like count milliseconds where no unit is written; MySQL's wait timeouts seconds. */
export function toMilliseconds(setting: string, value: string): number | undefined {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(value);
  if (found === null) return undefined;
  const [, number = "", unit = ""] = found;
  const factor = unit === "" ? (setting.endsWith("wait_timeout") ? 1000 : 1) : units[unit];
  return factor === undefined ? undefined : Number(number) * factor;
}
