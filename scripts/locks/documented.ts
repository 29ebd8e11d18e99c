/** Operations whose effect on the other servers the page shows, as their manuals tell it. */
import type { Circumstances } from "../../server/src/locks/circumstances.ts";
import type { Impact, Server } from "../../server/src/locks/impact.ts";
import { combined, impactOf } from "../../server/src/locks/predict.ts";
import { applyOperation } from "../../server/src/schema/replay/apply.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { operationsOf } from "./predicted.ts";

/** The table that all of them meet. */
export const documentedBase = `CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL, bio VARCHAR(400), age INT,
  mood ENUM('sad','ok'), total INT GENERATED ALWAYS AS (age + 1) STORED)`;

export const documentedRows: readonly string[] = [
  "ALTER TABLE users ADD COLUMN z INT NOT NULL DEFAULT 0",
  "ALTER TABLE users ADD COLUMN z INT AUTO_INCREMENT",
  "ALTER TABLE users ADD COLUMN z INT GENERATED ALWAYS AS (age + 1) VIRTUAL",
  "ALTER TABLE users ADD COLUMN z INT GENERATED ALWAYS AS (age + 1) STORED",
  "ALTER TABLE users DROP COLUMN age",
  "ALTER TABLE users RENAME COLUMN age TO years",
  "ALTER TABLE users MODIFY COLUMN name VARCHAR(60) NOT NULL",
  "ALTER TABLE users MODIFY COLUMN name VARCHAR(300) NOT NULL",
  "ALTER TABLE users MODIFY COLUMN name VARCHAR(20) NOT NULL",
  "ALTER TABLE users MODIFY COLUMN age BIGINT",
  "ALTER TABLE users MODIFY COLUMN name VARCHAR(50)",
  "ALTER TABLE users MODIFY COLUMN mood ENUM('sad','ok','glad')",
  "ALTER TABLE users MODIFY COLUMN mood ENUM('glad','sad','ok')",
  "ALTER TABLE users ADD INDEX ix (name)",
  "CREATE FULLTEXT INDEX ft ON users (name)",
  "DROP INDEX ix ON users",
  "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (age) REFERENCES teams (id)",
  "ALTER TABLE users DROP FOREIGN KEY fk",
  "ALTER TABLE users DROP PRIMARY KEY",
  "ALTER TABLE users RENAME TO people",
  "ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4",
  "ALTER TABLE users DEFAULT CHARACTER SET utf8mb4",
];

export const sqliteRows: readonly string[] = [
  "ALTER TABLE users ADD COLUMN z INTEGER",
  "ALTER TABLE users ADD COLUMN z INTEGER DEFAULT 0",
  "ALTER TABLE users RENAME COLUMN age TO years",
  "ALTER TABLE users DROP COLUMN age",
  "ALTER TABLE users RENAME TO people",
  "CREATE INDEX ix ON users (age)",
  "DROP INDEX ix",
];

export function documentedImpact(
  sql: string,
  server: Server,
  more: Partial<Omit<Circumstances, "server" | "schema">> = {},
): Impact | undefined {
  const { dialect } = server;
  const environment = { dialect, namingConvention: new Map() } as const;
  const schema = operationsOf(documentedBase, dialect).reduce(
    (before, operation) => applyOperation(before, operation, environment).schema,
    new KnownSchema(),
  );
  return combined(operationsOf(sql, dialect).map((operation) => impactOf(operation, { server, schema, ...more })));
}
