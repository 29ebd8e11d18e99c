/** What a test asks of the database's catalogue, where that can be told: an inspector's `has_table`, its lists of names. */
import type { QualifiedName } from "../sql/action.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Mapping, Sequence, Tested, Value } from "../syntax/value.ts";
import { comparedDialects } from "./dialect-tests.ts";
import type { RoleOf } from "./reading.ts";
import type { CatalogTest, ConstraintKind } from "./catalog-test.ts";
import { anyWithin, lastName } from "./values.ts";

/** Undefined where no part of the test is understood. */
export function catalogTestOf(test: Value, roleOf: RoleOf): CatalogTest | undefined {
  const question = new Reader(roleOf).read(test, 0);
  return isOpen(question) ? undefined : question;
}

const open: CatalogTest = { ask: "unclear" };

const isOpen = (question: CatalogTest): boolean =>
  question.ask === "unclear" ||
  (question.ask === "not" || question.ask === "possibly"
    ? isOpen(question.of)
    : (question.ask === "all" || question.ask === "any") && question.of.every(isOpen));

const not = (question: CatalogTest): CatalogTest =>
  question.ask === "not" ? question.of : { ask: "not", of: question };

const deepest = 20;

/** What an inspector lists, and of which table. */
interface Listing {
  readonly method: string;
  readonly table: QualifiedName;
}

interface TypeOfColumn {
  readonly table: QualifiedName;
  readonly name: string;
}

const constraintKinds: Readonly<Record<string, ConstraintKind>> = {
  get_unique_constraints: "unique",
  get_foreign_keys: "foreign_key",
  get_check_constraints: "check",
};

const collecting = new Set(["list", "tuple", "set", "frozenset", "sorted"].map((name) => `builtins.${name}`));

/** The list itself, whatever kind of container it is put into. */
function unwrapped(value: Value): Value {
  const [first] = value.kind === "call" ? value.args : [];
  return value.kind === "call" && first && value.callee.kind === "reference" && collecting.has(value.callee.path)
    ? unwrapped(first.value)
    : value;
}

class Reader {
  readonly #roleOf: RoleOf;

  constructor(roleOf: RoleOf) {
    this.#roleOf = roleOf;
  }

  read(test: Value, depth: number): CatalogTest {
    if (depth > deepest) return open;
    switch (test.kind) {
      case "scalar":
        return { ask: "constant", answer: Boolean(test.value) };
      case "operator":
        return this.#operator(test.operator, test.operands, depth);
      case "call":
        return this.#call(test);
      case "sequence":
        return test.under ? { ask: "any", of: test.under.map((all) => this.#all(all, depth)) } : open;
      case "choice": {
        const { options, under } = test;
        // One of them it is: the one whose tests hold.
        if (!under || options.length !== under.length) return open;
        return {
          ask: "any",
          of: options.map((option, i) => ({
            ask: "all",
            of: [this.#all(under[i] ?? [], depth), this.read(option, depth + 1)],
          })),
        };
      }
      default:
        return open;
    }
  }

  #all(tests: readonly Tested[], depth: number): CatalogTest {
    const of = tests.map(({ test, negated }) => {
      const question = this.read(test, depth + 1);
      return negated ? not(question) : question;
    });
    return { ask: "all", of };
  }

  #operator(operator: string, operands: readonly Value[], depth: number): CatalogTest {
    const [left, right] = operands;
    if (!left) return open;
    if (operator === "not") return not(this.read(left, depth + 1));
    if (operator === "bool") return this.read(left, depth + 1);
    if (operator === "and" || operator === "or")
      return { ask: operator === "and" ? "all" : "any", of: operands.map((one) => this.read(one, depth + 1)) };
    if (!right) return open;
    const compared = comparedDialects(operator, left, right);
    if (compared) {
      const question: CatalogTest = { ask: "dialect", names: compared.dialects };
      return compared.negated ? not(question) : question;
    }
    if (operator === "in" || operator === "not in") {
      const found = isKnown(left) ? this.#named(left.text, right) : open;
      return operator === "in" ? found : not(found);
    }
    if (operator === "==" || operator === "!=") {
      const found = this.#compared(left, right);
      return operator === "==" ? found : not(found);
    }
    return open;
  }

  #call(call: Call): CatalogTest {
    const { callee, args } = call;
    const name = lastName(callee);
    if (callee.kind === "member" && (name === "has_table" || name === "has_index")) {
      const isInspector = this.#isInspector(callee.of);
      // A dialect is handed the connection first.
      const isDialect = lastName(callee.of) === "dialect";
      if (!isInspector && !isDialect) return open;
      const table = this.#table(isDialect ? args.slice(1) : args);
      const index = isInspector ? args[1]?.value : undefined;
      if (!table) return open;
      if (name === "has_table") return { ask: "table", table };
      return index && isKnown(index) && args[1]?.name === undefined ? { ask: "index", table, name: index.text } : open;
    }
    const first = args[0]?.value;
    if (callee.kind !== "reference" || !first) return open;
    if (callee.path === "builtins.isinstance" && args[1]) return this.#instance(first, args[1].value);
    // `any(column["name"] == "email" for column in inspector.get_columns("users"))`
    if (callee.path === "builtins.any" && first.kind === "sequence" && first.each && first.items[0])
      return this.#anyElement(first.items[0], first.each);
    return open;
  }

