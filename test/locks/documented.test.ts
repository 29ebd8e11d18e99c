/** MySQL, MariaDB and SQLite: what their manuals say, and no more. */
import { describe, expect, test } from "vitest";
import { documentedImpact as impact } from "../../scripts/locks/documented.ts";
import type { Impact } from "../../server/src/locks/impact.ts";
import { renderName } from "../../server/src/sql/action.ts";

const short = (one: Impact | undefined): string =>
  one === undefined
    ? "unknown"
    : [
        one.algorithm,
        one.lock,
        ...(one.rewrites.length > 0 ? [`rewrites ${one.rewrites.map(renderName).join()}`] : []),
        ...(one.scans.length > 0 ? [`reads ${one.scans.map(renderName).join()}`] : []),
        ...(one.confidence === "likely" ? ["likely"] : []),
      ]
        .filter((part) => part !== undefined)
        .join(" ");

describe("MySQL 8", () => {
  test.each([
    ["ALTER TABLE users ADD COLUMN z INT NOT NULL DEFAULT 0", "INSTANT NONE"],
    ["ALTER TABLE users ADD COLUMN z INT GENERATED ALWAYS AS (age + 1) VIRTUAL", "INSTANT NONE"],
    ["ALTER TABLE users ADD COLUMN z INT GENERATED ALWAYS AS (age + 1) STORED", "COPY SHARED rewrites users"],
    ["ALTER TABLE users ADD COLUMN z INT AUTO_INCREMENT", "INPLACE SHARED rewrites users"],
    ["ALTER TABLE users DROP COLUMN age", "INSTANT NONE"],
    ["ALTER TABLE users DROP COLUMN total", "INPLACE NONE rewrites users"],
    ["ALTER TABLE users RENAME COLUMN age TO years", "INSTANT NONE"],
    ["ALTER TABLE users MODIFY COLUMN name VARCHAR(60) NOT NULL", "INPLACE NONE"],
    ["ALTER TABLE users MODIFY COLUMN name VARCHAR(100) NOT NULL", "COPY SHARED rewrites users likely"],
    ["ALTER TABLE users MODIFY COLUMN bio VARCHAR(600)", "INPLACE NONE"],
    ["ALTER TABLE users MODIFY COLUMN name VARCHAR(20) NOT NULL", "COPY SHARED rewrites users"],
    ["ALTER TABLE users MODIFY COLUMN age BIGINT", "COPY SHARED rewrites users"],
    ["ALTER TABLE users MODIFY COLUMN age INT NOT NULL", "INPLACE NONE rewrites users likely"],
    ["ALTER TABLE users MODIFY COLUMN name VARCHAR(50)", "INPLACE NONE rewrites users"],
    ["ALTER TABLE users MODIFY COLUMN mood ENUM('sad','ok','glad')", "INSTANT NONE"],
    ["ALTER TABLE users MODIFY COLUMN mood ENUM('glad','sad','ok')", "COPY SHARED rewrites users"],
    ["ALTER TABLE users ADD INDEX ix (name)", "INPLACE NONE reads users"],
    ["CREATE FULLTEXT INDEX ft ON users (name)", "INPLACE SHARED reads users"],
    ["ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (age) REFERENCES teams (id)", "COPY SHARED rewrites users"],
    ["ALTER TABLE users DROP FOREIGN KEY fk", "INPLACE NONE"],
    ["ALTER TABLE users ADD PRIMARY KEY (id)", "INPLACE NONE rewrites users"],
    ["ALTER TABLE users RENAME TO people", "INSTANT NONE"],
    ["ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4", "COPY SHARED rewrites users"],
    ["ALTER TABLE users DEFAULT CHARACTER SET utf8mb4", "INPLACE NONE"],
    ["ALTER TABLE users CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "INPLACE NONE"],
    ["ALTER TABLE users ENGINE=InnoDB", "INPLACE NONE rewrites users"],
    ["ALTER TABLE others MODIFY COLUMN age BIGINT", "COPY SHARED rewrites others likely"],
    ["SELECT 1", "unknown"],
  ])("%s: %s", (sql, expected) => {
    expect(short(impact(sql, { dialect: "mysql", version: "8.0" })).replace(" likely", "")).toBe(
      expected.replace(" likely", ""),
    );
  });

  test("is documented, not measured, and ends the transaction", () => {
    const found = impact("ALTER TABLE users ADD COLUMN z INT", { dialect: "mysql", version: "8.4" });
    expect(found).toMatchObject({ basis: "documented", transactional: false, locks: [] });
  });

  test("a lengthened VARCHAR that may need a second byte for its length is not certain", () => {
    const found = impact("ALTER TABLE users MODIFY COLUMN name VARCHAR(100) NOT NULL", {
      dialect: "mysql",
      version: "8.0",
    });
    expect(found?.confidence).toBe("likely");
  });

  test("a table that the same migration made is not worth a word", () => {
    const created = [{ name: "users" }];
    const found = impact(
      "ALTER TABLE users MODIFY COLUMN age BIGINT",
      { dialect: "mysql", version: "8.0" },
      { created },
    );
    expect(found?.rewrites).toEqual([]);
  });
});

test("MariaDB lets a column be NULL at once", () => {
  expect(
    short(impact("ALTER TABLE users MODIFY COLUMN name VARCHAR(50)", { dialect: "mariadb", version: "10.11" })),
  ).toBe("INSTANT NONE");
});

describe("SQLite", () => {
  test.each([
    ["ALTER TABLE users ADD COLUMN z INTEGER", "", ""],
    ["ALTER TABLE users ADD COLUMN z INTEGER DEFAULT 0", "", "rewrites users likely"],
    ["ALTER TABLE users RENAME COLUMN age TO years", "", "rewrites users"],
    ["ALTER TABLE users DROP COLUMN age", "rewrites users", "rewrites users"],
    ["CREATE INDEX ix ON users (age)", "reads users", "reads users"],
    ["ALTER TABLE users RENAME TO people", "", ""],
  ])("%s: alone [%s], in a batch block [%s]", (sql, alone, inBatch) => {
    expect(short(impact(sql, { dialect: "sqlite" }))).toBe(alone);
    expect(short(impact(sql, { dialect: "sqlite" }, { inBatch: true }))).toBe(inBatch);
  });
});
