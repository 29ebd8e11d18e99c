import { expect, test } from "vitest";
import { renderIdentifier, renderString, renderTable } from "../../server/src/rewrite/literal.ts";

test("strings take the other quotes where that saves escapes", () => {
  expect(renderString(`plain`, '"')).toBe(`"plain"`);
  expect(renderString(`a "b"`, '"')).toBe(`'a "b"'`);
  expect(renderString(`a "b" 'c'`, '"')).toBe(`"a \\"b\\" 'c'"`);
  expect(renderString("back\\slash\n", "'")).toBe(`'back\\\\slash\\n'`);
});

test("names are quoted only where the database would change or refuse them", () => {
  expect(renderIdentifier("full_name", "postgresql")).toBe("full_name");
  expect(renderIdentifier("fullName", "postgresql")).toBe('"fullName"');
  expect(renderIdentifier("order", "postgresql")).toBe('"order"');
  expect(renderIdentifier("order", "mysql")).toBe("`order`");
  expect(renderIdentifier("a b", "mssql")).toBe("[a b]");
  expect(renderIdentifier('a"b', "sqlite")).toBe('"a""b"');
  expect(renderTable({ schema: "app", name: "User" }, "postgresql")).toBe('app."User"');
});
