/** Which names a statement binds, and which it needs from outside. */
import { readImport, isImport } from "./imports.ts";
import { childOf, childrenOf, type Node, textOf, walk } from "./node.ts";

export interface Names {
  readonly binds: readonly string[];
  /** Free names; one that the statement itself binds before every use is not among them. */
  readonly uses: readonly string[];
}

/** Names bound on the way so far. `branch` works on a copy. */
interface State {
  readonly bound: Set<string>;
  readonly binds: Set<string>;
  readonly uses: Set<string>;
  /** How deep the walk is; shared by all copies. */
  readonly depth: { now: number };
}

/** Deeper code than people write is only searched for names. */
const maximalDepth = 400;

export function namesOf(node: Node, text: string): Names {
  const state: State = { bound: new Set(), binds: new Set(), uses: new Set(), depth: { now: 0 } };
  visit(node, text, state);
  return { binds: [...state.binds], uses: [...state.uses] };
}

const use = (name: string, state: State): void => {
  if (!state.bound.has(name)) state.uses.add(name);
};

const bind = (name: string, state: State): void => {
  state.bound.add(name);
  state.binds.add(name);
};

const copy = (state: State): State => ({ ...state, bound: new Set(state.bound) });

function visitAll(nodes: readonly Node[], text: string, state: State): void {
  for (const node of nodes) visit(node, text, state);
}

function visit(node: Node, text: string, state: State): void {
  if (state.depth.now > maximalDepth) {
    for (const part of walk(node)) if (part.type === "identifier") use(textOf(text, part), state);
    return;
  }
  state.depth.now++;
  visitNode(node, text, state);
  state.depth.now--;
}

function visitNode(node: Node, text: string, state: State): void {
  if (isImport(node)) {
    for (const { name } of readImport(node, text).names) bind(name, state);
    return;
  }
  switch (node.type) {
    case "identifier":
      use(textOf(text, node), state);
      return;
    case "attribute":
      if (node.children[0]) visit(node.children[0], text, state);
      return;
    case "keyword_argument":
      visitAll(node.children.slice(1), text, state);
      return;
    case "assignment":
      visitAll(node.children.slice(1), text, state);
      if (node.children[0]) visitTarget(node.children[0], text, state);
      return;
    case "augmented_assignment":
      visitAll(node.children, text, state);
      if (node.children[0]) visitTarget(node.children[0], text, state);
      return;
    case "named_expression":
      visitAll(node.children.slice(1), text, state);
      if (node.children[0]) visitTarget(node.children[0], text, state);
      return;
    case "delete_statement":
      visitAll(node.children, text, state);
      return;
    case "for_statement":
      visitFor(node, text, state);
      return;
    case "with_statement":
      visitWith(node, text, state);
      return;
    case "if_statement":
      visitIf(node, text, state);
      return;
    case "while_statement":
      if (node.children[0]) visit(node.children[0], text, state);
      visitAll(node.children.slice(1), text, copy(state));
      return;
    case "except_clause":
      visitHandler(node, text, copy(state));
      return;
    case "function_definition":
    case "lambda":
    case "class_definition":
      visitDefinition(node, text, state);
      return;
    case "list_comprehension":
    case "set_comprehension":
    case "dictionary_comprehension":
    case "generator_expression":
      visitComprehension(node, text, state);
      return;
    case "global_statement":
    case "nonlocal_statement":
      return;
    default:
      visitAll(node.children, text, state);
  }
}

function visitTarget(node: Node, text: string, state: State): void {
  if (node.type === "identifier") bind(textOf(text, node), state);
  else if (node.type === "attribute" || node.type === "subscript") {
    visit(node, text, state);
    const root = node.type === "subscript" ? rootName(node, text) : undefined;
    if (root !== undefined) state.binds.add(root);
  } else for (const child of node.children) visitTarget(child, text, state);
}

/** `a` of `a.b[c]`, whose content a statement changes. */
function rootName(node: Node, text: string): string | undefined {
  let at: Node | undefined = node;
  while (at && (at.type === "attribute" || at.type === "subscript")) at = at.children[0];
  return at?.type === "identifier" ? textOf(text, at) : undefined;
}

