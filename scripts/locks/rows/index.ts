/** Every row of the table of operations, in the order of the page. */
import type { Family, Row } from "../row.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { indexes } from "./indexes.ts";
import { rows } from "./rows.ts";
import { tables } from "./tables.ts";
import { types } from "./types.ts";

export const families: readonly Family[] = [...columns, ...types, ...constraints, ...indexes, ...tables, ...rows];

export const allRows: readonly Row[] = families.flatMap((family) => family.rows);
