/** A program of its own that changes rows in batches, along the primary key, and goes on where it was stopped. */
import { renderString } from "../../rewrite/literal.ts";
import { quoteName } from "../../sql/quote.ts";
import { withCondition, type Clauses } from "../batches/clauses.ts";

export interface Script {
  readonly clauses: Clauses;
  readonly key: readonly string[];
  /** What it is about, for its docstring. */
  readonly title: string;
  readonly revision: string;
  /** As one calls it from the project's folder. */
  readonly shown: string;
}

const text = (sql: string): string => {
  const line = sql.replaceAll(/\s*\r?\n\s*/g, " ").trim();
  return `sa.text(${renderString(line, '"')})`;
};

export function renderScript({ clauses, key, title, revision, shown }: Script): string {
  const names = key.map((column) => quoteName(column, "postgresql"));
  const list = names.join(", ");
  const own = names.map((name) => `${clauses.qualifier}.${name}`);
  const tuple = (columns: readonly string[]): string =>
    columns.length === 1 ? (columns[0] ?? "") : `(${columns.join(", ")})`;
  const given = (which: string): string => tuple(key.map((_, i) => `:${which}_${i}`));
  const select = (condition: string): string =>
    `SELECT ${list} FROM ${clauses.table}${condition} ORDER BY ${list} LIMIT :size`;
  const change = withCondition(clauses, `${tuple(own)} >= ${given("low")} AND ${tuple(own)} <= ${given("high")}`);
  const table = clauses.table.replaceAll('"', "").replaceAll(/[{}]/g, "");
  return `"""${title}: the rows of revision ${revision}, changed outside of the deployment.

    python ${shown} postgresql+psycopg://user@host/database

Run it after revision ${revision}. Each batch is committed by itself. How far it has come stands in a file beside it, so that
it goes on there when it is run again; without that file it begins anew, which changes nothing that is done.
"""
import json
import pathlib
import sys
import time

import sqlalchemy as sa

BATCH_SIZE = 10_000
# Seconds between two batches, for everybody else.
PAUSE = 0.1
PROGRESS = pathlib.Path(__file__).with_suffix(".progress.json")

FIRST_KEYS = ${text(select(""))}
NEXT_KEYS = ${text(select(` WHERE ${tuple(names)} > ${given("low")}`))}
CHANGE = ${text(change)}


def bounds(which, key):
    return {f"{which}_{place}": value for place, value in enumerate(key)}


def run(url):
    engine = sa.create_engine(url)
    done = json.loads(PROGRESS.read_text()) if PROGRESS.exists() else None
    total = 0
    while True:
        with engine.begin() as connection:
            size = {"size": BATCH_SIZE}
            if done is None:
                keys = connection.execute(FIRST_KEYS, size).fetchall()
            else:
                keys = connection.execute(NEXT_KEYS, {**size, **bounds("low", done)}).fetchall()
            if not keys:
                break
            changed = connection.execute(CHANGE, {**bounds("low", keys[0]), **bounds("high", keys[-1])}).rowcount
        # Only what is committed counts.
        done = json.loads(json.dumps(list(keys[-1]), default=str))
        PROGRESS.write_text(json.dumps(done))
        total += changed
        print(f"${table}: {total} rows changed, up to {done}", flush=True)
        time.sleep(PAUSE)
    print(f"${table}: done, {total} rows changed in this run")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python ${shown} URL")
    run(sys.argv[1])
`;
}
