import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildMask, createGrowingMask } from "../../server/src/database/mask.ts";

describe("the mask", () => {
  const mask = buildMask(["postgresql://dev:s3cr%40t%2Fx@localhost/app"], ["other-secret"]);

  test.each([
    ["postgresql://dev:s3cr%40t%2Fx@localhost/app", "postgresql://dev:***@localhost/app"],
    ["postgresql+psycopg://u:unknown@h/d and more", "postgresql+psycopg://u:***@h/d and more"],
    ["postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"],
    ["password authentication with s3cr@t/x failed", "password authentication with *** failed"],
    ["PGPASSWORD=hunter2 alembic upgrade", "PGPASSWORD=*** alembic upgrade"],
    ["host=h password='a b' user=u", "host=h password=*** user=u"],
    ["{'password': 'hunter2', 'host': 'h'}", "{'password': ***, 'host': 'h'}"],
    ["token other-secret", "token ***"],
    ["ALTER ROLE app PASSWORD 'it''s'; SELECT 1", "ALTER ROLE app PASSWORD ***; SELECT 1"],
    [
      "CREATE ROLE app LOGIN ENCRYPTED PASSWORD E'a\\'b' VALID UNTIL 'x'",
      "CREATE ROLE app LOGIN ENCRYPTED PASSWORD *** VALID UNTIL 'x'",
    ],
    ["ALTER USER app WITH PASSWORD $a$hunter's$a$", "ALTER USER app WITH PASSWORD ***"],
    ["CREATE USER 'app'@'%' IDENTIFIED BY 'hunter2'", "CREATE USER 'app'@'%' IDENTIFIED BY ***"],
    [
      "ALTER TABLE users ADD COLUMN password text DEFAULT 'x'",
      "ALTER TABLE users ADD COLUMN password text DEFAULT 'x'",
    ],
    ["nothing to hide: 12:30 user@host", "nothing to hide: 12:30 user@host"],
  ])("%s becomes %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test("leaves a password alone outside of URLs when it is also the user's or the database's name", () => {
    const postgres = buildMask(["postgresql://postgres:postgres@localhost/app"]);
    expect(postgres("postgres answers at postgresql://postgres:postgres@h/d")).toBe(
      "postgres answers at postgresql://postgres:***@h/d",
    );
  });

  test("hides every password that it knows, plain and encoded, wherever it stands", () => {
    const password = fc
      .string({ minLength: 6, maxLength: 20 })
      .filter((text) => !"***dev localhost app".includes(text));
    fc.assert(
      fc.property(password, fc.string(), fc.string(), (secret, before, after) => {
        const encoded = encodeURIComponent(secret);
        const hide = buildMask([`postgresql://dev:${encoded}@localhost/app`]);
        for (const spelling of [secret, encoded]) {
          const rest = `${before}${after}`;
          fc.pre(!rest.includes(spelling) && !`${before}***${after}`.includes(spelling));
          expect(hide(`${before} ${spelling} ${after}`)).not.toContain(spelling);
        }
      }),
    );
  });

  test("learns", () => {
    const growing = createGrowingMask();
    expect(growing.mask("x hunter2 y")).toBe("x hunter2 y");
    growing.learn(["postgresql://u:hunter2@h/d"]);
    expect(growing.mask("x hunter2 y")).toBe("x *** y");
  });
});
