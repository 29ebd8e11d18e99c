import { describe, expect, test } from "vitest";
import { passwordInConfig as rule } from "../../server/src/rules/password-in-config.ts";
import { check } from "../../server/src/rules/check.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";

const config = (url: string): string => `-- alembic.ini --
[alembic]
script_location = %(here)s
sqlalchemy.url = ${url}
-- versions/0001_a.py --
pass
`;

describe("finds", () => {
  test("the password and nothing else of the URL", () =>
    flags(
      rule,
      config(`postgresql+psycopg://app:s3cr3t@db.example.com/app
                                          ^^^^^^ warning: A password stands here in plain text; let env.py take it from the environment, and change it.`),
    ));

  test("and never says it", async () => {
    const { project } = await openFixture(config("postgresql://app:s3cr3t@db.example.com/app"));
    const { findings } = check(project, defaultSettings, [rule]);
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain("s3cr3t");
  });
});

describe("allows", () => {
  test.each([
    ["a part that is given elsewhere", "postgresql://app:%(PASSWORD)s@db.example.com/app"],
    ["a placeholder", "postgresql://app:changeme@db.example.com/app"],
    ["this machine", "postgresql://app:app@127.0.0.1:5432/app"],
    ["a file", "sqlite:///app.db"],
    ["a port", "postgresql://db.example.com:5432/app"],
  ])("%s", (_, url) => allows(rule, config(url)));
});
