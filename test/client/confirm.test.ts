import { expect, test } from "vitest";
import { renderQuestion } from "../../client/src/alembic/confirm.ts";
import { guard } from "../../client/src/database/guard.ts";
import { parseDatabaseUrl } from "../../server/src/database/url.ts";
import { diamond, projectOf } from "./history.ts";

const verdict = guard([{ url: parseDatabaseUrl("postgresql://dev:secret@db.example.com/app") }], {
  names: [],
  environment: {},
});

test("the question names host, database, target, revisions and the reason, and no password", () => {
  const { message, detail, button } = renderQuestion({
    kind: "upgrade",
    target: "head, e message of e",
    revisions: diamond.revisions.slice(0, 2),
    verdict,
  });
  expect(button).toBe("Upgrade");
  expect(message).toBe("Upgrade “app” on db.example.com?");
  expect(detail).toContain("db.example.com is not this machine.");
  expect(detail).toContain("Host: db.example.com\nDatabase: app\nUser: dev\nTarget: head, e message of e");
  expect(detail).toContain("This runs 2 revisions:\n  e  message of e\n  d  message of d");
  expect(message + detail).not.toContain("secret");
});

test("a downgrade says that rows go, and a long list is cut", () => {
  const long = projectOf(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`r${String(index)}`, []])));
  const { detail, message } = renderQuestion({
    kind: "downgrade",
    target: "base",
    revisions: long.revisions,
    verdict: { reasons: ["Alembic did not say which database it uses."], databases: [] },
  });
  expect(message).toBe("Downgrade a database that could not be named?");
  expect(detail).toContain("undoes 30 revisions; what they created is dropped, with the rows in it");
  expect(detail).toContain("and 22 more");
});
