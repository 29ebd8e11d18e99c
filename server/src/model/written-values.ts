/** What an expression that is put into a SQL text tells of its value: a word for it, whether it is a string, whether a list. */
import { textOf, walk, type Characters, type Node } from "../syntax/node.ts";

export interface WrittenValue {
  readonly code: string;
  /** The last word that names something in it. */
  readonly word: string;
  /** Python makes a string of it, whatever it is made of. */
  readonly isText: boolean;
  /** `", ".join(str(one) for one in ids)` and its kin: the list that the text is made of. */
  readonly list?: string;
}

const giveText = new Set(
  "strip lstrip rstrip lower upper title capitalize replace format join isoformat hexdigest decode".split(" "),
);

export function readWrittenValue(node: Node, text: Characters): WrittenValue {
  const list = listIn(node, text);
  return {
    code: textOf(text, node),
    word: wordOf(list?.source ?? node, text),
    isText: givesText(node, text),
    ...(list && { list: list.code }),
  };
}

const methodOf = (node: Node, text: Characters): string | undefined => {
  const [callee] = node.type === "call" ? node.children : [];
  const name = callee?.type === "attribute" ? callee.children[1] : undefined;
  return name && textOf(text, name);
};

const functionOf = (node: Node, text: Characters): string | undefined => {
  const [callee] = node.type === "call" ? node.children : [];
  return callee?.type === "identifier" ? textOf(text, callee) : undefined;
};

function givesText(node: Node, text: Characters): boolean {
  if (node.type === "string" || node.type === "concatenated_string") return true;
  if (node.type === "parenthesized_expression") return node.children.every((one) => givesText(one, text));
  if (node.type === "subscript") return textOf(text, node.children[0] ?? node) === "os.environ";
  return giveText.has(methodOf(node, text) ?? "") || functionOf(node, text) === "str";
}

/** Of `row.name.strip()` `name`, of `row["id"]` `id`, of `int(user_id)` `user_id`. */
function wordOf(node: Node, text: Characters): string {
  const [first, second] = node.children;
  if (node.type === "identifier") return textOf(text, node);
  if (node.type === "attribute" && second) return textOf(text, second);
  if (node.type === "subscript" && first && second) {
    const key = second.type === "string" ? textOf(text, second).replaceAll(/["']/g, "") : "";
    return /^[A-Za-z_]\w*$/.test(key) ? key : wordOf(first, text);
  }
  if (node.type === "call" && first) {
    if (first.type === "attribute" && first.children[0] && first.children[0].type !== "string")
      return wordOf(first.children[0], text);
    const [argument] = second?.children ?? [];
    if (argument) return wordOf(argument, text);
  }
  const names = [...walk(node)].filter(({ type }) => type === "identifier");
  const last = names.at(-1);
  return last ? textOf(text, last) : "value";
}

interface WrittenList {
  readonly code: string;
  /** What its elements are taken from. */
  readonly source: Node;
}

function listIn(node: Node, text: Characters): WrittenList | undefined {
  if (functionOf(node, text) === "tuple") {
    const [only, ...more] = node.children[1]?.children ?? [];
    return only && more.length === 0 ? { code: `list(${textOf(text, only)})`, source: only } : undefined;
  }
  if (methodOf(node, text) !== "join") return undefined;
  const [callee, given] = node.children;
  const separator = callee?.children[0];
  if (!separator || !/^["'],\s*["']$/.test(textOf(text, separator)) || !given) return undefined;
  const source = given.type === "argument_list" ? given.children[0] : given;
  if (!source || (given.type === "argument_list" && given.children.length !== 1)) return undefined;
  if (functionOf(source, text) === "map") {
    const [how, what, ...more] = source.children[1]?.children ?? [];
    const isPlain = how && what && more.length === 0 && ["str", "repr"].includes(textOf(text, how));
    return isPlain ? { code: textOf(text, what), source: what } : undefined;
  }
  return listOfComprehension(source, text);
}

function listOfComprehension(node: Node, text: Characters): WrittenList | undefined {
  const [element, clause, ...more] = node.children;
  if (!["generator_expression", "list_comprehension"].includes(node.type) || !element || !clause || more.length > 0)
    return undefined;
  const [variable, source] = clause.children;
  if (clause.type !== "for_in_clause" || variable?.type !== "identifier" || !source) return undefined;
  const value = elementOf(element, text);
  if (value === undefined) return undefined;
  const name = textOf(text, variable);
  const from = textOf(text, source);
  return { code: value === name ? from : `[${value} for ${name} in ${from}]`, source };
}

/** `str(x)` and `f"{x}"` stand for a number, `f"'{x}'"` for a string. */
function elementOf(element: Node, text: Characters): string | undefined {
  const called = functionOf(element, text);
  if (called === "str" || called === "repr") {
    const [only, ...more] = element.children[1]?.children ?? [];
    return only && more.length === 0 ? textOf(text, only) : undefined;
  }
  if (element.type !== "string") return undefined;
  const [value, ...others] = element.children.filter(({ type }) => type === "interpolation");
  const [inner, ...formats] = value?.children ?? [];
  if (!inner || others.length > 0 || formats.length > 0) return undefined;
  const around = element.children.filter(({ type }) => type === "string_content").map((one) => textOf(text, one));
  if (around.length === 0) return textOf(text, inner);
  if (around.join("|") !== "'|'") return undefined;
  return givesText(inner, text) ? textOf(text, inner) : `str(${textOf(text, inner)})`;
}
