/** Expressions of SQLAlchemy as the SQL that it makes of them. */
import type { Dialect } from "../../../sql/action.ts";
import { HOLE, type Call, type Value } from "../../../syntax/value.ts";
import { bind } from "../arguments.ts";
import { columnReference } from "../columns.ts";
import { built, calleeOf, isNull, nameOf, textOf } from "../terms.ts";
import { readType, renderType } from "../types/index.ts";
import { booleanWord, quoteName, quoteText } from "./names.ts";
import { functionCall } from "./functions.ts";
import { methodOperators, orderings, pythonOperators, type Binary } from "./operators.ts";
import { atom, compared, enclosed, type Piece } from "./piece.ts";
import { readText } from "./text.ts";

const deepest = 40;
/** Parts of one expression; a value that is made of itself again and again has no end of them. */
const mostParts = 5000;

export class Compiler {
  readonly dialect: Dialect;
  #depth = 0;
  #parts = 0;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** `undefined`: some part is not known, or SQLAlchemy would make of it what the text does not tell. */
  piece(value: Value | undefined): Piece | undefined {
    if (value === undefined || this.#depth >= deepest || ++this.#parts > mostParts) return undefined;
    this.#depth++;
    try {
      return this.#read(value);
    } finally {
      this.#depth--;
    }
  }

  sql(value: Value | undefined): string | undefined {
    return this.piece(value)?.sql;
  }

  /** In brackets where its operator binds no tighter than what it stands in. */
  within(value: Value | undefined, precedence: number, operator?: string): string | undefined {
    const piece = this.piece(value);
    return piece && enclosed(piece, precedence, operator);
  }

  list(values: readonly Value[]): string | undefined {
    const all = values.map((value) => this.sql(value));
    return all.every((sql) => sql !== undefined) ? all.join(", ") : undefined;
  }

  #read(value: Value): Piece | undefined {
    const column = columnReference(value);
    if (column) return atom(quoteName(column.column, this.dialect));
    switch (value.kind) {
      case "text":
        return value.text.includes(HOLE) ? undefined : atom(quoteText(value.text, this.dialect));
      case "scalar":
        return atom(this.#constant(value.value) ?? "NULL");
      case "operator":
        return this.#operator(value.operator, value.operands);
      case "item":
        return this.#element(value.of, value.index, "->");
      case "member":
        return value.name === "astext" && value.of.kind === "item"
          ? this.#element(value.of.of, value.of.index, "->>")
          : undefined;
      case "call":
        return this.#call(value);
      case "choice": {
        const [first, ...others] = value.options.map((option) => this.piece(option));
        return first && others.every((other) => other?.sql === first.sql) ? first : undefined;
      }
      default:
        return undefined;
    }
  }

  #constant(value: number | boolean | null): string | undefined {
    if (value === null) return undefined;
    return typeof value === "boolean" ? booleanWord(value, this.dialect) : String(value);
  }

