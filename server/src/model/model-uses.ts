/**
 * Where a revision uses a mapped class, and what the same is with a plain table in its place. The one place that knows how
 * queries of the ORM are written; what has no such form is told with its place.
 */
import { isImport } from "../syntax/imports.ts";
import { childOf, childrenOf, textOf, walk, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import type { Range } from "../text/range.ts";
import type { RevisionFile } from "./revision.ts";

/** `$` stands for the table's new name, `@` for SQLAlchemy's; `%` for the column of the attribute that is named. */
export interface Piece {
  readonly range: Range;
  readonly text: string;
  readonly column?: string;
}

export interface ModelUse {
  readonly range: Range;
  readonly pieces: readonly Piece[];
  /** Attributes that get values, by a keyword or a key. */
  readonly sets: readonly string[];
  /** Columns that are asked of the table itself. */
  readonly reads?: readonly string[];
  readonly as: "table" | "column" | "read" | "update" | "delete" | "insert";
  /** Of a session's `add`: nothing is sent before the session is flushed, and this says whether it is. */
  readonly isFlushed?: boolean;
}

export interface ModelUses {
  readonly uses: readonly ModelUse[];
  /** Uses that have no form without the class. */
  readonly others: readonly Range[];
}

interface Chained {
  readonly name: string;
  readonly nameNode: Node;
  readonly call: Node;
  readonly list: Node;
}

export function modelUsesOf({ text }: RevisionFile, name: string): ModelUses {
  const parents = new Map<Node, Node>();
  const found: Node[] = [];
  for (const statement of parseSource(text).statements) {
    for (const node of walk(statement)) {
      for (const child of node.children) parents.set(child, node);
      if (node.type === "identifier" && textOf(text, node) === name) found.push(node);
    }
  }
  const reader = new UseReader(text, parents);
  const uses: ModelUse[] = [];
  const others: Range[] = [];
  for (const node of found) {
    if (reader.isNamedOnly(node)) continue;
    const use = reader.read(node);
    if (use) uses.push(use);
    else others.push({ start: node.start, end: node.end });
  }
  return { uses, others };
}

const at = (start: number, end: number): Range => ({ start, end });

class UseReader {
  readonly #text: string;
  readonly #parents: ReadonlyMap<Node, Node>;

  constructor(text: string, parents: ReadonlyMap<Node, Node>) {
    this.#text = text;
    this.#parents = parents;
  }

  /** In an import, as a keyword, or as an attribute of something else. */
  isNamedOnly(node: Node): boolean {
    for (let up = this.#parents.get(node); up; up = this.#parents.get(up)) if (isImport(up)) return true;
    const parent = this.#parents.get(node);
    return (
      (parent?.type === "keyword_argument" && parent.children[0] === node) ||
      (parent?.type === "attribute" && parent.children[0] !== node)
    );
  }

  read(node: Node): ModelUse | undefined {
    const parent = this.#parents.get(node);
    if (parent?.type === "attribute") return this.#attribute(node, parent);
    if (parent?.type === "argument_list") return this.#argument(node, parent);
    return parent?.type === "call" && parent.children[0] === node ? this.#object(node, parent) : undefined;
  }

  #attribute(node: Node, attribute: Node): ModelUse | undefined {
    const name = this.#written(attribute.children[1]);
    const range = at(node.start, attribute.end);
    if (name === "__table__") return this.#table(attribute, range);
    if (name === "query" || name === "metadata" || name.startsWith("__")) return undefined;
    return { range, pieces: [{ range, text: "$.c.%", column: name }], sets: [], as: "column" };
  }

  /** Its columns, a statement on it, or an argument of what takes a table; never all of it, of which only a part is known. */
  #table(table: Node, range: Range): ModelUse | undefined {
    const parent = this.#parents.get(table);
    const use = (reads: readonly string[]): ModelUse => ({
      range,
      pieces: [{ range, text: "$" }],
      sets: [],
      reads,
      as: "table",
    });
    if (parent?.type === "argument_list") {
      const call = this.#parents.get(parent);
      const name = this.#written(call?.children[0]).split(".").at(-1) ?? "";
      return ["bulk_insert", "update", "delete", "insert", "select_from"].includes(name) ? use([]) : undefined;
    }
    const name = parent?.type === "attribute" && parent.children[0] === table ? this.#written(parent.children[1]) : "";
    if (["insert", "update", "delete"].includes(name)) return use([]);
    const outer = parent && this.#parents.get(parent);
    const isColumn =
      (name === "c" || name === "columns") && outer?.type === "attribute" && outer.children[0] === parent;
    return isColumn ? use([this.#written(outer.children[1])]) : undefined;
  }

  #argument(node: Node, list: Node): ModelUse | undefined {
    const call = this.#parents.get(list);
    const callee = call?.children[0];
    if (!call || !callee || list.children[0] !== node) return undefined;
    const name = this.#written(callee).split(".").at(-1) ?? "";
    const range = at(node.start, node.end);
    const plain = (as: ModelUse["as"], sets: readonly string[]): ModelUse => ({
      range,
      pieces: [{ range, text: "$" }],
      sets,
      as,
    });
    if (list.children.length === 1 && ["update", "delete", "insert"].includes(name)) {
      const values = this.#chain(call).filter((link) => link.name === "values");
      const keys = values.flatMap(
        ({ list: given }): readonly (string | undefined)[] => this.#keysOf(given.children) ?? [undefined],
      );
      const known = keys.filter((key) => key !== undefined);
      return known.length === keys.length ? plain(name as "update" | "delete" | "insert", known) : undefined;
    }
    if (list.children.length === 1 && name === "select_from") return plain("table", []);
    if (name === "query" && callee.type === "attribute" && list.children.length === 1) return this.#query(call, callee);
    return undefined;
  }

  /** `session.query(User).filter(…).update({…})` and its kin, of which the result is a number. */
  #query(query: Node, callee: Node): ModelUse | undefined {
    const session = callee.children[0];
    const links = this.#chain(query);
    const last = links.at(-1);
    const filters = links.slice(0, -1);
    if (!session || !last || !filters.every(({ name }) => ["filter", "filter_by", "where"].includes(name)))
      return undefined;
    const conditions: Piece[] = [];
    for (const link of filters) {
      const pieces = this.#condition(link);
      if (!pieces) return undefined;
      conditions.push(...pieces);
    }
    const run = this.#written(session);
    const isStatement = this.#isStatement(last.call);
    const rows = isStatement ? "" : ".rowcount";
    const range = at(query.start, last.call.end);
    const whole = (opening: string, closing: readonly Piece[], more: Pick<ModelUse, "as" | "sets">): ModelUse => ({
      range,
      pieces: [{ range: at(query.start, query.end), text: `${run}.execute(${opening}` }, ...conditions, ...closing],
      ...more,
    });
    const dot = at(this.#dotBefore(last), last.call.end);
    if (last.name === "delete")
      return whole("$.delete()", [{ range: dot, text: `)${rows}` }], { as: "delete", sets: [] });
    if (last.name === "count" && last.list.children.length === 0)
      return whole("@select(@func.count()).select_from($)", [{ range: dot, text: ").scalar()" }], {
        as: "read",
        sets: [],
      });
    const [values, ...options] = last.list.children;
    if (last.name !== "update" || values?.type !== "dictionary") return undefined;
    const sets = this.#keysOf([values]);
    if (!sets || !options.every((one) => one.type === "keyword_argument")) return undefined;
    const end = last.list.end;
    return whole(
      "$.update()",
      [
        { range: at(last.nameNode.start, last.nameNode.end), text: "values" },
        { range: at(values.end, end), text: `))${rows}` },
      ],
      { as: "update", sets },
    );
  }

  /** `.filter(…)` is `.where(…)`; of `.filter_by(a=1)` each keyword is a comparison. */
  #condition({ name, nameNode, list }: Chained): readonly Piece[] | undefined {
    const where: Piece = { range: at(nameNode.start, nameNode.end), text: "where" };
    if (list.children.length === 0) return undefined;
    if (name !== "filter_by")
      return list.children.every(({ type }) => type !== "keyword_argument") ? [where] : undefined;
    const pieces: Piece[] = [where];
    for (const argument of list.children) {
      const [key, value] = argument.children;
      if (argument.type !== "keyword_argument" || !key || !value || !simple.has(value.type)) return undefined;
      pieces.push({ range: at(argument.start, value.start), text: "$.c.% == ", column: this.#written(key) });
    }
    return pieces;
  }

  /** `session.add(User(name="x"))`, `session.add_all([User(…), User(…)])`. */
  #object(node: Node, made: Node): ModelUse | undefined {
    const list = childOf(made, "argument_list");
    const outer = this.#parents.get(made);
    const sets = list && this.#keysOf(list.children);
    if (!list || !outer || !sets || sets.length === 0) return undefined;
    const inList = outer.type === "list";
    const holder = inList ? this.#parents.get(outer) : outer;
    const call = holder?.type === "argument_list" ? this.#parents.get(holder) : undefined;
    const callee = call?.children[0];
    const session = callee?.children[0];
    const method = callee?.children[1];
    if (!call || callee?.type !== "attribute" || !session || !method || holder?.children.length !== 1) return undefined;
    if (!this.#isStatement(call)) return undefined;
    const isFlushed = this.#isFlushedAfter(call, this.#written(session));
    const name = this.#written(method);
    const range = at(call.start, call.end);
    const own = at(node.start, node.end);
    if (!inList && name === "add") {
      const pieces = [
        { range: at(method.start, method.end), text: "execute" },
        { range: own, text: "$.insert().values" },
      ];
      return { range, pieces, sets, as: "insert", isFlushed };
    }
    if (!inList || name !== "add_all" || !this.#areAlike(outer, node)) return undefined;
    const opening = { range: at(method.start, outer.start), text: "execute($.insert(), " };
    return {
      range,
      pieces: [...(outer.children[0] === made ? [opening] : []), { range: own, text: "dict" }],
      sets,
      as: "insert",
      isFlushed,
    };
  }

  /** All of the list are made of the same class with the same keywords: one statement takes them. */
  #areAlike(list: Node, name: Node): boolean {
    const keys = list.children.map((one) => {
      const given = childOf(one, "argument_list");
      if (one.type !== "call" || this.#written(one.children[0]) !== this.#written(name) || !given) return "";
      return (this.#keysOf(given.children) ?? []).toSorted().join(",");
    });
    return keys.every((key) => key !== "" && key === keys[0]);
  }

  #isFlushedAfter(call: Node, session: string): boolean {
    let top = call;
    for (let up = this.#parents.get(top); up && up.type !== "function_definition"; up = this.#parents.get(up)) top = up;
    return [...walk(top)].some((node) => {
      const callee = node.type === "call" && node.start > call.start ? this.#written(node.children[0]) : "";
      return callee === `${session}.commit` || callee === `${session}.flush`;
    });
  }

  /** The names of keywords, and of the keys of dictionaries; undefined where they are not all written there. */
  #keysOf(args: readonly Node[]): readonly string[] | undefined {
    const keys = args.flatMap((argument): readonly (string | undefined)[] => {
      if (argument.type === "keyword_argument") return [this.#written(argument.children[0])];
      if (argument.type !== "dictionary") return [undefined];
      return argument.children.map((pair) => {
        const [key] = pair.type === "pair" ? pair.children : [];
        if (key?.type === "string")
          return childrenOf(key, "string_content")
            .map((part) => this.#written(part))
            .join("");
        return key?.type === "attribute" ? this.#written(key.children[1]) : undefined;
      });
    });
    return keys.every((key) => key !== undefined) ? keys : undefined;
  }

  /** The calls that follow one another behind a call, outermost last. */
  #chain(call: Node): readonly Chained[] {
    const links: Chained[] = [];
    for (let inner = call; ;) {
      const attribute = this.#parents.get(inner);
      const outer = attribute && this.#parents.get(attribute);
      const nameNode = attribute?.children[1];
      const list = outer && childOf(outer, "argument_list");
      const isCalled = attribute?.type === "attribute" && attribute.children[0] === inner && outer?.type === "call";
      if (!isCalled || outer.children[0] !== attribute || !nameNode || !list) return links;
      links.push({ name: this.#written(nameNode), nameNode, call: outer, list });
      inner = outer;
    }
  }

  /** Nobody uses its value. */
  #isStatement(call: Node): boolean {
    let up = this.#parents.get(call);
    while (up?.type === "parenthesized_expression") up = this.#parents.get(up);
    return up?.type === "expression_statement";
  }

  /** Where `.delete()` begins, line breaks before it included. */
  #dotBefore({ nameNode }: Chained): number {
    let start = nameNode.start - 1;
    while (start > 0 && this.#text[start] !== ".") start--;
    return start - (/\s*$/.exec(this.#text.slice(0, start))?.[0].length ?? 0);
  }

  #written(node: Node | undefined): string {
    return node ? textOf(this.#text, node) : "";
  }
}

/** What binds closer than a comparison. */
const simple = new Set([
  "identifier",
  "attribute",
  "call",
  "string",
  "integer",
  "float",
  "true",
  "false",
  "none",
  "subscript",
]);
