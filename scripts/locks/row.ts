/** One row of the table of operations: what is done, to which schema, and in which circumstances. */
import type { LockMode, PostgresVersion } from "../../server/src/locks/impact.ts";

export interface Row {
  readonly sql: string;
  /** Committed before: what the base schema lacks for this row. */
  readonly given?: string;
  /** Done before in the same transaction. */
  readonly within?: string;
  /** Where the SQL does not show what matters. */
  readonly about?: string;
  /** Why nothing is predicted. */
  readonly untold?: string;
}

export interface Family {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What a server showed. Only relations that were there before the transaction count; by name, sorted. */
export interface Measured {
  readonly locks: Readonly<Record<string, LockMode>>;
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly builds: readonly string[];
  readonly transactional: boolean;
  readonly waits: boolean;
}

/** The server refuses the statement with this SQLSTATE. */
export interface Refused {
  readonly error: string;
}

export type Seen = Measured | Refused;

/** By version, what was seen of a row. */
export type SeenByVersion = Readonly<Record<PostgresVersion, Seen>>;

/** What a row is called in the stored measurements: unique among all rows. */
export const keyOf = ({ sql, given, within }: Row): string =>
  [...(given === undefined ? [] : [given]), ...(within === undefined ? [] : [`BEGIN; ${within}`]), sql].join(" -- ");

/** The schema that every row meets. All tables have rows: what is read or written is then seen. */
export const base = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN label AS text;
CREATE TABLE teams (id integer PRIMARY KEY, name text);
CREATE TABLE users (
  id integer PRIMARY KEY, team_id integer, name text, email varchar(50), code char(5), age integer,
  score numeric(10,2), bits bit varying(8), created timestamp, seen timestamptz, born date, doc json, feeling mood
);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer REFERENCES users, title text);
CREATE TABLE events (id integer, day date, kind integer) PARTITION BY LIST (kind);
CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2);
CREATE TABLE lone (id integer, day date, kind integer);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
`;

export const baseRows = `
INSERT INTO teams SELECT i, 'team ' || i FROM generate_series(1, 3) i;
INSERT INTO users (id, team_id, name, email, code, age, score, bits, created, seen, born, doc, feeling)
  SELECT i, i, 'name ' || i, 'e' || i, 'c', 20 + i, i, B'1', now(), now(), now(), '{}', 'ok' FROM generate_series(1, 3) i;
INSERT INTO posts SELECT i, 1, 'title ' || i FROM generate_series(1, 3) i;
INSERT INTO events SELECT i, now(), 1 + i % 2 FROM generate_series(1, 3) i;
INSERT INTO lone SELECT i, now(), 3 FROM generate_series(1, 3) i;
`;
