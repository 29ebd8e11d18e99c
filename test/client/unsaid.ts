/** Texts of the client that look as if somebody read them, and do not go through `t("…")`. */
import path from "node:path";
import ts from "typescript";

export interface Unsaid {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Calls whose texts nobody but a developer reads: the log stays English, as the logs of VS Code do. */
const forDevelopers = /^(?:log|channel|console)\??\.\w+$|\.(?:log|channel)\.\w+$|^(?:tell|require|import)$/;

/** Properties that hold ids and code, whatever their value looks like. */
const codeProperties = new Set([
  ...["class", "command", "id", "key", "kind", "language", "pattern", "role", "scheme", "type", "viewType", "icon"],
  ...["webviewSection", "args", "context", "contextValue"],
]);

/** Files that hold programs, statements or mark-up as text. */
const programs = new Set(["alembic/process.ts", "alembic/redirected.ts", "views/graph/html.ts"]);

/** Names that are the same in every language, and what is no language at all. */
const names: ReadonlySet<string> = new Set([
  ...["Retort", "Retort Language Server", "Alembic", "SQL", "Mermaid", "GitHub Actions", "GitLab", "Scripts"],
  ...[
    "Enter",
    "Escape",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowL",
    "ArrowUp",
    "PageDown",
    "PageUp",
    "Home",
    "End",
  ],
  // Arguments and answers of Alembic.
  ...["upgrade head", "of Flask-Migrate", "idle in transaction", "tenant=one data=true", "alembic {}", "merge {}"],
  // What the problem matcher of a task reads, and what begins with a name.
  ...["error: {}", "{}:{}: error: {}", "SQL: {}", "Retort: {}", "Retort: {}. {}", "$ alembic {}"],
]);

/** Two words, or one that begins with a capital letter and goes on in small ones; a template also by one word between values. */
const isProse = (text: string, isTemplate: boolean): boolean =>
  /\p{L}{2,} \p{L}|^\p{Lu}\p{Ll}{2,}/u.test(text) ||
  (isTemplate && text.includes(" ") && /(?:^|\s)\p{L}{3,}(?:\s|[.:,;?!]|$)/u.test(text));

/** `SELECT version_num FROM {0}` and the lines of a drawing. */
const isCode = (text: string): boolean =>
  /^\s*(?:SELECT|SET|CREATE|DROP|<[a-z/!]|import |threading\.|runpy\.|flowchart|M\d)/.test(text) ||
  /^(?:Traceback|\(Background|-- Running)/.test(text);

export function unsaidIn(source: ts.SourceFile, file: string): readonly Unsaid[] {
  const found: Unsaid[] = [];
  if (programs.has(file)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(source);
      if (forDevelopers.test(callee)) return;
      if (callee === "t") {
        for (const value of node.arguments.slice(1)) visit(value);
        return;
      }
    }
    if (ts.isPropertyAssignment(node) && codeProperties.has(nameOf(node.name, source))) return;
    if (isCompared(node) || isClass(node, source)) return;
    const text = textOf(node) ?? buttonOf(node, source);
    if (text !== undefined && isProse(text, ts.isTemplateExpression(node)) && !isCode(text) && !names.has(text.trim()))
      found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const nameOf = (name: ts.PropertyName, source: ts.SourceFile): string =>
  ts.isStringLiteral(name) ? name.text : name.getText(source);

/** `{ Show: open }`: what a button says, as the name of a property. */
const buttonOf = (node: ts.Node, source: ts.SourceFile): string | undefined => {
  if (!ts.isIdentifier(node) || !ts.isPropertyAssignment(node.parent) || node.parent.name !== node) return undefined;
  return node.getText(source);
};

/** `item.contextValue = …`, and the style that a function of the page is given. */
const isClass = (node: ts.Node, source: ts.SourceFile): boolean =>
  (ts.isBinaryExpression(node) && node.left.getText(source).endsWith(".contextValue")) ||
  (ts.isStringLiteral(node) && /^button(?: primary)?$/.test(node.text));

const textOf = (node: ts.Node): string | undefined => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.templateSpans.reduce((text, { literal }) => `${text}{}${literal.text}`, node.head.text);
};

/** What a value is compared with is never shown; nor is a key by which something is looked up. */
const isCompared = (node: ts.Node): boolean => {
  if (!ts.isStringLiteralLike(node)) return false;
  const { parent } = node;
  // A word of the server, beside its translation.
  if (ts.isPropertyAssignment(parent) && parent.name === node)
    return parent.initializer.getText() === `t("${node.text}")`;
  return (
    (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) ||
    ts.isCaseClause(parent) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isCallExpression(parent) && /\.(?:startsWith|endsWith|includes|test)$/.test(parent.expression.getText()))
  );
};

/** Relative to the client's sources, with slashes. */
export const fileIn = (root: string, file: string): string => path.relative(root, file).replaceAll("\\", "/");
