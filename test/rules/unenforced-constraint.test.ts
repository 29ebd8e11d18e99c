import { describe, test } from "vitest";
import { unenforcedConstraint as rule } from "../../server/src/rules/unenforced-constraint.ts";
import { allows, flags, marked } from "../support/cases.ts";

describe("finds", () => {
  test("and names the constraint", () =>
    flags(
      rule,
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\n` +
        marked(
          `op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")`,
          `ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID`,
          `warning: ck on t is NOT VALID, and no later revision validates it: old rows may break it.`,
        ) +
        `-- versions/0003_c.py --\nop.add_column("t", sa.Column("b", sa.Integer()))\n`,
    ));
  test("one that is never checked", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT ENFORCED")`,
          `ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT ENFORCED`,
          `warning: ck on t is NOT ENFORCED: nothing is ever checked.`,
        ) +
        ``,
    ));
});

describe("is silent about", () => {
  test.each([
    [
      "the newest revision",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n`,
    ],
    [
      "one that is validated later",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n-- versions/0003_c.py --\nop.execute("ALTER TABLE t VALIDATE CONSTRAINT ck")`,
    ],
    [
      "one that is dropped later",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n-- versions/0003_c.py --\nop.drop_constraint("ck", "t")`,
    ],
    [
      "a table that goes",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n-- versions/0003_c.py --\nop.drop_table("t")`,
    ],
    [
      "what is not known",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n-- versions/0003_c.py --\nfrom app import fix\nfix(op.get_bind())`,
    ],
    [
      "one that is valid",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.create_check_constraint("ck", "t", "a > 0")\n-- versions/0003_c.py --\nop.add_column("t", sa.Column("b", sa.Integer()))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
