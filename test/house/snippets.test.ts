/** Snippets: what a person gets who takes every value that is proposed is understood whole, and nothing is found in it. */
import { expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { absolute, openTexts, assertReads } from "../support/project.ts";
import { chains, revisionsOf, snippets } from "../support/snippets.ts";

const project = new Map([
  [
    absolute("alembic.ini"),
    "[alembic]\nscript_location = %(here)s\npath_separator = os\nsqlalchemy.url = postgresql+psycopg://localhost/app\n",
  ],
  [
    absolute("env.py"),
    "from alembic import context\nfrom app.models import metadata\n\ncontext.configure(target_metadata=metadata, transaction_per_migration=True)\n",
  ],
]);

test("every snippet stands in a chain that is tried", () => {
  expect(new Set(chains.flat())).toEqual(new Set(snippets.map(({ prefix }) => prefix)));
});

test.each(chains.map((chain) => [chain.join(", "), chain] as const))("%s: nothing is found", async (_, chain) => {
  const revisions = [...revisionsOf(chain)].map(([name, text]) => [absolute(`versions/${name}`), text] as const);
  const opened = await openTexts(new Map([...project, ...revisions]));
  assertReads(opened);
  const { findings, failures } = check(opened, defaultSettings);
  expect(failures).toEqual([]);
  expect(findings.map(({ path, rule, message }) => `${path} ${rule}: ${message}`)).toEqual([]);
});