  #element(of: Value, index: Value, operator: string): Piece | undefined {
    const left = this.within(of, 15);
    const right = this.sql(index);
    return left === undefined || right === undefined
      ? undefined
      : { sql: `${left} ${operator} ${right}`, precedence: 15 };
  }

  #operator(operator: string, operands: readonly Value[]): Piece | undefined {
    const [left, right] = operands;
    if (operands.length === 1) {
      if (operator === "~" || operator === "not") return this.#not(left);
      const inner = operator === "-" ? this.within(left, 8) : undefined;
      return inner === undefined ? undefined : { sql: `-${inner}`, precedence: 8 };
    }
    const known = Object.hasOwn(pythonOperators, operator) ? pythonOperators[operator] : undefined;
    if (known === undefined || operands.length !== 2) return undefined;
    if ((operator === "==" || operator === "!=") && right && isNull(right))
      return this.#binary(left, { sql: operator === "==" ? "IS" : "IS NOT", precedence: 5 }, right);
    return this.#binary(left, known, right);
  }

  #binary(left: Value | undefined, operator: Binary, right: Value | undefined): Piece | undefined {
    const before = this.within(left, operator.precedence, operator.sql);
    const behind = this.within(right, operator.precedence, operator.sql);
    if (before === undefined || behind === undefined) return undefined;
    return compared(before, operator, behind);
  }

  #not(value: Value | undefined): Piece | undefined {
    const piece = this.piece(value);
    if (piece === undefined) return undefined;
    if (piece.inverse !== undefined) return { sql: piece.inverse, precedence: piece.precedence, inverse: piece.sql };
    return { sql: `NOT ${enclosed(piece, 5)}`, precedence: 5 };
  }

  #call(call: Call): Piece | undefined {
    const called = functionCall(call, this);
    if (called) return called;
    const construct = built(call);
    if (construct !== undefined) return this.#construct(construct, call);
    const callee = calleeOf(call);
    // `column.op("@>")(value)`.
    if (callee === undefined) return undefined;
    return callee.receiver && this.#method(callee.name, callee.receiver, call);
  }

  #construct(name: string, call: Call): Piece | undefined {
    const values = call.args.map((argument) => argument.value);
    const [first, second] = values;
    switch (name) {
      case "text": {
        const sql = textOf(first);
        return sql === undefined ? undefined : readText(sql);
      }
      case "literal_column": {
        const sql = textOf(first);
        return sql === undefined ? undefined : atom(sql);
      }
      case "literal":
      case "bindparam":
        return name === "literal" ? this.piece(first) : undefined;
      case "column":
      case "Column": {
        const own = nameOf(first);
        return own === undefined ? undefined : atom(quoteName(own, this.dialect));
      }
      case "null":
        return atom("NULL");
      case "true":
      case "false":
        return atom(booleanWord(name === "true", this.dialect));
      case "and_":
        return this.#joined(values, "AND", 3);
      case "or_":
        return this.#joined(values, "OR", 2);
      case "not_":
        return this.#not(first);
      case "cast":
        return this.#cast(first, second);
      case "type_coerce":
        return this.piece(first);
      case "extract": {
        const field = textOf(first);
        const of = this.sql(second);
        return field === undefined || of === undefined ? undefined : atom(`EXTRACT(${field} FROM ${of})`);
      }
      case "collate":
        return this.#collated(first, second);
      case "array": {
        const items = first?.kind === "sequence" && first.complete ? this.list(first.items) : undefined;
        return items === undefined ? undefined : atom(`ARRAY[${items}]`);
      }
      default:
        return Object.hasOwn(orderings, name) ? this.#ordered(first, orderings[name] ?? "") : undefined;
    }
  }

  #joined(values: readonly Value[], word: string, precedence: number): Piece | undefined {
    const pieces = values.map((value) => this.piece(value));
    if (!pieces.every((piece) => piece !== undefined)) return undefined;
    if (pieces.length < 2) return pieces[0];
    return {
      sql: pieces.map((piece) => enclosed(piece, precedence, word)).join(` ${word} `),
      precedence,
      chains: word,
    };
  }

  #cast(value: Value | undefined, type: Value | undefined): Piece | undefined {
    const inner = this.sql(value);
    const known = readType(type, this.dialect).type;
    return inner === undefined || known === undefined ? undefined : atom(`CAST(${inner} AS ${renderType(known)})`);
  }

  #collated(value: Value | undefined, collation: Value | undefined): Piece | undefined {
    const inner = this.within(value, 4);
    const name = textOf(collation);
    return inner === undefined || name === undefined
      ? undefined
      : { sql: `${inner} COLLATE ${quoteName(name, this.dialect)}`, precedence: 4 };
  }

  #ordered(value: Value | undefined, word: string): Piece | undefined {
    const inner = this.within(value, 2);
    return inner === undefined ? undefined : { sql: `${inner} ${word}`, precedence: 3 };
  }

  #method(name: string, receiver: Value, call: Call): Piece | undefined {
    const values = call.args.map((argument) => argument.value);
    const [first, second] = values;
    if (Object.hasOwn(orderings, name)) return this.#ordered(receiver, orderings[name] ?? "");
    const binary = Object.hasOwn(methodOperators, name) ? methodOperators[name] : undefined;
    if (binary) return values.length === 1 ? this.#binary(receiver, binary, first) : undefined;
    switch (name) {
      case "inline_literal":
      case "self_group":
      case "label":
        return this.piece(name === "inline_literal" ? first : receiver);
      case "bindparams":
        return this.#bound(receiver, call);
      case "next_value":
        return this.#nextValue(receiver);
      case "collate":
        return this.#collated(receiver, first);
      case "cast":
        return this.#cast(receiver, first);
      case "in_":
      case "not_in":
      case "notin_":
        return this.#oneOf(receiver, name === "in_" ? "IN" : "NOT IN", first);
      case "between": {
        const [of, low, high] = [receiver, first, second].map((value) => this.within(value, 5));
        if (of === undefined || low === undefined || high === undefined) return undefined;
        return compared(of, { sql: "BETWEEN", precedence: 5 }, `${low} AND ${high}`);
      }
      default:
        return undefined;
    }
  }

  /** `text("a > :least").bindparams(least=5)`: in a definition parameters are written as literals. */
  #bound(receiver: Value, call: Call): Piece | undefined {
    const sql = receiver.kind === "call" && built(receiver) === "text" ? textOf(receiver.args[0]?.value) : undefined;
    const values = new Map(
      call.args.flatMap(({ name, value }) => (name === undefined ? [] : [[name, this.sql(value)]])),
    );
    return sql === undefined ? undefined : readText(sql, values);
  }

  /** `Sequence("s").next_value()`. */
  #nextValue(sequence: Value): Piece | undefined {
    if (sequence.kind !== "call" || built(sequence) !== "Sequence") return undefined;
    const bound = bind(sequence.args, ["name"]);
    const name = nameOf(bound.get("name"));
    const schema = nameOf(bound.get("schema"));
    if (name === undefined || this.dialect !== "postgresql") return undefined;
    const path = [schema, name].flatMap((part) => (part === undefined ? [] : quoteName(part, this.dialect)));
    return atom(`nextval(${quoteText(path.join("."), this.dialect)})`);
  }

  #oneOf(receiver: Value, word: string, list: Value | undefined): Piece | undefined {
    const of = this.within(receiver, 5);
    const items =
      list?.kind === "sequence" && list.complete && list.items.length > 0 ? this.list(list.items) : undefined;
    return of === undefined || items === undefined
      ? undefined
      : compared(of, { sql: word, precedence: 5 }, `(${items})`);
  }

  /** An operator of the database by its own sign: `column.op("@>")(value)`. Any other binds tighter. */
  custom(receiver: Value, sign: Value | undefined, operand: Value | undefined): Piece | undefined {
    const operator = textOf(sign);
    return operator === undefined ? undefined : this.#binary(receiver, { sql: operator, precedence: 0 }, operand);
  }
}
