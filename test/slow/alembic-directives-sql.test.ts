/** Whether what is read from a directive is what the SQL says that the real Alembic and SQLAlchemy write for it. */
import { describe, expect, test } from "vitest";
import { actionsOfPython, actionsOfSql, pictureOf, writeSql } from "./written.ts";
import { directives } from "./directive-cases.ts";

const written = await writeSql(directives, "postgresql");

describe("a directive and the SQL that Alembic writes for it say the same", () => {
  for (const [i, code] of directives.entries()) {
    test(code, () => {
      const { sql, error } = written[i] ?? {};
      expect(error).toBeUndefined();
      expect(pictureOf(actionsOfPython(code, "postgresql"))).toEqual(pictureOf(actionsOfSql(sql ?? "", "postgresql")));
    });
  }
});
