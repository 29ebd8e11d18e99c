import { expect, test } from "vitest";
import { algorithmSharedLock as rule } from "../../server/src/rules/algorithm-shared-lock.ts";
import { allows, says } from "../support/cases.ts";

const mysql = { dialect: "mysql" } as const;

test("tells whether the statement asks for it", async () => {
  expect(await says(rule, `op.execute("CREATE FULLTEXT INDEX ft ON users (bio)")\n`, mysql)).toEqual([
    'Nobody can write to "users" until this is done.',
  ]);
  expect(await says(rule, `op.execute("ALTER TABLE users ADD INDEX ix (a), LOCK=EXCLUSIVE")\n`, mysql)).toEqual([
    'LOCK=EXCLUSIVE: nobody can read or write "users" until this is done.',
  ]);
});

test("a copy is another rule's", () =>
  allows(rule, `op.execute("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4")\n`, mysql));
