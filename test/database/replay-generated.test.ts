/** Random histories, run by the real Alembic on a real PostgreSQL and played by the replay: the same schema. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type pg from "pg";
import { loadEngine } from "../../server/src/host/engine.ts";
import { readRevision } from "../../server/src/model/read.ts";
import type { Environment } from "../../server/src/schema/replay/environment.ts";
import { playDirection } from "../../server/src/schema/replay/replay.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { usePython } from "./alembic.ts";
import { choicesFrom, makers, numbers } from "./histories.ts";
import { useDatabases } from "./postgres.ts";
import { compareFacts, factsOf, makeAnew } from "./replayed.ts";

const histories = 500;
const databases = useDatabases();
const python = usePython<{ readonly url: string; readonly statements: readonly string[] }>("run_operations.py");

beforeAll(() => loadEngine());

/** The convention that SQLAlchemy's metadata has of itself. */
const environment: Environment = { dialect: "postgresql", namingConvention: new Map() };

function play(before: KnownSchema, statement: string): ReturnType<typeof playDirection> {
  const text = `from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\nrevision = "a"\ndown_revision = None\n\n\ndef upgrade():\n    ${statement}\n`;
  const [upgrade] = readRevision("versions/a.py", text, { dialect: "postgresql" }).upgrades;
  if (!upgrade) throw new Error("there is no upgrade");
  return playDirection(before, upgrade, environment);
}

/** Statements that fit the schema which those before lead to. */
function generate(chosen: readonly number[]): readonly string[] {
  const choose = choicesFrom(chosen);
  const statements: string[] = [];
  let schema = new KnownSchema();
  const length = choose.count(6, 16);
  for (let i = 0; i < length; i += 1) {
    const make = statements.length < 2 ? makers[0] : choose.of(makers);
    const statement = make?.(choose, schema);
    if (statement === undefined) continue;
    statements.push(statement);
    schema = play(schema, statement).after;
  }
  return statements;
}

interface Outcome {
  readonly statements: readonly string[];
  readonly differences: readonly string[];
  readonly contradictions: readonly string[];
  readonly doubts: readonly string[];
  readonly refused: number;
}

async function compare(
  statements: readonly string[],
  real: pg.Client,
  scratch: pg.Client,
  url: string,
): Promise<Outcome> {
  const refused = (await python.run({ url, statements })) as (string | null)[];
  const run = statements.filter((_, index) => refused[index] === null);
  let schema = new KnownSchema();
  const contradictions: string[] = [];
  for (const statement of run) {
    const played = play(schema, statement);
    schema = played.after;
    contradictions.push(...played.contradictions.map(({ message }) => message));
  }
  await scratch.query("SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  const failures = await makeAnew(scratch, schema);
  const { differences } = compareFacts(await factsOf(real), await factsOf(scratch), failures);
  const doubts = [...schema.tables].flatMap(({ doubt }) => doubt ?? []);
  return { statements: run, differences, contradictions, doubts, refused: statements.length - run.length };
}

test(`the schema is the same in ${String(histories)} random histories`, async () => {
  const server = databases.server();
  const [real, scratch] = [await databases.create(), await databases.create()];
  const url = server.url(real).replace("postgresql://", "postgresql+psycopg://");
  let statements = 0;
  let refused = 0;
  let doubtful = 0;
  await server.withClient(real, (realClient) =>
    server.withClient(scratch, (scratchClient) =>
      fc.assert(
        fc.asyncProperty(numbers, async (chosen) => {
          const outcome = await compare(generate(chosen), realClient, scratchClient, url);
          statements += outcome.statements.length;
          refused += outcome.refused;
          if (outcome.doubts.length > 0) doubtful += 1;
          else expect(outcome).toMatchObject({ differences: [], contradictions: [] });
        }),
        { numRuns: histories, seed: 20_260, endOnFailure: true },
      ),
    ),
  );
  // What the generator makes is mostly accepted, and mostly known for certain: else nothing is proven.
  expect(refused / (statements + refused)).toBeLessThan(0.25);
  expect(doubtful / histories).toBeLessThan(0.25);
});
