import { describe, expect, test } from "vitest";
import { moveOntoHead as move } from "../../server/src/refactorings/move-onto-head.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { here, revision } from "./heads.ts";

const users = revision("a1", "None", 'op.create_table("users", sa.Column("id", sa.Integer()))');
const theirs = revision("b1", '"a1"', 'op.add_column("users", sa.Column("age", sa.Integer()))');
const mine = here(revision("c1", '"a1"', 'op.create_table("pets", sa.Column("id", sa.Integer()))'));
const [a, b, c, d] = ["a1", "b1", "c1", "d1"].map((id) => `versions/${id}_x.py`) as [string, string, string, string];

describe("a revision that only I have", () => {
  test("follows the head that others have, and its docstring says so", async () => {
    const { title, files, after, result } = await refactors(move, users + theirs + mine, { published: [a, b] });
    expect(title).toBe("Let c1 follow b1, as nobody else has it yet");
    expect(files.get(c)).toContain('down_revision = "b1"');
    expect(files.get(c)).toContain("Revises: b1\n");
    expect(after.history.heads).toEqual(["c1"]);
    expect(result.change.edit.map(({ path }) => path)).toEqual([`/project/${c}`]);
    expect(result.notes).toEqual([
      "A database that has run c1 already would take b1 for done: take it back to a1 first (alembic downgrade a1), then upgrade it.",
    ]);
  });

  test("follows with what comes after it", async () => {
    const child = here(revision("d1", '"c1"'));
    const { title, files, after } = await refactors(move, users + theirs + mine.replace("<|>", "") + child, {
      published: [a, b],
    });
    expect(title).toBe("Let c1 and d1 follow b1, as nobody else has them yet");
    expect(files.get(c)).toContain('down_revision = "b1"');
    expect(files.get(d)).toContain('down_revision = "c1"');
    expect(after.history.heads).toEqual(["d1"]);
  });

  test("is moved from the other's file as well", async () => {
    const source = users + here(theirs) + mine.replace("<|>", "");
    const { title, files } = await refactors(move, source, { published: [a, b], file: b });
    expect(title).toBe("Let c1 follow b1, as nobody else has it yet");
    expect(files.get(c)).toContain('down_revision = "b1"');
    expect(files.get(b)).toContain('down_revision = "a1"');
  });

  test("of several heads follows the one that others have", async () => {
    const local = revision("b1", '"a1"');
    const pushed = revision("d1", '"a1"');
    const { title } = await refactors(move, users + local + pushed + mine, { published: [a, d] });
    expect(title).toBe("Let c1 follow d1, as nobody else has it yet");
  });
});

test("where git cannot tell, the person is asked to know", async () => {
  const { title } = await refactors(move, users + theirs + mine);
  expect(title).toBe("Let c1 follow b1, if it has run nowhere yet");
});

test("a table that both branches change is said", async () => {
  const both = mine.replace('op.create_table("pets",', 'op.add_column("users",').replace('"id"', '"name"');
  const { result } = await refactors(move, users + theirs + both, { published: [a] });
  expect(result.notes).toContain("Both branches change users: read the two together before you run them.");
});

describe("refuses", () => {
  test("what others have", async () => {
    await refuses(
      move,
      users + theirs + mine,
      "c1 is on git's default branch already: whoever has run it would never run b1, so join the heads instead.",
      { published: [a, b, c] },
    );
  });

  test("a branch that has joined itself", async () => {
    const joined = here(revision("e1", '("c1", "d1")'));
    const parted = revision("d1", '"a1"');
    await refuses(move, users + theirs + mine.replace("<|>", "") + parted + joined, "The branch of e1 has parted", {
      published: [a, b],
    });
  });

  test("what the other head needs", async () => {
    const needs = revision("b1", '"a1"', "pass", 'depends_on = "c1"');
    await refuses(move, users + needs + mine, "b1 needs c1 (depends_on), so that c1 cannot come after it.");
  });
});

describe("has nothing to offer", () => {
  test("in a history with one head, or elsewhere in the file", async () => {
    await ignores(move, users + here(theirs));
    await ignores(move, users + theirs + mine.replace("<|>", "").replace("op.create_table", "<|>op.create_table"));
  });

  test("for branches that are meant to be apart", async () => {
    await ignores(move, users + theirs + mine.replace("\n\n\ndef up", '\nbranch_labels = ("x",)\n\n\ndef up'));
    await ignores(move, users + theirs + mine.replace('<|>"a1"', "<|>None"));
  });
});
