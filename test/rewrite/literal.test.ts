import { expect, test } from "vitest";
import { renderString, renderTable } from "../../server/src/rewrite/literal.ts";
import { quoteName } from "../../server/src/sql/quote.ts";

test("strings take the other quotes where that saves escapes", () => {
  expect(renderString(`plain`, '"')).toBe(`"plain"`);
  expect(renderString(`a "b"`, '"')).toBe(`'a "b"'`);
  expect(renderString(`a "b" 'c'`, '"')).toBe(`"a \\"b\\" 'c'"`);
  expect(renderString("back\\slash\n", "'")).toBe(`'back\\\\slash\\n'`);
});

test("names are quoted only where the database would change or refuse them", () => {
  expect(quoteName("full_name", "postgresql")).toBe("full_name");
  expect(quoteName("fullName", "postgresql")).toBe('"fullName"');
  expect(quoteName("order", "postgresql")).toBe('"order"');
  expect(quoteName("order", "mysql")).toBe("`order`");
  expect(quoteName("a b", "mssql")).toBe("[a b]");
  expect(quoteName('a"b', "sqlite")).toBe('"a""b"');
  expect(renderTable({ schema: "app", name: "User" }, "postgresql")).toBe('app."User"');
});
