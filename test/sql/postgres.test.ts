import { describe, expect, test } from "vitest";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

type Row = readonly [sql: string, actions: readonly string[]];

/** The statement as written, through the grammar: each of its actions with all that it touches. */
function expectActions(sql: string, actions: readonly string[]): void {
  const statements = parseSql(sql, "postgresql");
  expect(statements.flatMap((statement) => statement.actions.map(renderAction))).toEqual(actions);
  expect(statements.map(({ range, confidence }) => [sql.slice(range.start, range.end), confidence])).toEqual([
    [sql, "parsed"],
  ]);
}

describe("UPDATE", () => {
  test.each<Row>([
    [
      "UPDATE users SET full_name = first_name || ' ' || last_name WHERE full_name IS NULL",
      [
        "update data users (full_name) hasWhere; update users; update users.full_name; read users.first_name; read users.last_name; read users.full_name",
      ],
    ],
    [
      'UPDATE "Users" u SET "Name" = u.Nick',
      ["update data Users (Name) hasWhere=false; update Users; update Users.Name; read Users.nick"],
    ],
    [
      "UPDATE t SET a = NULL, b = NULL::text",
      ["update data t (a, b) hasWhere=false setsNull; update t; update t.a; update t.b"],
    ],
    ["UPDATE t SET a = NULL, b = 1", ["update data t (a, b) hasWhere=false; update t; update t.a; update t.b"]],
    [
      "UPDATE a SET x = b.y FROM b WHERE a.id = b.a_id",
      ["update data a (x) hasWhere; update a; update a.x; read b; read b.y; read a.id; read b.a_id"],
    ],
    [
      "UPDATE t SET a = (SELECT max(z) FROM u WHERE u.id = t.u_id)",
      ["update data t (a) hasWhere=false; update t; update t.a; read u; read? u.z; read? t.z; read u.id; read t.u_id"],
    ],
    [
      "UPDATE t SET (a, b) = (SELECT x.a, x.b FROM x WHERE x.id = t.id) WHERE t.id IN (SELECT q.id FROM s.q q)",
      [
        "update data t (a, b) hasWhere; update t; update t.a; update t.b; read x; read x.a; read x.b; read x.id; read t.id; read s.q; read s.q.id",
      ],
    ],
    [
      "UPDATE t SET a = nextval('t_a_seq') WHERE b = 'x'::mood",
      ["update data t (a) hasWhere; update t; update t.a; require sequence t_a_seq; read t.b; require type mood"],
    ],
    [
      "UPDATE ONLY t SET data = data || '{\"k\": 1}'::jsonb WHERE data ? 'k' RETURNING id",
      ["update data t (data) hasWhere; update t; update t.data; read t.data; read t.id"],
    ],
  ])("%s", expectActions);
});

describe("INSERT", () => {
  test.each<Row>([
    [
      "INSERT INTO roles (name) VALUES ('x'), (:name)",
      ["insert data roles (name) source=values rows=2; insert roles; insert roles.name"],
    ],
    [
      "INSERT INTO roles SELECT * FROM old_roles",
      ["insert data roles source=query hasWhere=false; insert roles; insert roles.*; read old_roles; read old_roles.*"],
    ],
    [
      "INSERT INTO roles (name) SELECT DISTINCT role FROM users WHERE role IS NOT NULL ON CONFLICT (name) DO NOTHING",
      [
        "insert data roles (name) source=query hasWhere onConflict; insert roles; insert roles.name; read users; read users.role; require index roles; require roles.name",
      ],
    ],
    [
      "INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT ON CONSTRAINT uq DO UPDATE SET b = excluded.b WHERE t.c RETURNING id",
      [
        "insert data t (a, b) source=values rows=1 onConflict; insert t; insert t.a; insert t.b; require constraint uq; update t.b; read t.c; read t.id",
      ],
    ],
    ["INSERT INTO t DEFAULT VALUES", ["insert data t source=values rows=1; insert t; insert t.*"]],
  ])("%s", expectActions);
});

