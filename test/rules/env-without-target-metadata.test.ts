import { describe, test } from "vitest";
import { envWithoutTargetMetadata as rule } from "../../server/src/rules/env-without-target-metadata.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const settings = mergeSettings([{ preset: "strict" }]);
const env = (lines: string): string => `-- env.py --
from alembic import context
${lines}
-- versions/0001_a.py --
pass
`;

describe("finds", () => {
  test("None", () =>
    flags(
      rule,
      env(`context.configure(connection=c, target_metadata=None)
        ^^^^^^^^^ information: No target_metadata is given here: autogenerate has nothing to compare the database with.`),
      { settings },
    ));
});

describe("allows", () => {
  test.each([
    ["metadata of the models", "from app import Base\ncontext.configure(target_metadata=Base.metadata)"],
    ["metadata made here", "from sqlalchemy import MetaData\ncontext.configure(target_metadata=MetaData())"],
    ["options from elsewhere", "from app import options\ncontext.configure(**options())"],
  ])("%s", (_, lines) => allows(rule, env(lines), { settings }));
});
