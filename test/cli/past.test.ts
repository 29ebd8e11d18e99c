/** What of the history is judged: `--since`, `--changed`, `--all` and the setting `baseline`. */
import { describe, expect, test } from "vitest";
import { memoryRepository } from "../support/memory.ts";
import { readFixture } from "../support/txtar.ts";
import { ini, retort } from "./retort.ts";

const member = (name: string, parents: string, body: string): string => {
  const id = name.split("_")[0] ?? "";
  return `-- migrations/versions/${name}.py --
revision = "${id}"
down_revision = ${parents}
from alembic import op
def upgrade():
${body}`;
};
const bad = (table: string): string =>
  `    op.drop_column("${table}", "a")\n    op.execute("UPDATE ${table} SET b = 1")\n`;

/** Two branches and their merge; file names do not follow the history. */
const source = `${ini}${member("z1_base", "None", bad("base"))}${member("a2_left", '"z1"', bad("left"))}${member("m3_right", '"z1"', bad("right"))}${member("b4_merge", '("a2", "m3")', "    pass\n")}${member("c5_new", '"b4"', bad("new"))}`;

/** What comes last in a fixture has a line more at its end: here something else does. */
const { files } = readFixture(`${source}-- end --\n`);
const committed = (...names: string[]): ReadonlyMap<string, string> =>
  new Map([...files].filter(([path]) => names.some((name) => path.includes(name))));
const repository = memoryRepository({
  "origin/main": committed("z1", "a2"),
  earlier: committed("z1"),
});

/** One rule is enough here, whatever others there are. */
const only = '-- retort.toml --\npreset = "off"\nrules.mixed-schema-and-data = "warning"\n';

interface Answer {
  readonly findings: readonly { readonly revision: string }[];
  readonly notJudged: unknown;
}
const judged = async (argv: readonly string[], more = only, repo = repository): Promise<unknown> => {
  const { out, err } = await retort(["check", "--format", "json", ...argv], source + more, [], {}, repo);
  return out === "" ? err : (JSON.parse(out) as Answer).findings.map(({ revision }) => revision).sort();
};
const toml = (baseline: string): string => `${only}baseline = ${baseline}\n`;

describe("what is judged", () => {
  test("is everything where nothing is said", async () => {
    expect(await judged([])).toEqual(["a2", "c5", "m3", "z1"]);
    expect(await judged(["--all"], toml('"published"'))).toEqual(["a2", "c5", "m3", "z1"]);
    expect(await judged([], toml('"none"'))).toEqual(["a2", "c5", "m3", "z1"]);
  });

  test("is what comes after a revision in the history, both sides of a merge left out", async () => {
    expect(await judged(["--since", "b4"])).toEqual(["c5"]);
    expect(await judged(["--since", "a2"])).toEqual(["c5", "m3"]);
    expect(await judged(["--since", "z1"])).toEqual(["a2", "c5", "m3"]);
    expect(await judged(["--since", "heads"])).toEqual([]);
  });

  test("is told by the setting in the same words", async () => {
    expect(await judged([], toml('"b4"'))).toEqual(["c5"]);
    expect(await judged([], toml('["a2", "m3"]'))).toEqual(["c5"]);
    expect(await judged(["--since", "z1"], toml('"b4"'))).toEqual(["a2", "c5", "m3"]);
  });

  test("is what the default branch does not have", async () => {
    expect(await judged([], toml('"published"'))).toEqual(["c5", "m3"]);
  });

  test("is what has changed since a commit, new or edited", async () => {
    expect(await judged(["--changed"])).toEqual(["c5", "m3"]);
    expect(await judged(["--changed=earlier"])).toEqual(["a2", "c5", "m3"]);
    expect(await judged(["--changed", "earlier"])).toEqual(["a2", "c5", "m3"]);
    const edited = new Map([...files].map(([path, text]) => [path, path.includes("z1") ? `${text}# then\n` : text]));
    expect(await judged(["--changed"], only, memoryRepository({ main: edited }))).toEqual(["z1"]);
  });

  test("takes a path behind --changed for a path", async () => {
    expect(await judged(["--changed", "migrations/versions/c5_new.py"])).toEqual(["c5"]);
    expect(await judged(["--changed", "migrations"])).toEqual(["c5", "m3"]);
  });
});

describe("what is not judged", () => {
  test("is counted", async () => {
    const { out } = await retort(["check", "--since", "b4"], source + only, [], {}, repository);
    expect(out).toMatch(/1 finding\n4 revisions up to b4 not judged \(3 findings; --all shows them\)\n$/);
    const json = await retort(["check", "--format", "json", "--since", "b4"], source + only, [], {}, repository);
    expect(JSON.parse(json.out)).toMatchObject({ notJudged: { revisions: 4, findings: 3 } });
  });

  test("does not count for the exit code", async () => {
    const run = async (...argv: string[]): Promise<number> =>
      (await retort(["check", "--fail-on", "warning", ...argv], source + only, [], {}, repository)).code;
    expect(await run("--since", "heads")).toBe(0);
    expect(await run("--since", "b4")).toBe(1);
  });

  test("still has its history errors told", async () => {
    const broken = `${source}${member("d6_lost", '"gone"', bad("lost"))}`;
    const { code, err } = await retort(
      ["check", "--changed"],
      broken,
      [],
      {},
      memoryRepository({ main: readFixture(broken).files }),
    );
    expect(code).toBe(1);
    expect(err).toContain("gone");
  });
});

