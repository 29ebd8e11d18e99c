import { describe, expect, test } from "vitest";
import { ini, mixed, retort } from "./retort.ts";

const file = "migrations/versions/0001_days.py";
const functions = `def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
    op.create_table("nights", sa.Column("moon", sa.Enum("full", "new", name="moon")))


def downgrade():
    op.drop_table("nights")
    op.drop_table("days")
`;
/** With the settings that nobody has chosen. */
const source = (): string => `-- retort.toml --\n${ini}-- ${file} --\n${functions}`;

describe("fix", () => {
  test("lists what it would repair, with its place and rule, and changes nothing", async () => {
    const { code, out, err, files } = await retort(["fix"], source());
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${file}:\\d+: .* \\(enum-left-behind\\)$`, "m"));
    expect(out.trimEnd().split("\n")).toHaveLength(2);
    expect(err).toBe("2 repairs to make in 1 file\n");
    expect(files.get(file)).not.toContain("DROP TYPE");
  });

  test("--write makes all of them, until nothing is left", async () => {
    const { code, files, err } = await retort(["fix", "--write"], source());
    expect(code).toBe(0);
    expect(err).toBe("2 repairs made in 1 file\n");
    const text = files.get(file) ?? "";
    expect(text).toContain("DROP TYPE mood");
    expect(text).toContain("DROP TYPE moon");
    const after = [...files].map(([path, one]) => `-- ${path} --\n${one}`).join("\n");
    expect(await retort(["fix"], after)).toMatchObject({ code: 0, out: "", err: "nothing to repair safely\n" });
  });

  test("--diff shows them as git does", async () => {
    const { out } = await retort(["fix", "--diff", file], source());
    expect(out).toMatch(new RegExp(`^--- a/${file}`, "m"));
    expect(out).toMatch(/^\+ {4}op\.execute\("DROP TYPE mood"\)$/m);
  });

  test("--rule takes only what that rule finds", async () => {
    expect((await retort(["fix", "--rule", "enum-left-behind"], source())).err).toMatch(/^2 repairs/);
    expect((await retort(["fix", "--rule", "enum-created-twice"], source())).err).toBe("nothing to repair safely\n");
    expect(await retort(["fix", "--rule", "nonsense"], source())).toMatchObject({
      code: 2,
      err: 'retort: there is no rule "nonsense"\n',
    });
  });

  test("leaves what is allowed, and what only a person can decide", async () => {
    const allowed = "    # retort: allow enum-left-behind because it stays\n";
    const { out } = await retort(["fix"], source().replace(/ {4}op\.drop_table\("days"/, `${allowed}$&`));
    expect(out.trimEnd().split("\n")).toEqual([expect.stringContaining("moon")]);
    expect(await retort(["fix"], mixed)).toMatchObject({ code: 0, out: "" });
  });

  test("names what is not there", async () => {
    expect(await retort(["fix", "nowhere"], source())).toMatchObject({ code: 2 });
    expect((await retort(["fix", "--diff", "--write"], source())).err).toMatch(/exclude each other/);
  });
});