describe("DELETE and TRUNCATE", () => {
  test.each<Row>([
    ["DELETE FROM t", ["delete data t hasWhere=false; delete t"]],
    ["DELETE FROM t USING u WHERE t.id = u.id", ["delete data t hasWhere; delete t; read u; read t.id; read u.id"]],
    [
      "DELETE FROM t a USING t b WHERE a.id < b.id AND a.k = b.k",
      ["delete data t hasWhere; delete t; read t; read t.id; read t.k"],
    ],
    ["TRUNCATE a, b RESTART IDENTITY", ["truncate data a hasWhere=false; delete a; delete b"]],
    ["TRUNCATE a CASCADE", ["truncate data a hasWhere=false cascade incomplete; delete a"]],
  ])("%s", expectActions);
});

describe("MERGE and COPY", () => {
  test.each<Row>([
    [
      "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
      [
        "merge data t (a, id) hasWhere source=query; read s; read t.id; read s.id; update t; update t.a; read s.a; insert t; insert t.id",
      ],
    ],
    ["COPY t (a, b) FROM STDIN", ["copy data t (a, b); insert t; insert t.a; insert t.b"]],
    ["COPY (SELECT a FROM t) TO STDOUT", ["copy read; read t; read t.a"]],
  ])("%s", expectActions);
});

describe("WITH", () => {
  test.each<Row>([
    [
      "WITH d AS (DELETE FROM a RETURNING *), e AS (SELECT x FROM q) INSERT INTO b SELECT d.x FROM d JOIN e ON true",
      [
        "delete data a hasWhere=false; delete a; read a.*",
        "insert data b source=query hasWhere; insert b; insert b.*; read q; read q.x",
      ],
    ],
    [
      "WITH RECURSIVE c AS (SELECT id FROM n UNION ALL SELECT n.id FROM n JOIN c ON n.parent = c.id) UPDATE n SET deep = true FROM c WHERE c.id = n.id",
      ["update data n (deep) hasWhere; update n; update n.deep; read n; read n.id; read n.parent"],
    ],
  ])("%s", expectActions);
});

describe("SELECT", () => {
  test.each<Row>([
    ["SELECT a, count(*) AS c FROM t GROUP BY a ORDER BY c", ["select read t hasWhere=false; read t; read t.a"]],
    [
      "SELECT x.a FROM t x JOIN y USING (k) WHERE EXISTS (SELECT 1 FROM z WHERE z.id = x.id)",
      ["select read t hasWhere; read t; read y; read? t.k; read? y.k; read t.a; read z; read z.id; read t.id"],
    ],
    ["SELECT row_to_json(t) FROM t", ["select read t hasWhere=false; read t; read t.*"]],
    ["SELECT * INTO n FROM t", ["create_table schema n; read t; read t.*; create n"]],
    ["SELECT pg_advisory_xact_lock(1)", ["lock session"]],
    ["SELECT set_config('a', 'b', false)", ['set session "a" setting=a.b']],
    [
      "SELECT setval('t_id_seq', (SELECT max(id) FROM t))",
      ["maintenance maintenance command=SETVAL; require sequence t_id_seq; read t; read t.id"],
    ],
    ["SELECT pg_notify('a', 'b')", ["select read hasWhere=false"]],
    ["VALUES (1), (2)", ["select read hasWhere=false"]],
  ])("%s", expectActions);
});

describe("CREATE TABLE", () => {
  test.each<Row>([
    [
      "CREATE TABLE IF NOT EXISTS s.t (id bigserial PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x', b mood, c int[] REFERENCES u (id))",
      [
        "create_table schema s.t (id, a, b, c) definitions=[id bigserial false true, a varchar(20) false true, b mood true false, c integer[] true false] references=[u] ifNotExists; create s.t; create index s.t; constrain s.t.id; constrain s.t.a; require type mood; require u; require u.id; constrain s.t.c",
      ],
    ],
    [
      "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a + 1) STORED, UNIQUE (a, b), CONSTRAINT k CHECK (b > 0))",
      [
        "create_table schema t (a, b) definitions=[a integer false false identity, b integer true false computed]; create t; read t.a; create index t; constrain t.a; constrain t.b; create constraint k; read t.b",
      ],
    ],
    [
      "CREATE TABLE t (LIKE o INCLUDING ALL) INHERITS (p)",
      ["create_table schema t definitions=[]; create t; require o; require p"],
    ],
    ["CREATE TEMP TABLE tmp AS SELECT id FROM t", ["create_table schema tmp temporary; create tmp; read t; read t.id"]],
    [
      "CREATE TABLE part PARTITION OF t FOR VALUES IN (1)",
      ["create_table schema part definitions=[]; create part; alter t"],
    ],
  ])("%s", expectActions);
});

