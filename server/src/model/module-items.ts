/** The top-level statements of a file. */
import { isImport, readImport } from "../syntax/imports.ts";
import { namesOf, type Names } from "../syntax/names.ts";
import { childrenOf, textOf, type Node } from "../syntax/node.ts";
import type { Source } from "../syntax/source.ts";
import { isDocstring } from "./header.ts";
import { isIdentifierName, readAssignment } from "./identifiers.ts";
import { divideLines, endOfBlock } from "./lines.ts";
import type { ModuleItem } from "./revision.ts";

export function readModuleItems({ text, statements }: Source): readonly ModuleItem[] {
  const ends = statements.map((statement) =>
    isBlock(statement) ? { ...statement, end: endOfOwnLines(text, statement) } : statement,
  );
  const placed = divideLines(text, { start: 0, end: text.length }, ends);
  return statements.map((statement, i): ModuleItem => {
    const lines = placed[i]?.lines ?? { start: statement.start, end: statement.end };
    const kind = kindOf(statement, text, i);
    const line = text.slice(statement.start, lines.end);
    return {
      range: { start: statement.start, end: statement.end },
      lines,
      kind,
      ...itemNames(statement, text),
      keep: kind === "import" && keepsImport(statement, line, text),
      ...(kind === "import" ? { imported: importedNames(statement, text) } : {}),
    };
  });
}

/** `NAMES.append(x)` belongs to the definition of `NAMES`. */
function itemNames(statement: Node, text: string): Names {
  const names = namesOf(statement, text);
  const call = statement.type === "expression_statement" ? statement.children[0] : undefined;
  const [object] = call?.type === "call" && call.children[0]?.type === "attribute" ? call.children[0].children : [];
  return object?.type === "identifier"
    ? { ...names, binds: [...new Set([...names.binds, textOf(text, object)])] }
    : names;
}

const isBlock = (statement: Node): boolean =>
  statement.type === "decorated_definition" || childrenOf(statement, "block").length > 0;

/** Indented comments below the last statement of a function belong to it. The end is that of its last line's text. */
function endOfOwnLines(text: string, statement: Node): number {
  const end = endOfBlock(text, statement.end, 0);
  return Math.max(statement.end, end - (/(?:\r\n|\r|\n)$/.exec(text.slice(0, end).slice(-2))?.[0].length ?? 0));
}

function kindOf(statement: Node, text: string, index: number): ModuleItem["kind"] {
  if (isImport(statement)) return "import";
  if (index === 0 && isDocstring(statement)) return "docstring";
  switch (statement.type) {
    case "function_definition":
      return "function";
    case "class_definition":
      return "class";
    case "decorated_definition":
      return statement.children.at(-1)?.type === "class_definition" ? "class" : "function";
    case "if_statement":
      return /^if\s+\(?\s*__name__\s*==/.test(textOf(text, statement)) ? "main-guard" : "other";
    case "expression_statement": {
      const [only] = statement.children;
      if (only?.type !== "assignment") return "other";
      const assigned = readAssignment(statement, text);
      return assigned && isIdentifierName(assigned.name) ? "identifier" : "constant";
    }
    default:
      return "other";
  }
}

const keepsImport = (statement: Node, line: string, text: string): boolean =>
  statement.type === "future_import_statement" ||
  readImport(statement, text).star !== undefined ||
  /#.*(?:noqa|isort:\s*skip|nosec|pylint|side[ -]?effect)/i.test(line);

const importedNames = (statement: Node, text: string): NonNullable<ModuleItem["imported"]> =>
  readImport(statement, text).names.map(({ name, range }) => ({
    name,
    range,
    text: text.slice(range.start, range.end),
  }));
