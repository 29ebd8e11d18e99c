/** `op.invoke(ops.AddColumnOp(…))`: an operation as an object, which is the directive with other names for some arguments. */
import type { Argument, Call, Value } from "../../syntax/value.ts";

/** A directive's name and the arguments that it would be given. */
export interface Invocation {
  readonly name: string;
  readonly args: readonly Argument[];
}

const renamed: Readonly<Record<string, string>> = {
  modify_nullable: "nullable",
  modify_comment: "comment",
  modify_server_default: "server_default",
  modify_name: "new_column_name",
  modify_type: "type_",
};

/** `CreateTableOp` takes its columns as a list. */
function spread({ value, range }: Argument): readonly Argument[] {
  if (value.kind === "sequence" && value.complete)
    return value.items.map((item) => ({ value: item, range: item.range }));
  return [{ value, range, starred: true }];
}

/** `undefined`: the value is no operation that Alembic comes with. */
export function invocationOf(value: Value | undefined): Invocation | undefined {
  if (value?.kind !== "call" || value.callee.kind !== "reference") return undefined;
  const { path } = value.callee;
  const type = /^alembic\..*\.(\w+)Op$|^alembic\.(\w+)Op$/.exec(path);
  const words = (type?.[1] ?? type?.[2])?.match(/[A-Z]+(?![a-z])|[A-Z][a-z]+/g);
  if (!words) return undefined;
  const name = words.join("_").toLowerCase();
  if (name === "execute_sql") return { name: "execute", args: value.args };
  return { name, args: name === "create_table" ? tableArguments(value) : value.args.map(rename) };
}

const rename = (argument: Argument): Argument => {
  const name = argument.name === undefined ? undefined : renamed[argument.name];
  return name === undefined ? argument : { ...argument, name };
};

function tableArguments({ args }: Call): readonly Argument[] {
  const positional = args.filter(({ name }) => name === undefined);
  const named = args.filter(({ name }) => name !== undefined && name !== "columns");
  const columns = args.find(({ name }) => name === "columns") ?? positional[1];
  return [...positional.slice(0, 1), ...(columns ? spread(columns) : []), ...named];
}