describe("ALTER TABLE", () => {
  test.each<Row>([
    [
      "ALTER TABLE t ADD COLUMN a text NOT NULL, ADD b int NOT NULL DEFAULT 0, ADD IF NOT EXISTS c int REFERENCES u (id)",
      [
        "add_column schema t (a) definitions=[a text false false]; alter t; create t.a; constrain t.a",
        "add_column schema t (b) definitions=[b integer false true]; alter t; create t.b; constrain t.b",
        "add_column schema t (c) definitions=[c integer true false] referencedTable=u references=[u] ifNotExists; alter t; create t.c; require u; require u.id; constrain t.c",
      ],
    ],
    [
      "ALTER TABLE t DROP COLUMN IF EXISTS a CASCADE, DROP b",
      [
        "drop_column schema t (a) ifExists cascade incomplete; alter t; drop t.a",
        "drop_column schema t (b); alter t; drop t.b",
      ],
    ],
    [
      "ALTER TABLE t ALTER a TYPE numeric(10,2) USING a::numeric, ALTER b SET NOT NULL, ALTER c DROP NOT NULL",
      [
        "alter_column schema t (a) newType=numeric(10,2); alter t; alter t.a; read t.a",
        "alter_column schema t (b) nullable=false; alter t; alter t.b; constrain t.b",
        "alter_column schema t (c) nullable; alter t; alter t.c; relax t.c",
      ],
    ],
    [
      "ALTER TABLE t ALTER a SET DEFAULT now(), ALTER b DROP DEFAULT, ALTER c SET STATISTICS 10",
      [
        "alter_column schema t (a) serverDefault; alter t; alter t.a",
        "alter_column schema t (b) serverDefault=false; alter t; alter t.b",
        'alter_table schema t "c" tuning alteration=set_statistics.c; alter t',
      ],
    ],
    [
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.u (id) NOT VALID",
      [
        'create_foreign_key schema t "fk" (a) constraintType=foreignkey notValid referencedTable=s.u; alter t; require t.a; require s.u; require s.u.id; create constraint fk',
      ],
    ],
    ["ALTER TABLE t VALIDATE CONSTRAINT fk", ['validate_constraint schema t "fk"; constrain t; require constraint fk']],
    [
      "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0 AND b IS NOT NULL)",
      [
        'create_check_constraint schema t "ck" (a, b) constraintType=check; alter t; require t.a; require t.b; create constraint ck; read t.a; read t.b; constrain t.a; constrain t.b',
      ],
    ],
    [
      "ALTER TABLE t ADD UNIQUE (a, b), ADD PRIMARY KEY (id)",
      [
        "create_unique_constraint schema t (a, b) constraintType=unique unique; alter t; require t.a; require t.b; create index t; constrain t.a; constrain t.b",
        "create_primary_key schema t (id) constraintType=primary unique; alter t; require t.id; create index t; constrain t.id",
      ],
    ],
    [
      "ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX ix",
      [
        'create_unique_constraint schema t "uq" constraintType=unique unique; alter t; create constraint uq; create index t; constrain t; require index ix',
      ],
    ],
    [
      "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (room WITH =, during WITH &&)",
      [
        'create_exclude_constraint schema t "ex" (room, during) constraintType=exclude expression; alter t; require t.room; require t.during; create constraint ex; constrain t.room; constrain t.during',
      ],
    ],
    [
      "ALTER TABLE IF EXISTS t DROP CONSTRAINT IF EXISTS ck",
      ['drop_constraint schema t "ck" ifExists; alter t; relax t; drop constraint ck'],
    ],
    ["ALTER TABLE t RENAME a TO b", ["alter_column schema t (a) newName=b; alter t; rename t.a; create t.b"]],
    ["ALTER TABLE s.t RENAME TO u", ["rename_table schema s.t newName=u; rename s.t; create s.u"]],
    [
      "ALTER TABLE t RENAME CONSTRAINT a TO b",
      ['rename_constraint schema t "a" newName=b; alter t; rename constraint a; create constraint b'],
    ],
    [
      "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)",
      ['alter_table schema t "p" alteration=attach_partition.p.FOR VALUES IN (1); alter t; alter p; constrain p'],
    ],
    [
      "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
      ['alter_table schema t "p" concurrently alteration=detach_partition.p; alter t; alter p'],
    ],
    [
      "ALTER TABLE t DISABLE TRIGGER ALL, ENABLE ROW LEVEL SECURITY, OWNER TO me",
      [
        "alter_table schema t triggers=disabled alteration=disable_trigger; alter t",
        "alter_table schema t alteration=enable_row_security; alter t",
        "alter_table schema t alteration=owner_to.me; alter t",
      ],
    ],
    [
      "ALTER TABLE t DISABLE TRIGGER USER, DISABLE TRIGGER a, ENABLE TRIGGER ALL, ENABLE REPLICA TRIGGER a",
      [
        "alter_table schema t triggers=disabled alteration=disable_trigger; alter t",
        'alter_table schema t "a" triggers=disabled alteration=disable_trigger.a; alter t',
        "alter_table schema t triggers=enabled alteration=enable_trigger; alter t",
        'alter_table schema t "a" triggers=enabled alteration=enable_trigger.a; alter t',
      ],
    ],
    [
      "ALTER TABLE t SET (fillfactor = 70), RESET (fillfactor), CLUSTER ON ix, SET (user_catalog_table = true)",
      [
        "alter_table schema t tuning alteration=set_options.fillfactor; alter t",
        "alter_table schema t tuning alteration=reset_options.fillfactor; alter t",
        'alter_table schema t "ix" tuning alteration=cluster_on.ix; alter t',
        "alter_table schema t alteration=set_options.user_catalog_table; alter t",
      ],
    ],
    ["ALTER TABLE t SET SCHEMA z", ["alter_table schema t alteration=set_schema.z; rename t; create z.t"]],
  ])("%s", expectActions);
});

