/** What each file of the repository imports, read from the sources with TypeScript's own scanner. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";

export const repository = join(import.meta.dirname, "../..");

export interface Import {
  /** Path of the importing file, relative to the repository, with "/". */
  readonly from: string;
  /** Path of the imported file likewise, or a module's name. */
  readonly to: string;
  readonly local: boolean;
  /** False for `import type` and `export type`: gone when the code runs. */
  readonly atRuntime: boolean;
}

const toPath = (absolute: string): string => relative(repository, absolute).split(sep).join("/");

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  const all = named !== undefined && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
  return clause.name === undefined && all;
};

export function importsOf(path: string): readonly Import[] {
  const source = ts.createSourceFile(path, readFileSync(join(repository, path), "utf8"), ts.ScriptTarget.Latest, false);
  const found: Import[] = [];
  const add = (specifier: ts.Expression, atRuntime: boolean): void => {
    if (!ts.isStringLiteralLike(specifier)) return;
    const local = specifier.text.startsWith(".");
    const to = local ? toPath(join(repository, dirname(path), specifier.text)) : specifier.text;
    found.push({ from: path, to, local, atRuntime });
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      add(node.moduleSpecifier, !isTypeOnly(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined) add(specifier, true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal as ts.Expression, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export const sourceFiles = (): readonly string[] =>
  globSync(["server/**/*.ts", "client/**/*.ts", "scripts/**/*.ts", "test/**/*.ts"], {
    cwd: repository,
    ignore: ["**/node_modules/**", "**/.*/**"],
  }).sort();

export const fileExists = (path: string): boolean => existsSync(join(repository, path));

/** One cycle of files that import each other when they run, if there is any. */
export function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const edges = new Map<string, string[]>();
  for (const { from, to, local, atRuntime } of imports) {
    if (local && atRuntime) edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): readonly string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of edges.get(file) ?? []) {
      const cycle = walk(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of edges.keys()) {
    const cycle = walk(file);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
