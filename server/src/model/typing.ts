/**
 * What a person is about to write at a place of a revision file, by the call or the assignment around it: a name of
 * something in the schema, SQL, an option of a directive, the id of a revision.
 */
import type { QualifiedName } from "../sql/action.ts";
import type { Lexeme, StringToken } from "../syntax/lexemes.ts";
import { assignedTo } from "../syntax/assigned.ts";
import { callIn, escapeLiteral, literalText, typedAt, type OpenBracket, type Typed } from "../syntax/typed.ts";
import { range, type Range } from "../text/range.ts";
import { directive } from "./calls/directives/index.ts";
import { beginsStatement, blankedSql } from "./typed-sql.ts";

export type NameOf =
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "schema"
  /** A key of a row that is inserted. */
  | "row_key"
  | "enum_type"
  /** `table.column`, as of `sa.ForeignKey`. */
  | "target"
  | "constraint_type"
  | "referential_action";

/** Where the text goes. */
export interface Slot {
  readonly range: Range;
  /** How a text is written there; undefined where it cannot be. */
  readonly escape: (text: string) => string | undefined;
}

export type Typing =
  | {
      readonly kind: "name";
      readonly of: NameOf;
      /** Of a column, a constraint or an index: its table, where that is known. */
      readonly table?: QualifiedName;
      /** That tables are looked for in; undefined: the server's default. */
      readonly schema?: string;
      /** Of a key of a row: the columns that the table is written with, where any are; and the keys that the row has. */
      readonly row?: { readonly columns: readonly string[]; readonly given: readonly string[] };
      /** `foreignkey`, `unique` …: the constraint is one of these. */
      readonly constraintType?: string;
      /** What stands there before the place. */
      readonly written: string;
      readonly slot: Slot;
      /** Where the call of the directive begins. */
      readonly at: number;
    }
  | {
      readonly kind: "sql";
      /** As wide as the source, so that a place in it is one there: what is no SQL is blank, what is computed a hole. */
      readonly sql: string;
      /** Where it begins in the file. */
      readonly start: number;
      /** Tables that a condition or an expression is about. */
      readonly own: readonly QualifiedName[];
      /** Of the literal that the place is in. */
      readonly slot: Slot;
      readonly at: number;
    }
  | {
      readonly kind: "option";
      readonly directive: string;
      readonly isBatch: boolean;
      /** Those that are given already. */
      readonly given: readonly string[];
      readonly range: Range;
    }
  | { readonly kind: "revision"; readonly slot: Slot; readonly written: string };

/** @param op the name of `alembic.op` in the file */
export function typingAt(text: string, offset: number, op = "op"): Typing | undefined {
  const typed = typedAt(text, offset);
  if (!typed) return undefined;
  const reader = new TypingReader(text, offset, typed, op);
  return typed.string ? reader.inString(typed.string) : reader.atArgument();
}

interface Call {
  readonly name: string;
  /** `undefined` where it is no directive of `op` or of a batch. */
  readonly on: "op" | "batch" | undefined;
  readonly bracket: OpenBracket;
  /** The call of `batch_alter_table`, where it can be seen. */
  readonly batch?: OpenBracket;
}

/** The argument that a place is in. */
interface Place {
  readonly call: Call;
  readonly parameter: string | undefined;
  /** Calls around that one, the innermost first. */
  readonly outer: readonly Call[];
}

class TypingReader {
  readonly #text: string;
  readonly #offset: number;
  readonly #typed: Typed;
  readonly #op: string;

  constructor(text: string, offset: number, typed: Typed, op: string) {
    this.#text = text;
    this.#offset = offset;
    this.#typed = typed;
    this.#op = op;
  }

  /** Where an argument begins: the options of the directive. */
  atArgument(): Typing | undefined {
    const [bracket] = this.#typed.open;
    const argument = bracket?.arguments[bracket.current];
    if (bracket?.bracket !== "(" || argument === undefined || argument.keyword !== undefined) return undefined;
    const isAlone = argument.tokens.every(
      ({ start, end }) => start === this.#typed.word.start && end === this.#typed.word.end,
    );
    const call = this.#callOf(bracket);
    if (!isAlone || call.on === undefined) return undefined;
    const given = bracket.arguments.flatMap(({ keyword }) => keyword ?? []);
    const positional = bracket.arguments
      .slice(0, bracket.current)
      .filter(({ keyword }) => keyword === undefined).length;
    return {
      kind: "option",
      directive: call.name,
      isBatch: call.on === "batch",
      given: [
        ...given,
        ...parametersOf(call)
          .slice(0, positional)
          .map((spelled) => spelled.split("|")[0] ?? spelled),
      ],
      range: this.#typed.word,
    };
  }

