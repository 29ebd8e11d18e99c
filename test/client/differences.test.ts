import { expect, test } from "vitest";
import { parseDifferences } from "../../client/src/alembic/differences.ts";

// As Alembic 1.20 prints them.
const output = `INFO  [alembic.autogenerate.compare] Detected added table 'logs'
FAILED: New upgrade operations detected: [('add_table', Table('logs', MetaData(), Column('id', Integer(), table=<logs>, primary_key=True, nullable=False), schema=None)), ('add_column', None, 'users', Column('e, "mail"', String(length=10), table=<users>)), ('remove_index', Index('ix_a', Column('a', Integer(), table=<users>))), [('modify_nullable', None, 'users', 'name', {'existing_type': VARCHAR(), 'existing_server_default': False, 'existing_comment': None}, True, False)], ('remove_table', Table('old', MetaData(), schema=None))]
`;

test("differences are read as far as they say what they are about", () => {
  expect(parseDifferences(output)?.map(({ words, table }) => [words, table])).toEqual([
    ["adds table logs", "logs"],
    ['adds column users.e, "mail"', "users"],
    ["removes index ix_a", "users"],
    ["changes the nullable of users.name", "users"],
    ["removes table old", "old"],
  ]);
});

test("what is not understood stays as it was printed", () => {
  const odd = "New upgrade operations detected: [('add_thing', <object at 0x1>), what]";
  expect(parseDifferences(odd)?.map(({ words }) => words)).toEqual(["adds thing", "what"]);
});

test("an output that ends too early ends the list", () => {
  expect(parseDifferences("New upgrade operations detected: [('add_column', 'a")).toEqual([]);
});

test("other failures tell of no differences", () => {
  expect(parseDifferences("FAILED: Target database is not up to date.")).toBeUndefined();
});