function visitFor(node: Node, text: string, state: State): void {
  const [target, iterable, ...rest] = node.children;
  if (iterable) visit(iterable, text, state);
  const inside = copy(state);
  if (target) visitTarget(target, text, inside);
  visitAll(rest, text, inside);
}

function visitWith(node: Node, text: string, state: State): void {
  const clause = childOf(node, "with_clause");
  for (const item of clause ? childrenOf(clause, "with_item") : []) {
    const [value] = item.children;
    if (value?.type !== "as_pattern") visitAll(item.children, text, state);
    else {
      if (value.children[0]) visit(value.children[0], text, state);
      if (value.children[1]) visitTarget(value.children[1], text, state);
    }
  }
  visitAll(childrenOf(node, "block"), text, state);
}

function visitIf(node: Node, text: string, state: State): void {
  const arms: Set<string>[] = [];
  let complete = false;
  for (const clause of [
    node,
    ...node.children.filter((child) => child.type === "elif_clause" || child.type === "else_clause"),
  ]) {
    complete ||= clause.type === "else_clause";
    if (clause.type !== "else_clause" && clause.children[0]) visit(clause.children[0], text, state);
    const arm = copy(state);
    visitAll(childrenOf(clause, "block"), text, arm);
    arms.push(arm.bound);
  }
  const [first, ...others] = arms;
  if (!complete || !first) return;
  for (const name of first) if (others.every((other) => other.has(name))) state.bound.add(name);
}

function visitHandler(node: Node, text: string, state: State): void {
  for (const child of node.children) {
    if (child.type !== "as_pattern") visit(child, text, state);
    else {
      if (child.children[0]) visit(child.children[0], text, state);
      const alias = child.children[1];
      if (alias) for (const part of walk(alias)) if (part.type === "identifier") state.bound.add(textOf(text, part));
    }
  }
}

/** Names that a function needs are those that neither its parameters nor its own statements bind. */
function visitDefinition(node: Node, text: string, state: State): void {
  const body = node.type === "lambda" ? node.children.slice(-1) : childrenOf(node, "block");
  const parameters = childOf(node, "parameters") ?? childOf(node, "lambda_parameters");
  const own = new Set<string>();
  for (const parameter of parameters?.children ?? []) visitParameter(parameter, text, state, own);
  for (const child of node.children) {
    if (child.type === "type" || child.type === "argument_list") visit(child, text, state);
  }
  const name = node.type === "lambda" ? undefined : childOf(node, "identifier");
  if (node.type === "class_definition") {
    visitAll(body, text, { ...copy(state), binds: new Set() });
  } else {
    const inner: State = { bound: own, binds: new Set(), uses: new Set(), depth: state.depth };
    visitAll(body, text, inner);
    const outer = declaredElsewhere(body, text);
    for (const used of inner.uses) if (outer.has(used) || !inner.binds.has(used)) use(used, state);
    for (const used of outer) use(used, state);
  }
  if (name) bind(textOf(text, name), state);
}

const declaredElsewhere = (body: readonly Node[], text: string): Set<string> =>
  new Set(
    body.flatMap((node) =>
      (/\b(?:global|nonlocal)\b/.test(textOf(text, node)) ? [...walk(node)] : [])
        .filter((part) => part.type === "global_statement" || part.type === "nonlocal_statement")
        .flatMap((part) => part.children.map((child) => textOf(text, child))),
    ),
  );

function visitParameter(node: Node, text: string, state: State, own: Set<string>): void {
  const [first, ...others] = node.children;
  if (node.type === "identifier") own.add(textOf(text, node));
  else if (first) {
    visitParameter(first, text, state, own);
    visitAll(others, text, state);
  }
}

function visitComprehension(node: Node, text: string, state: State): void {
  const [body, ...clauses] = node.children;
  const inside: State = { ...copy(state), binds: new Set() };
  for (const clause of clauses) {
    if (clause.type !== "for_in_clause") visitAll(clause.children, text, inside);
    else {
      visitAll(clause.children.slice(1), text, inside);
      if (clause.children[0]) visitTarget(clause.children[0], text, inside);
    }
  }
  if (body) visit(body, text, inside);
}
