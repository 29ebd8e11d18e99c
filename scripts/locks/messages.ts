/** What the server itself says of a statement at `client_min_messages = debug1`. */
import type pg from "pg";
import { tablesOfConstraint } from "./catalog.ts";

/** The server's messages while `act` runs. */
export async function listen(client: pg.Client, act: () => Promise<unknown>): Promise<readonly string[]> {
  const messages: string[] = [];
  const hear = ({ message }: { readonly message?: string | undefined }): void => void messages.push(message ?? "");
  await client.query("SET client_min_messages = debug1");
  client.on("notice", hear);
  try {
    await act();
  } finally {
    client.removeListener("notice", hear);
  }
  await client.query("RESET client_min_messages");
  return messages;
}

interface Said {
  readonly scans: readonly number[];
  readonly builds: readonly number[];
  readonly checksReferences: boolean;
}

/** The four things that the server says at `debug1`, in its own words. */
export async function understand(client: pg.Client, messages: readonly string[]): Promise<Said> {
  const named = (start: string): readonly string[] =>
    messages.filter((text) => text.startsWith(start)).map((text) => text.slice(start.length).split('"')[0] ?? "");
  const builds = messages
    .filter((text) => text.startsWith('building index "'))
    .map((text) => text.split('" on table "')[1]?.split('"')[0] ?? "");
  const constraints = named('validating foreign key constraint "');
  const scans = await oidsOf(client, [...named('verifying table "'), ...builds]);
  const checked: number[] = [];
  for (const name of constraints) checked.push(...(await tablesOfConstraint(client, name)));
  return {
    scans: [...scans, ...checked],
    builds: await oidsOf(client, builds),
    checksReferences: constraints.length > 0,
  };
}

async function oidsOf(client: pg.Client, names: readonly string[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ oid: number }>("SELECT oid::int FROM pg_class WHERE relname = ANY ($1)", [
    names,
  ]);
  return rows.map(({ oid }) => oid);
}
