import type { Family } from "../row.ts";

export const constraints: readonly Family[] = [
  {
    title: "Checks, keys and exclusion constraints",
    rows: [
      { sql: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0)" },
      { sql: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID" },
      { sql: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT ENFORCED" },
      { sql: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NO INHERIT" },
      { sql: "ALTER TABLE events ADD CONSTRAINT whole CHECK (id > 0)", about: "A partitioned table." },
      { sql: "ALTER TABLE events ADD CONSTRAINT whole CHECK (id > 0) NOT VALID" },
      {
        given: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID",
        sql: "ALTER TABLE users VALIDATE CONSTRAINT grown",
      },
      {
        given: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0)",
        sql: "ALTER TABLE users VALIDATE CONSTRAINT grown",
        about: "It is valid already.",
      },
      {
        given: "ALTER TABLE events ADD CONSTRAINT whole CHECK (id > 0) NOT VALID",
        sql: "ALTER TABLE events VALIDATE CONSTRAINT whole",
      },
      { sql: "ALTER TABLE users ADD CONSTRAINT one UNIQUE (email)" },
      { sql: "ALTER TABLE users ADD CONSTRAINT one UNIQUE (email) DEFERRABLE" },
      { sql: "ALTER TABLE users ADD CONSTRAINT one UNIQUE NULLS NOT DISTINCT (email)" },
      { sql: "ALTER TABLE events ADD CONSTRAINT one UNIQUE (id, kind)" },
      {
        given: "CREATE UNIQUE INDEX ix ON users (email)",
        sql: "ALTER TABLE users ADD CONSTRAINT one UNIQUE USING INDEX ix",
      },
      { sql: "ALTER TABLE lone ADD PRIMARY KEY (id)", about: "The column may be NULL: that is checked, too." },
      { given: "ALTER TABLE lone ALTER id SET NOT NULL", sql: "ALTER TABLE lone ADD PRIMARY KEY (id)" },
      {
        given: "ALTER TABLE lone ADD CONSTRAINT filled CHECK (id IS NOT NULL)",
        sql: "ALTER TABLE lone ADD PRIMARY KEY (id)",
      },
      {
        given: "CREATE UNIQUE INDEX ix ON lone (id)",
        sql: "ALTER TABLE lone ADD CONSTRAINT k PRIMARY KEY USING INDEX ix",
        about: "The column may be NULL.",
      },
      {
        given: "CREATE UNIQUE INDEX ix ON lone (id); ALTER TABLE lone ALTER id SET NOT NULL",
        sql: "ALTER TABLE lone ADD CONSTRAINT k PRIMARY KEY USING INDEX ix",
      },
      { sql: "ALTER TABLE events ADD PRIMARY KEY (id, kind)" },
      { sql: "ALTER TABLE users ADD CONSTRAINT apart EXCLUDE USING gist (int4range(id, id + 1) WITH &&)" },
      { sql: "ALTER TABLE users ADD CONSTRAINT apart EXCLUDE USING btree (email WITH =)" },
      {
        given: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0)",
        sql: "ALTER TABLE users DROP CONSTRAINT grown",
      },
      { given: "ALTER TABLE users ADD CONSTRAINT one UNIQUE (email)", sql: "ALTER TABLE users DROP CONSTRAINT one" },
      { sql: "ALTER TABLE teams DROP CONSTRAINT teams_pkey" },
      { sql: "ALTER TABLE users DROP CONSTRAINT IF EXISTS nothing" },
      {
        sql: "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE",
        about: "The foreign keys that need it go with it.",
      },
      {
        given: "ALTER TABLE events ADD CONSTRAINT whole CHECK (id > 0)",
        sql: "ALTER TABLE events DROP CONSTRAINT whole",
      },
      {
        within: "CREATE TABLE fresh (id integer)",
        sql: "ALTER TABLE fresh ADD CONSTRAINT one UNIQUE (id)",
        about: "Made in the same transaction.",
      },
    ],
  },
  {
    title: "Foreign keys",
    rows: [
      { sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams" },
      { sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE" },
      { sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams NOT VALID" },
      { sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams NOT ENFORCED" },
      { sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES users", about: "To itself." },
      {
        sql: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        about: "Of a partitioned table.",
      },
      { sql: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams NOT VALID" },
      {
        given: "ALTER TABLE events ADD UNIQUE (id, kind); DELETE FROM lone",
        sql: "ALTER TABLE lone ADD CONSTRAINT fk FOREIGN KEY (id, kind) REFERENCES events (id, kind)",
        about: "To a partitioned table, from one without rows.",
      },
      {
        given: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams NOT VALID",
        sql: "ALTER TABLE users VALIDATE CONSTRAINT fk",
      },
      {
        given: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams",
        sql: "ALTER TABLE users VALIDATE CONSTRAINT fk",
        about: "It is valid already.",
      },
      { sql: "ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey" },
      {
        given: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        sql: "ALTER TABLE events DROP CONSTRAINT fk",
      },
      {
        given: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        sql: "ALTER TABLE events ATTACH PARTITION lone FOR VALUES IN (3)",
        about: "The partition gets the foreign key.",
      },
      {
        given: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        sql: "ALTER TABLE events DETACH PARTITION events_1",
      },
      {
        given: "ALTER TABLE events ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        sql: "CREATE TABLE events_3 PARTITION OF events FOR VALUES IN (3)",
      },
      {
        given: "CREATE TABLE child () INHERITS (lone); INSERT INTO child VALUES (1, now(), 3)",
        sql: "ALTER TABLE lone ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        about: "Tables that inherit get no foreign key.",
      },
      { sql: "ALTER TABLE posts ALTER CONSTRAINT posts_user_id_fkey DEFERRABLE" },
      { sql: "ALTER TABLE posts ALTER CONSTRAINT posts_user_id_fkey NOT ENFORCED" },
      {
        within: "CREATE TABLE fresh (id integer)",
        sql: "ALTER TABLE fresh ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES teams",
        about: "Of a table made in the same transaction.",
      },
      {
        within: "CREATE TABLE fresh (id integer PRIMARY KEY)",
        sql: "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES fresh NOT VALID",
        about: "To a table made in the same transaction.",
      },
      { sql: "ALTER TABLE posts ADD CHECK (id > 0), ADD FOREIGN KEY (id) REFERENCES teams NOT VALID" },
    ],
  },
];