describe("review", () => {
  const reviewed = async (...argv: string[]): Promise<unknown> => {
    const { code, out, err } = await retort(
      ["review", "--format", "markdown", ...argv],
      source + only,
      [],
      {},
      repository,
    );
    const ids = [...out.matchAll(/^### (\w+)/gm)].map(([, id]) => id);
    return out.startsWith("There is no") || err !== "" ? [code, out + err] : ids;
  };

  test("is of what is new, in the order in which it runs", async () => {
    expect(await reviewed("--changed")).toEqual(["m3", "b4", "c5"]);
    expect(await reviewed("--changed=earlier")).toEqual(["m3", "a2", "b4", "c5"]);
    expect(await reviewed("--since", "b4")).toEqual(["c5"]);
    expect(await reviewed("--changed", "migrations/versions/c5_new.py")).toEqual(["c5"]);
  });

  test("of nothing is no failure", async () => {
    expect(await reviewed("--since", "heads")).toEqual([0, "There is no new revision to review.\n"]);
  });
});

describe("a published revision that was changed", () => {
  const rule = '-- retort.toml --\npreset = "off"\nrules.published-revision-changed = "warning"\n';
  const edited = new Map([...files].map(([path, text]) => [path, text.replace('"base", "a"', '"base", "b"')]));
  const told = async (
    argv: readonly string[],
    more = "",
    main: ReadonlyMap<string, string> = edited,
  ): Promise<unknown> => judged(argv, `${rule}${more}`, memoryRepository({ "origin/main": main }));

  test("is told of, whatever the baseline", async () => {
    expect(await told([])).toEqual(["z1"]);
    expect(await told([], 'baseline = "published"\n')).toEqual(["z1"]);
    expect(await told([], 'baseline = "c5"\n')).toEqual(["z1"]);
    expect(await told(["--since", "heads"])).toEqual(["z1"]);
    expect(await told(["--changed"])).toEqual(["z1"]);
    expect(await told(["migrations/versions/c5_new.py"])).toEqual([]);
  });

  test("names the branch", async () => {
    const { out } = await retort(["check"], source + rule, [], {}, memoryRepository({ "origin/main": edited }));
    expect(out).toContain("does something else than revision z1 on origin/main");
  });

  test("is none where nothing but a comment is new, or git tells nothing", async () => {
    const commented = new Map([...files].map(([path, text]) => [path, `${text}# then\n`]));
    expect(await told([], "", commented)).toEqual([]);
    expect(await judged([], rule, { ...repository, defaultBranch: () => Promise.resolve(undefined) })).toEqual([]);
    const shallow = { ...memoryRepository({ main: edited }), mergeBase: () => Promise.resolve(undefined) };
    expect(await judged([], rule, shallow)).toEqual([]);
  });

  test("may be allowed by a comment, which then is used", async () => {
    const allowed = (text: string): string =>
      text.replace(
        'revision = "z1"',
        '# retort: allow published-revision-changed because nobody has run it\nrevision = "z1"',
      );
    const { out } = await retort(
      ["check", "--format", "json"],
      `${allowed(source)}-- retort.toml --\npreset = "off"\nrules.published-revision-changed = "warning"\nrules.unused-suppression = "warning"\n`,
      [],
      {},
      memoryRepository({ "origin/main": edited }),
    );
    expect((JSON.parse(out) as Answer).findings).toEqual([]);
  });
});

describe("where it cannot be told", () => {
  test.each([
    [["--since", "zz9999"], "", "zz9999"],
    [[], toml('"zz9999"'), "baseline: "],
    [["--changed=nowhere"], "", 'git knows no commit "nowhere"'],
  ])("%j is one line", async (argv, more, words) => {
    const { code, out, err } = await retort(["check", ...argv], source + more, [], {}, repository);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd().split("\n")).toEqual([expect.stringContaining(words)]);
  });

  test("what is published is not guessed", async () => {
    const none = { ...memoryRepository({ x: files }), defaultBranch: () => Promise.resolve(undefined) };
    const { code, err } = await retort(["check"], source + toml('"published"'), [], {}, none);
    expect(code).toBe(2);
    expect(err).toContain("git knows no default branch here");
    expect((await retort(["check"], source + toml('"published"'))).err).toBe("retort: git cannot be asked here\n");
  });

  test.each([[["--since", "a", "--all"]], [["--changed", "--all"]], [["--changed=x", "--since=a"]]])(
    "%j is wrong use",
    async (argv) => {
      expect(await retort(["check", ...argv], source)).toMatchObject({
        code: 2,
        err: "retort: --since, --changed and --all exclude each other. Try: retort --help\n",
      });
    },
  );
});

describe("advice on a baseline", () => {
  const many = `${ini}${Array.from({ length: 6 }, (_, i) =>
    member(`${100 + i}_x`, i === 0 ? "None" : `"${99 + i}"`, bad(`t${i}`)),
  ).join("")}`;
  const all = readFixture(many).files;

  test("is the last line where most findings are old", async () => {
    const { out } = await retort(["check"], many + only, [], {}, memoryRepository({ "origin/main": all }));
    expect(out.trimEnd().split("\n").at(-1)).toBe(
      '6 of 6 findings are in revisions that are on origin/main already; to judge only what is new, write baseline = "published" into retort.toml, or ask with --changed.',
    );
  });

  test("is not given where most are new, few are found, a baseline is set, or there is no git", async () => {
    const few = new Map([...all].slice(0, 4));
    for (const [text, repo] of [
      [many + only, memoryRepository({ main: few })],
      [source + only, memoryRepository({ main: files })],
      [many + toml('"none"'), memoryRepository({ main: all })],
      [many + only, undefined],
    ] as const)
      expect((await retort(["check"], text, [], {}, repo)).out).not.toContain("baseline =");
  });
});

test("of two heads the one that git does not have follows the other", async () => {
  const two = `${ini}${["a1", "b2", "c3"].map((id) => `-- migrations/versions/${id}.py --\nrevision = "${id}"\ndown_revision = ${id === "a1" ? "None" : '"a1"'}\n`).join("")}`;
  const { files: all } = readFixture(two);
  const main = new Map([...all].filter(([path]) => !path.includes("c3")));
  const move = (repo?: typeof repository) =>
    retort(["refactor", "move-onto-head", "migrations/versions/c3.py", "--write"], two, [], {}, repo);
  const { files: after, code } = await move(memoryRepository({ main }));
  expect([code, after.get("migrations/versions/c3.py")]).toEqual([0, 'revision = "c3"\ndown_revision = "b2"\n']);
  const { err } = await move(memoryRepository({ main: all }));
  expect(err).toContain("c3 is on git's default branch already");
  expect((await move()).code).toBe(0);
});

describe("a revision that others may have run", () => {
  const mixed = `${ini}-- migrations/versions/a1.py --\nrevision = "a1"\ndown_revision = None\nfrom alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.create_table("t", sa.Column("a", sa.Integer()))\n-- migrations/versions/b2.py --\nrevision = "b2"\ndown_revision = "a1"\nfrom alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.add_column("t", sa.Column("b", sa.Integer()))\n    op.execute("UPDATE t SET b = a")\ndef downgrade():\n    pass\n`;
  const { files: all } = readFixture(mixed);
  const split = (...more: readonly string[]) =>
    retort(["split", "migrations/versions/b2.py", ...more], mixed, [], {}, memoryRepository({ main: all }));
  const caution = "b2 is on git's default branch already: a database that has run it keeps what it has";

  test("is not written unless one says so, and then it is", async () => {
    const { code, err, files: untouched } = await split("--write");
    expect([code, err.includes(caution), err.includes("--published"), untouched.size]).toEqual([
      2,
      true,
      true,
      all.size,
    ]);
    const written = await split("--write", "--published");
    expect([written.code, written.err.includes(caution), written.files.size]).toEqual([0, true, all.size + 1]);
  });

  test("is shown with the caution", async () => {
    const { code, err } = await split("--diff");
    expect([code, err.includes(`note: ${caution}`)]).toEqual([0, true]);
  });

  describe("asked of a database", () => {
    const alone = (...more: readonly string[]) => retort(["split", "migrations/versions/b2.py", ...more], mixed);

    test("that only the config could name is known to be none where it names none", async () => {
      const unnamed = mixed.replace(/^sqlalchemy\.url.*$/m, "");
      expect(unnamed).not.toBe(mixed);
      const { err } = await retort(["split", "migrations/versions/b2.py", "--database", "config"], unnamed);
      expect(err).toMatch(/config does not tell the database/);
    });

    test("is not known where nobody asks, which is said of what is written", async () => {
      const unknown = "note: It is not known whether a database has run b2 already; --database URL asks one.";
      expect((await alone("--write")).err).toContain(unknown);
      expect((await alone("--diff")).err).not.toContain(unknown);
      expect((await split("--write", "--published")).err).not.toContain(unknown);
    });

    test.each([
      ["sqlite:///x.db", /^retort: the version table is read from PostgreSQL only, and --database names sqlite/],
      ["nonsense", /what --database gives is no database URL/],
      ["postgresql://me:s3cret@127.0.0.1:1/x", /Nothing answers at 127\.0\.0\.1:1/],
    ])("%s cannot tell, and nothing is written", async (url, why) => {
      const { code, err, files: untouched } = await alone("--write", "--database", url);
      expect([code, untouched.size]).toEqual([2, all.size]);
      expect(err).toMatch(why);
      expect(err).not.toContain("s3cret");
    });
  });
});
