/** Every chain of snippets on a real PostgreSQL: up, down and up again, over rows with gaps, NULL, quotes and other alphabets. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { chains, revisionsOf } from "../support/snippets.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { writeEnvironment, type SmallProject } from "./project.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const open = useStages(databases, useAlembic());
const scope = createScope();
afterAll(() => scope.close());

/** More than one batch, and most of their keys missing. */
const rows = `
  INSERT INTO users (id, name, username, status, age, posts, comments, settings, created_at, deleted_at) OVERRIDING SYSTEM VALUE
  SELECT n * 17, 'O''Hara ' || n, 'user' || n, CASE WHEN n % 3 = 0 THEN 'active' END, n % 90, n % 5, n % 7,
         CASE WHEN n % 4 > 0 THEN jsonb_build_object('dark_mode', n % 2 = 0, 'name', 'Ünï') END,
         timestamptz '2020-01-01 00:00+00' + n * interval '1 day', CASE WHEN n % 5 = 0 THEN now() END
    FROM generate_series(1, 2500) n;
  INSERT INTO customers (id, name) OVERRIDING SYSTEM VALUE SELECT n, 'Zoë ' || n FROM generate_series(1, 10) n;
  INSERT INTO orders (id, customer_id) OVERRIDING SYSTEM VALUE SELECT n * 1000, 1 + n % 10 FROM generate_series(1, 30) n;
  INSERT INTO posts (id, tags) OVERRIDING SYSTEM VALUE
  VALUES (3, 'a, b,c'), (4, NULL), (15000, ''), (15001, 'it''s,,b'), (99999, 'b, b');
  INSERT INTO tasks (status) VALUES ('todo'), ('done'), (NULL);
  INSERT INTO legacy_orders DEFAULT VALUES;
`;

/** What a chain makes of them: a query and its answer. */
const outcomes: Readonly<Record<string, readonly [query: string, answer: unknown]>> = {
  "alembic-contract": ["SELECT count(*) FROM users WHERE full_name LIKE 'O''Hara %'", "2500"],
  "alembic-backfill-computed": [
    "SELECT count(*) FROM users WHERE created_year = extract(year FROM created_at)",
    "2500",
  ],
  "alembic-backfill-joined": [
    "SELECT count(*) FROM orders o JOIN customers c ON c.id = customer_id AND c.name = customer_name",
    "30",
  ],
  "alembic-backfill-case": [
    "SELECT string_agg(DISTINCT age_group, ' ' ORDER BY age_group) FROM users",
    "adult minor senior",
  ],
  "alembic-backfill-json": [
    "SELECT count(*) FROM users WHERE dark_mode IS NOT DISTINCT FROM (settings ->> 'dark_mode')::boolean",
    "2500",
  ],
  "alembic-backfill-python": ["SELECT count(*) FROM users WHERE score = posts * 10 + comments * 5", "2500"],
  "alembic-backfill-flag": ["SELECT count(*) FROM users WHERE is_deleted = (deleted_at IS NOT NULL)", "2500"],
  "alembic-foreign-key-2": [
    "SELECT bool_and(convalidated)::text FROM pg_constraint WHERE conname = 'fk_orders_customer_id'",
    "true",
  ],
  "alembic-rename-column-2": ["SELECT count(*) FROM users WHERE email = 'user' || id / 17", "2500"],
  "alembic-list-2": [
    "SELECT string_agg(post_id || value, ' ' ORDER BY post_id, value) FROM post_tags",
    "3a 3b 3c 15001b 15001it's 99999b",
  ],
  "alembic-dialect": ["SELECT count(*) FROM users WHERE created_year = extract(year FROM created_at)", "2500"],
  "alembic-row-counts": ["SELECT count(*) FROM users WHERE status = 'active'", "2500"],
  "alembic-enum-swap": [
    "SELECT string_agg(coalesce(status::text, '-'), ' ' ORDER BY id) FROM tasks",
    "pending complete -",
  ],
  "alembic-backup": ["SELECT count(*) FROM legacy_orders_backup_20261130", "1"],
};

/** Chains whose last step says that it has no way back. */
const oneWay = new Set(["alembic-rename-column-2"]);

/** The rename leaves the filling of the new column to a backfill between its steps. */
const between: Readonly<Record<string, string>> = {
  "alembic-rename-column-1": "UPDATE users SET email = username WHERE email IS NULL",
};

/** What a downgrade leaves empty, filled again. */
const refilled: Readonly<Record<string, string>> = { "alembic-contract": "UPDATE users SET name = 'O''Hara'" };

function write(chain: readonly string[]): SmallProject {
  const folder = scope.folder("snippets");
  const versions = path.join(folder, "migrations", "versions");
  mkdirSync(versions, { recursive: true });
  const config = writeEnvironment(folder);
  for (const [name, text] of revisionsOf(chain)) writeFileSync(path.join(versions, name), text);
  return { folder, config, file: path.join(versions, "2_step.py") };
}

describe.each(chains.map((chain) => [chain.join(", "), chain] as const))("%s", (_, chain) => {
  test.each([false, true])("up, down and up again; a transaction per migration: %s", async (perMigration) => {
    const stage = await open(write(chain), perMigration);
    const before = await stage.up("1");
    await stage.sql(rows);
    for (const [index, prefix] of chain.entries()) {
      await stage.up(String(index + 2));
      const text = between[prefix];
      if (text !== undefined) await stage.sql(text);
    }
    const after = await stage.state();
    const last = chain.at(-1) ?? "";
    const [query, answer] = outcomes[last] ?? ["", undefined];
    expect(await stage.ask(query)).toBe(answer);
    if (oneWay.has(last)) {
      await expect(stage.down("1")).rejects.toThrow(/by a new revision/);
      return;
    }
    expect((await stage.down("1")).schema).toEqual(before.schema);
    await stage.sql(refilled[last] ?? "");
    expect((await stage.up("head")).schema).toEqual(after.schema);
  });
});