  inString(string: StringToken): Typing | undefined {
    if (string.prefix.includes("b")) return undefined;
    // A name is on one line.
    const isOnOneLine = !/[\r\n]/.test(this.#text.slice(string.content.start, this.#offset));
    const revision = isOnOneLine ? this.#revision(string) : undefined;
    if (revision) return revision;
    const key = isOnOneLine ? this.#rowKey(string) : undefined;
    if (key) return key;
    const place = this.#argument();
    return (isOnOneLine ? this.#name(place, string) : undefined) ?? this.#sql(place, string);
  }

  #revision(string: StringToken): Typing | undefined {
    const [name, ...rest] = this.#typed.statement;
    if (name?.kind !== "name" || this.#indentOf(name.start) > 0) return undefined;
    const isLink = ["down_revision", "depends_on"].includes(this.#written(name));
    if (!isLink || !rest.some((token) => this.#written(token) === "=")) return undefined;
    return { kind: "revision", ...this.#slotOf(string) };
  }

  /** A key in the rows of `op.bulk_insert(table, [{…}])`. */
  #rowKey(string: StringToken): Typing | undefined {
    const [row, ...outer] = this.#typed.open;
    const entry = row?.arguments[row.current];
    if (row?.bracket !== "{" || entry?.tokens[0]?.start !== string.start) return undefined;
    const around = outer.find(({ callee }) => callee.length > 0);
    const call = around && this.#callOf(around);
    if (call?.name !== "bulk_insert" || call.on !== "op") return undefined;
    if (parameterAt(call.bracket, parametersOf(call)) !== "rows") return undefined;
    const table = this.#tableValue(this.#tokensOf(call, "table") ?? []);
    if (!table) return undefined;
    const given = row.arguments.flatMap(({ tokens: [key] }, i) =>
      i === row.current || key === undefined ? [] : (literalText(this.#text, [key]) ?? []),
    );
    return {
      kind: "name",
      of: "row_key",
      table: table.name,
      row: { columns: table.columns, given },
      ...this.#slotOf(string),
      at: call.bracket.start,
    };
  }

  /** `sa.table("users", sa.column("id"))`, `op.create_table("users", …)`, or a name that one was given. */
  #tableValue(
    tokens: readonly Lexeme[],
  ): { readonly name: QualifiedName; readonly columns: readonly string[] } | undefined {
    const call = callIn(this.#text, this.#meant(tokens));
    const [first, ...others] = call?.arguments ?? [];
    if (!call || !tableMakers.has(call.callee.at(-1) ?? "")) return undefined;
    const name = this.#textOf(first?.tokens);
    const schema = this.#textOf(others.find(({ keyword }) => keyword === "schema")?.tokens);
    const columns = others.flatMap(({ tokens: of, keyword }) => {
      const column = keyword === undefined ? callIn(this.#text, of) : undefined;
      const isOne = column && ["column", "Column"].includes(column.callee.at(-1) ?? "");
      return isOne ? (this.#textOf(column.arguments[0]?.tokens) ?? []) : [];
    });
    return name === undefined ? undefined : { name: schema === undefined ? { name } : { schema, name }, columns };
  }

  /** What stands for a text: literals, or a name that they were given. */
  #textOf(tokens: readonly Lexeme[] | undefined): string | undefined {
    return tokens && literalText(this.#text, this.#meant(tokens));
  }

  /** Of a mere name what was assigned to it. */
  #meant(tokens: readonly Lexeme[], depth = 3): readonly Lexeme[] {
    const [name] = tokens;
    if (name?.kind !== "name" || tokens.length !== 1 || depth === 0) return tokens;
    const value = assignedTo(this.#text, this.#offset, this.#written(name));
    return value ? this.#meant(value, depth - 1) : tokens;
  }

  /** The argument that the literal is, or is in: through lists and `op.f(…)`. */
  #argument(): Place | undefined {
    const { open } = this.#typed;
    const at = open.findIndex((bracket) => bracket.callee.length > 0 && bracket.callee.at(-1) !== "f");
    const bracket = open[at];
    // A dictionary's keys and values have meanings of their own.
    if (!bracket || open.slice(0, at).some((inner) => inner.bracket === "{")) return undefined;
    const outer = open.slice(at + 1).filter(({ callee }) => callee.length > 0);
    const call = this.#callOf(bracket);
    return { call, parameter: parameterAt(bracket, parametersOf(call)), outer: outer.map((one) => this.#callOf(one)) };
  }

  #callOf(bracket: OpenBracket): Call {
    const { callee } = bracket;
    const name = callee.at(-1) ?? "";
    const receiver = callee.slice(0, -1).join(".");
    const batch = this.#typed.managers.get(receiver);
    if (batch?.callee.at(-1) === "batch_alter_table") return { name, on: "batch", bracket, batch };
    if (receiver === this.#op || receiver === "alembic.op") return { name, on: "op", bracket };
    return { name, on: receiver === "batch_op" ? "batch" : undefined, bracket };
  }

  #name(place: Place | undefined, string: StringToken): Typing | undefined {
    const { call, parameter, outer } = place ?? {};
    if (!call) return undefined;
    const meaning = call.on === undefined ? this.#meaningElsewhere(call, outer ?? []) : this.#meaning(call, parameter);
    if (!meaning || "sql" in meaning) return undefined;
    const about = outer?.find(({ on }) => on !== undefined) ?? call;
    return { kind: "name", ...meaning, ...this.#slotOf(string), at: about.bracket.start };
  }

  /** An argument of a directive. */
  #meaning(call: Call, parameter: string | undefined): Meaning | undefined {
    const made = newNames[call.name]?.includes(parameter ?? "") === true;
    if (parameter === undefined || made) return undefined;
    const table = this.#tableOf(call);
    const schema = this.#schemaOf(call);
    switch (parameter) {
      case "table_name":
      case "source_table":
      case "old_table_name":
        return { of: "table", ...(schema === undefined ? {} : { schema }) };
      case "referent_table": {
        const referent = this.#value(call, "referent_schema");
        return { of: "table", ...(referent === undefined ? {} : { schema: referent }) };
      }
      case "columns":
      case "local_cols":
      case "column_name":
      case "insert_before":
      case "insert_after":
        return table && { of: "column", table };
      case "remote_cols": {
        const referred = this.#named(call, "referent_table", "referent_schema");
        return referred && { of: "column", table: referred };
      }
      case "constraint_name": {
        const type = this.#value(call, "type_");
        return table && { of: "constraint", table, ...(type === undefined ? {} : { constraintType: type }) };
      }
      case "index_name":
        return { of: "index", ...(table ? { table } : {}), ...(schema === undefined ? {} : { schema }) };
      case "schema":
      case "source_schema":
      case "referent_schema":
        return { of: "schema" };
      case "type_":
        return call.name === "drop_constraint" ? { of: "constraint_type" } : undefined;
      case "onupdate":
      case "ondelete":
        return { of: "referential_action" };
      default:
        return undefined;
    }
  }

  /** An argument of what SQLAlchemy gives to a directive. */
  #meaningElsewhere({ name, bracket }: Call, outer: readonly Call[]): Meaning | undefined {
    const { current } = bracket;
    const keyword = bracket.arguments[current]?.keyword;
    switch (name) {
      case "ForeignKey":
        if (keyword === "ondelete" || keyword === "onupdate") return { of: "referential_action" };
        return current === 0 ? { of: "target" } : undefined;
      case "ForeignKeyConstraint":
        if (keyword === "ondelete" || keyword === "onupdate") return { of: "referential_action" };
        return current === 1 || keyword === "refcolumns" ? { of: "target" } : undefined;
      case "Enum":
      case "ENUM":
        return keyword === "name" ? { of: "enum_type" } : keyword === "schema" ? { of: "schema" } : undefined;
      case "table":
      case "Table":
        return current === 0 ? { of: "table" } : undefined;
      case "column":
      case "Column": {
        const owner = outer.find((one) => (one.name === "table" || one.name === "Table") && one.on === undefined);
        const table = owner && this.#textOf(owner.bracket.arguments[0]?.tokens);
        return current === 0 && table !== undefined ? { of: "column", table: { name: table } } : undefined;
      }
      default:
        return undefined;
    }
  }

  #sql(place: Place | undefined, string: StringToken): Typing | undefined {
    const { call, parameter, outer } = place ?? {};
    const isFragment = call !== undefined && (fragments.has(call.name) || parameter === "condition");
    const isSql =
      call !== undefined &&
      (statements.has(call.name) || isFragment) &&
      call.bracket.current === this.#firstOf(call, parameter);
    if (!isSql && !beginsStatement(this.#text.slice(string.content.start, string.content.end))) return undefined;
    const about = [...(call ? [call] : []), ...(outer ?? [])].find(({ on }) => on !== undefined);
    const region = this.#region(string);
    const table = about && isFragment && about.name !== "execute" ? this.#tableOf(about) : undefined;
    return {
      kind: "sql",
      sql: blankedSql(this.#text, region),
      start: region[0]?.content.start ?? string.content.start,
      own: table ? [table] : [],
      slot: this.#slotOf(string).slot,
      at: (about ?? call)?.bracket.start ?? string.start,
    };
  }

  #firstOf(call: Call, parameter: string | undefined): number {
    return parameter === "condition" || call.bracket.arguments[call.bracket.current]?.keyword !== undefined
      ? call.bracket.current
      : 0;
  }

  /** The literals that are put together with the one in question. */
  #region(string: StringToken): readonly StringToken[] {
    const tokens = this.#typed.open[0]?.arguments[this.#typed.open[0].current]?.tokens ?? [];
    const strings = tokens.filter((token): token is StringToken => token.kind === "string");
    return strings.some(({ start }) => start === string.start) ? strings : [string];
  }

  #tableOf(call: Call): QualifiedName | undefined {
    if (call.on === "batch")
      return (
        call.batch && this.#named({ name: "batch_alter_table", on: "op", bracket: call.batch }, "table_name", "schema")
      );
    const known = directive(call.name);
    return this.#named(call, known?.table ?? "table_name", known?.schema ?? "schema");
  }

  #schemaOf(call: Call): string | undefined {
    return call.on === "batch"
      ? this.#tableOf(call)?.schema
      : this.#value(call, directive(call.name)?.schema ?? "schema");
  }

  #named(call: Call, table: string, schema: string): QualifiedName | undefined {
    const name = this.#value(call, table);
    const where = this.#value(call, schema);
    return name === undefined ? undefined : where === undefined ? { name } : { schema: where, name };
  }

  /** What is given for a parameter, where it is written out, or a constant is. */
  #value(call: Call, parameter: string): string | undefined {
    const tokens = this.#tokensOf(call, parameter);
    return tokens && this.#textOf(this.#inFinalName(tokens));
  }

  #tokensOf(call: Call, parameter: string): readonly Lexeme[] | undefined {
    const names = parametersOf(call);
    const given = call.bracket.arguments;
    const place = names.findIndex((spelled) => spelled.split("|")[0] === parameter);
    const spellings = names[place]?.split("|") ?? [parameter];
    const positional = given.findIndex(({ keyword }) => keyword !== undefined);
    const isPositional = place >= 0 && (positional < 0 || place < positional);
    const found =
      given.find(({ keyword }) => keyword !== undefined && spellings.includes(keyword)) ??
      (isPositional ? given[place] : undefined);
    return found?.tokens;
  }

  /** What is in `op.f(…)`. */
  #inFinalName(tokens: readonly Lexeme[]): readonly Lexeme[] {
    const words = tokens.map((token) => this.#written(token));
    const open = words.indexOf("(");
    return words[open - 1] === "f" && words.at(-1) === ")" ? tokens.slice(open + 1, -1) : tokens;
  }

  /** The whole name, from its beginning to the end of what looks like one behind the place. */
  #slotOf(string: StringToken): { readonly slot: Slot; readonly written: string } {
    const { start, end } = string.content;
    const behind = /^[\p{L}\p{N}_$]*/u.exec(this.#text.slice(this.#offset, end))?.[0].length ?? 0;
    return {
      slot: { range: range(start, this.#offset + behind), escape: (text) => escapeLiteral(text, string) },
      written: this.#text.slice(start, this.#offset),
    };
  }

  #indentOf(at: number): number {
    return at - (Math.max(this.#text.lastIndexOf("\n", at - 1), this.#text.lastIndexOf("\r", at - 1)) + 1);
  }

  #written({ start, end }: Lexeme): string {
    return this.#text.slice(start, end);
  }
}

type Meaning = Omit<Extract<Typing, { readonly kind: "name" }>, "kind" | "written" | "slot" | "at">;

function parametersOf({ name, on }: Call): readonly string[] {
  if (name === "batch_alter_table") return ["table_name", "schema"];
  const known = on === undefined ? undefined : directive(name);
  return (on === "batch" ? known?.batch : known?.parameters) ?? [];
}

function parameterAt({ arguments: given, current }: OpenBracket, names: readonly string[]): string | undefined {
  const keyword = given[current]?.keyword;
  if (keyword !== undefined)
    return names.find((spelled) => spelled.split("|").includes(keyword))?.split("|")[0] ?? keyword;
  return names[current]?.split("|")[0];
}

/** Calls that give a table, named by their first argument. */
const tableMakers = new Set(["table", "Table", "create_table"]);

/** Parameters that name what is only being made. */
const newNames: Readonly<Record<string, readonly string[]>> = {
  create_table: ["table_name"],
  create_index: ["index_name"],
  create_unique_constraint: ["constraint_name"],
  create_primary_key: ["constraint_name"],
  create_foreign_key: ["constraint_name"],
  create_check_constraint: ["constraint_name"],
  create_exclude_constraint: ["constraint_name"],
};

/** Calls whose first argument is SQL: a statement, */
const statements = new Set(["execute", "exec_driver_sql", "scalar", "scalars", "text", "DDL"]);
/** or a piece of one, about the table of the directive that it is given to. */
const fragments = new Set(["text", "literal_column", "CheckConstraint"]);