describe("Indexes", () => {
  test.each<Row>([
    ["CREATE INDEX ON t (a)", ["create_index schema t (a); require t; require t.a"]],
    [
      "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a, lower(b)) INCLUDE (z) WHERE c IS NULL",
      [
        'create_index schema s.t "i" (a, b) unique concurrently expression ifNotExists; require s.t; create index s.i; create index s.t; require s.t.a; require s.t.b; require s.t.z; require s.t.c; read s.t.b; read s.t.c; constrain s.t.a; constrain s.t.b',
      ],
    ],
    ["DROP INDEX CONCURRENTLY IF EXISTS s.i", ['drop_index schema "i" ifExists concurrently; drop index s.i']],
    ["ALTER INDEX i RENAME TO j", ['rename_index schema "i" newName=j; rename index i; create index j']],
    [
      "REINDEX INDEX CONCURRENTLY i",
      ['maintenance maintenance "i" command=REINDEX INDEX concurrently; require index i'],
    ],
  ])("%s", expectActions);
});

describe("Types, domains, sequences, extensions, schemas", () => {
  test.each<Row>([
    ["CREATE TYPE mood AS ENUM ('a', 'b')", ['create_type schema "mood"; create type mood']],
    [
      "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'c'",
      ['alter_type schema "mood" enumValue=added ifNotExists; alter type mood'],
    ],
    ["ALTER TYPE mood RENAME VALUE 'a' TO 'z'", ['alter_type schema "mood" enumValue=renamed; alter type mood']],
    [
      "ALTER TYPE mood RENAME TO humour",
      ['alter_type schema "mood" newName=humour; rename type mood; create type humour'],
    ],
    ["DROP TYPE mood", ['drop_type schema "mood"; drop type mood']],
    ["CREATE DOMAIN d AS text CHECK (value <> '')", ['create_type schema "d" newType=text nullable; create type d']],
    ["CREATE SEQUENCE q", ['create_sequence schema "q"; create sequence q']],
    ["ALTER SEQUENCE q OWNED BY t.id", ['alter_sequence schema "q"; require t; require t.id; alter sequence q']],
    ["DROP SEQUENCE q", ['drop_sequence schema "q"; drop sequence q']],
    [
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"',
      ['create_extension schema "uuid-ossp" ifNotExists; create extension uuid-ossp'],
    ],
    ["CREATE SCHEMA IF NOT EXISTS z", ['create_schema schema "z" ifNotExists; create schema z']],
    ["DROP SCHEMA z CASCADE", ['drop_schema schema "z" cascade incomplete; drop schema z']],
  ])("%s", expectActions);
});