  #anyElement(item: Value, over: Value): CatalogTest {
    const [left, right] = item.kind === "operator" && item.operator === "==" ? item.operands : [];
    const listing = this.#listing(over);
    if (!left || !right || !listing) return open;
    const name = isKnown(right) && this.#attribute(left, over) === "name" ? right.text : undefined;
    return name === undefined ? open : inListing(listing, name);
  }

  /** Whether a name is in a list of names. */
  #named(name: string, among: Value): CatalogTest {
    const list = unwrapped(among);
    if (list.kind === "call" && list.callee.kind === "member" && this.#isInspector(list.callee.of)) {
      const table = list.callee.name === "get_table_names" ? inSchema(name, list.args[0]?.value) : undefined;
      return table ? { ask: "table", table } : open;
    }
    const listed = list.kind === "sequence" || list.kind === "mapping" ? this.#eachName(list) : undefined;
    return listed ? inListing(listed, name) : open;
  }

  /** `[column["name"] for column in inspector.get_columns("users")]`, or a dictionary by these names. */
  #eachName(list: Sequence | Mapping): Listing | undefined {
    const [item, ...others] = list.kind === "sequence" ? list.items : list.entries.map(([key]) => key);
    if (!list.each || !item || others.length > 0) return undefined;
    return this.#attribute(item, list.each) === "name" ? this.#listing(list.each) : undefined;
  }

  /** `element["name"]` or `element.get("name")` of an element of the list. */
  #attribute(value: Value, over: Value): string | undefined {
    if (value.kind === "unknown" && value.at && isKnown(value.at) && this.#isElement(value.from, over))
      return value.at.text;
    if (value.kind !== "call" || value.callee.kind !== "member" || value.callee.name !== "get") return undefined;
    const key = value.args[0]?.value;
    return key && isKnown(key) && this.#isElement(value.callee.of, over) ? key.text : undefined;
  }

  readonly #isElement = (value: Value | undefined, over: Value): boolean =>
    value?.kind === "unknown" && value.at === undefined && value.from === over;

  /** A call such as `inspector.get_columns("users")`. */
  #listing(over: Value): Listing | undefined {
    const call = unwrapped(over);
    if (call.kind !== "call" || call.callee.kind !== "member" || !this.#isInspector(call.callee.of)) return undefined;
    const table = this.#table(call.args);
    return table && { method: call.callee.name, table };
  }

  #table(args: Call["args"]): QualifiedName | undefined {
    const [first, second] = args;
    const given = args.find(({ name }) => name === "schema") ?? (second?.name === undefined ? second : undefined);
    const isNamed = first && (first.name === undefined || first.name === "table_name");
    if (!isNamed || !isKnown(first.value) || args.some(({ starred }) => starred)) return undefined;
    return inSchema(first.value.text, given?.value);
  }

  /** Of the database that Alembic migrates. */
  #isInspector(value: Value): boolean {
    return (
      this.#roleOf(value) === "inspector" &&
      !anyWithin(
        value,
        (part) =>
          part.kind === "call" && /create_(?:async_)?engine|engine_from_config/.test(lastName(part.callee) ?? ""),
      )
    );
  }

  /** `columns["email"]["type"]`, of columns by name. */
  #typeOf(value: Value): TypeOfColumn | undefined {
    if (value.kind !== "item" || !isKnown(value.index) || value.index.text !== "type") return undefined;
    const column = value.of;
    if (column.kind !== "item" || !isKnown(column.index) || column.of.kind !== "mapping") return undefined;
    const listing = this.#eachName(column.of);
    const [entry] = column.of.entries;
    const isWhole = listing?.method === "get_columns" && column.of.each && this.#isElement(entry?.[1], column.of.each);
    return isWhole ? { table: listing.table, name: column.index.text } : undefined;
  }

  #instance(value: Value, type: Value): CatalogTest {
    const column = this.#typeOf(value);
    if (!column || type.kind !== "reference" || !/^sqlalchemy\b/.test(type.path)) return open;
    return { ask: "type", ...column, is: lastName(type) ?? "" };
  }

  #compared(left: Value, right: Value): CatalogTest {
    const [asked, given] = right.kind === "member" ? [right, left] : [left, right];
    if (asked.kind === "member" && asked.name === "timezone" && given.kind === "scalar") {
      const column = this.#typeOf(asked.of);
      return column && typeof given.value === "boolean" ? { ask: "type", ...column, timezone: given.value } : open;
    }
    return this.#elementWith(left, right);
  }

  /** Of an element of a list of constraints: `constraint["column_names"] == ["id"]`. There may be none such. */
  #elementWith(left: Value, right: Value): CatalogTest {
    if (left.kind !== "unknown" || !left.at || !isKnown(left.at) || left.from?.kind !== "unknown") return open;
    const over = left.from.at === undefined ? left.from.from : undefined;
    const listing = over && this.#listing(over);
    const kind = listing && constraintKinds[listing.method];
    if (!kind) return open;
    const { table } = listing;
    const key = left.at.text;
    if (key === "name" && isKnown(right))
      return { ask: "possibly", of: { ask: "constraint", table, of: kind, name: right.text } };
    const columns = right.kind === "sequence" && right.complete ? textsOf(right.items) : undefined;
    const isColumns = key === "column_names" || key === "constrained_columns";
    return columns && isColumns ? { ask: "possibly", of: { ask: "constraint", table, of: kind, columns } } : open;
  }
}

function textsOf(items: readonly Value[]): readonly string[] | undefined {
  const texts = items.flatMap((item) => (isKnown(item) ? [item.text] : []));
  return texts.length === items.length ? texts : undefined;
}

/** Undefined where the schema is not known. */
function inSchema(name: string, schema: Value | undefined): QualifiedName | undefined {
  if (schema === undefined || (schema.kind === "scalar" && schema.value === null)) return { name };
  return isKnown(schema) ? { schema: schema.text, name } : undefined;
}

function inListing({ method, table }: Listing, name: string): CatalogTest {
  if (method === "get_columns") return { ask: "column", table, name };
  if (method === "get_indexes") return { ask: "index", table, name };
  const of = constraintKinds[method];
  return of ? { ask: "constraint", table, of, name } : open;
}
