/** Types that a schema makes for itself: enums, composite types and domains. */
import type { AlterDomainStmt, AlterEnumStmt, CompositeTypeStmt, CreateDomainStmt, CreateEnumStmt } from "libpg-query";
import type { Action, Details } from "../action.ts";
import type { AlterCommand } from "../definition.ts";
import { Touches } from "../draft.ts";
import { hasHole, known } from "../hole.ts";
import { readConstraint, readDefault } from "./constraints.ts";
import { named } from "./objects.ts";
import type { SqlText } from "./text.ts";
import { all, as, dotted, isNull, nameOfTable, strings } from "./tree.ts";
import { columnType, renderType, requireType } from "./types.ts";
import { behind } from "./value.ts";

export function createEnum({ typeName, vals }: CreateEnumStmt): Action {
  const name = dotted(typeName);
  const values = strings(vals);
  const enumTypes = name ? [{ name, values: values.some(hasHole) ? undefined : values }] : [];
  return named("create_type", "type", name, new Touches(), {
    typeKind: "enum",
    ...(enumTypes.length > 0 && { enumTypes }),
  });
}

export function alterEnum(alter: AlterEnumStmt): Action {
  const old = known(alter.oldVal ?? alter.newVal);
  const beside = known(alter.newValNeighbor);
  const details: Details = {
    typeKind: "enum",
    enumValue: alter.oldVal === undefined ? "added" : "renamed",
    ...(old !== undefined && {
      value: {
        name: old,
        ...(alter.oldVal !== undefined && known(alter.newVal) !== undefined && { newName: alter.newVal ?? "" }),
        ...(beside !== undefined && (alter.newValIsAfter ? { after: beside } : { before: beside })),
      },
    }),
    ...(alter.skipIfNewValExists && { ifNotExists: true }),
  };
  return named("alter_type", "type", dotted(alter.typeName), new Touches(), details);
}

export function createComposite({ typevar, coldeflist }: CompositeTypeStmt): Action {
  const touches = new Touches();
  const definitions = all(coldeflist, "ColumnDef").flatMap((column) => {
    requireType(touches, column.typeName);
    const name = known(column.colname);
    const sqlType = columnType(column.typeName);
    const type = renderType(column.typeName);
    return name === undefined ? [] : [{ name, ...(type !== undefined && { type }), ...(sqlType && { sqlType }) }];
  });
  return named("create_type", "type", nameOfTable(typevar), touches, { typeKind: "composite", definitions });
}

export function createDomain(create: CreateDomainStmt, text: SqlText): Action {
  const touches = new Touches();
  requireType(touches, create.typeName);
  const inline = all(create.constraints, "Constraint");
  const places = [create.collClause?.location, ...inline.map(({ location }) => location)];
  const value = inline.find(({ contype, raw_expr }) => contype === "CONSTR_DEFAULT" && !isNull(raw_expr));
  const constraints = inline.flatMap((one) =>
    one.contype === "CONSTR_NOTNULL" ? [] : (readConstraint(one, { table: undefined, text }) ?? []),
  );
  const newSqlType = columnType(create.typeName);
  const newType = renderType(create.typeName);
  return named("create_type", "type", dotted(create.domainname), touches, {
    typeKind: "domain",
    ...(newType !== undefined && { newType }),
    ...(newSqlType && { newSqlType }),
    nullable: !inline.some(({ contype }) => contype === "CONSTR_NOTNULL"),
    ...(value && { newDefault: readDefault(value, places, text) }),
    ...(constraints.length > 0 && { constraints }),
  });
}

/** ALTER DOMAIN gives its subcommand as a letter. */
export function alterDomain(alter: AlterDomainStmt, text: SqlText): Action {
  const of = (details: Details): Action =>
    named("alter_type", "type", dotted(alter.typeName), new Touches(), { typeKind: "domain", ...details });
  const about = (command: AlterCommand): Action => {
    const argument = known(alter.name);
    return of({ alteration: { command, ...(argument !== undefined && { argument }) } });
  };
  switch (alter.subtype) {
    case "T":
      return of(
        alter.def && !isNull(alter.def)
          ? { serverDefault: true, newDefault: behind("default", alter.def, text) }
          : { serverDefault: false },
      );
    case "N":
      return of({ nullable: true });
    case "O":
      return of({ nullable: false });
    case "C": {
      const constraint = as(alter.def, "Constraint");
      const read = constraint && readConstraint(constraint, { table: undefined, text });
      return of({ ...(read && { constraints: [read] }), ...(constraint?.skip_validation && { notValid: true }) });
    }
    case "X":
      return about("drop_constraint");
    default:
      return about("alter_constraint");
  }
}