describe("Views, functions, triggers, policies", () => {
  test.each<Row>([
    [
      "CREATE OR REPLACE VIEW v AS SELECT a FROM t",
      ['create_view schema "v" orReplace; read t; read t.a; create view v'],
    ],
    [
      "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t",
      ['create_view schema "mv" materialized; create view mv; read t; read t.a'],
    ],
    ["DROP MATERIALIZED VIEW mv", ['drop_view schema "mv" materialized; drop view mv']],
    [
      "CREATE FUNCTION f(x int) RETURNS trigger AS $$ BEGIN UPDATE t SET a = 1; END $$ LANGUAGE plpgsql",
      ['create_function schema "f" language=plpgsql; create function f'],
    ],
    [
      "CREATE FUNCTION g() RETURNS void BEGIN ATOMIC DELETE FROM t; SELECT 1; END",
      ['create_function schema "g"; create function g'],
    ],
    ["DROP FUNCTION f(int)", ['drop_function schema "f"; drop function f']],
    [
      "CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
      ['create_trigger schema t "tr" (a); alter t; require t.a; create trigger tr; require function f'],
    ],
    ["DROP TRIGGER IF EXISTS tr ON s.t", ['drop_trigger schema s.t "tr" ifExists; alter s.t; drop trigger s.tr']],
    [
      "CREATE POLICY p ON t USING (owner = current_user)",
      ['create_policy schema t "p"; alter t; create policy p; read t.owner'],
    ],
    ["DROP POLICY p ON t", ['drop_policy schema t "p"; alter t; drop policy p']],
  ])("%s", expectActions);
});

describe("Maintenance, session, transaction", () => {
  test.each<Row>([
    [
      "COMMENT ON COLUMN s.t.a IS 'x'",
      ["maintenance maintenance s.t (a) command=COMMENT comment=x; require s.t; require s.t.a"],
    ],
    ["COMMENT ON TABLE t IS 'x'", ["create_table_comment maintenance t command=COMMENT comment=x; require t"]],
    ["GRANT SELECT ON t TO bob", ["maintenance maintenance t command=GRANT; require t"]],
    ["REVOKE ALL ON ALL TABLES IN SCHEMA public FROM bob", ["maintenance maintenance command=REVOKE"]],
    ["ANALYZE t", ["maintenance maintenance t command=ANALYZE; require t"]],
    ["VACUUM", ["maintenance maintenance command=VACUUM"]],
    ["CLUSTER t USING i", ["maintenance maintenance t command=CLUSTER alteration=cluster_on.i; require t"]],
    [
      "REFRESH MATERIALIZED VIEW CONCURRENTLY mv",
      ['maintenance maintenance "mv" command=REFRESH MATERIALIZED VIEW materialized concurrently; require view mv'],
    ],
    ["SET LOCAL lock_timeout = '2s'", ['set session "lock_timeout" setting=lock_timeout.2s.true']],
    ["RESET ALL", ["set session"]],
    ["SHOW server_version", ['set session "server_version"']],
    ["LOCK TABLE t IN ACCESS EXCLUSIVE MODE", ["lock session t lockMode=AccessExclusiveLock; require t"]],
    ["BEGIN", ['transaction transaction "begin"']],
    ["COMMIT", ['transaction transaction "commit"']],
    ["ROLLBACK TO SAVEPOINT a", ['transaction transaction "rollback_to"']],
    ["CALL p(1)", ['call unknown "p" incomplete']],
    ["EXPLAIN UPDATE t SET a = 1", ["select read"]],
    ["EXPLAIN ANALYZE UPDATE t SET a = 1", ["update data t (a) hasWhere=false; update t; update t.a"]],
  ])("%s", expectActions);
});

describe("DO", () => {
  test.each<Row>([
    [
      "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM ('a'); END IF; END $$",
      ['create_type schema "x"; create type x'],
    ],
    [
      "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM u LOOP UPDATE t SET a = r.id WHERE b = r.id; END LOOP; END $$",
      ["do read; read u; read u.id", "update data t (a) hasWhere; update t; update t.a; read t.b"],
    ],
    [
      "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN a', 't'); EXECUTE 'DELETE FROM q'; END $$",
      ["drop_column schema t (a); alter t; drop t.a", "delete data q hasWhere=false; delete q"],
    ],
    ["DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", ["do read"]],
    ["DO $$ BEGIN half a statement; END $$", ["do unknown incomplete"]],
    ["DO LANGUAGE plpython3u $$ pass $$", ["do unknown incomplete"]],
  ])("%s", expectActions);
});
