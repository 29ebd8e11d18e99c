import { test } from "vitest";
import { exclusionConstraint as rule } from "../../server/src/rules/exclusion-constraint.ts";
import { allows, flags } from "../support/cases.ts";

test("finds one on an existing table, and says who waits", () =>
  flags(
    rule,
    `
op.create_exclude_constraint("ex", "bookings", ("period", "&&"), using="gist")
   ^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the exclusion constraint ex builds an index; meanwhile nobody can read or write bookings.
`,
  ));

test("allows one of a table that is dropped after", () =>
  allows(
    rule,
    `op.create_exclude_constraint("ex", "bookings", ("period", "&&"), using="gist")\nop.drop_table("bookings")\n`,
  ));
