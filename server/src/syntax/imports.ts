/** What import statements bind. */
import type { Range } from "../text/range.ts";
import { type Characters, type Node, textOf } from "./node.ts";

export interface Imported {
  readonly name: string;
  /** The module or object that the name stands for: `sqlalchemy.dialects.postgresql`. */
  readonly path: string;
  /** This name's part of the statement: `Column as C`. */
  readonly range: Range;
}

export interface Import {
  readonly names: readonly Imported[];
  /** The module of `from module import *`. */
  readonly star?: string;
}

export const isImport = (node: Node): boolean =>
  node.type === "import_statement" || node.type === "import_from_statement" || node.type === "future_import_statement";

export function readImport(node: Node, text: Characters): Import {
  const written = (part: Node): string => textOf(text, part).replace(/\s+/g, "");
  const aliased = (part: Node): { target: Node | undefined; alias: Node | undefined } =>
    part.type === "aliased_import"
      ? { target: part.children[0], alias: part.children[1] }
      : { target: part, alias: undefined };

  if (node.type === "import_statement") {
    return {
      names: node.children.flatMap((part) => {
        const { target, alias } = aliased(part);
        if (target?.type !== "dotted_name") return [];
        const path = written(target);
        const root = path.split(".")[0] ?? path;
        return [
          {
            name: alias ? written(alias) : root,
            path: alias ? path : root,
            range: { start: part.start, end: part.end },
          },
        ];
      }),
    };
  }
  const isFuture = node.type === "future_import_statement";
  const [first, ...others] = node.children;
  const module = isFuture ? "__future__" : first ? written(first) : "";
  const parts = isFuture ? node.children : others;
  if (parts.some((part) => part.type === "wildcard_import")) return { names: [], star: module };
  const prefix = module.endsWith(".") ? module : `${module}.`;
  return {
    names: parts.flatMap((part) => {
      const { target, alias } = aliased(part);
      if (target?.type !== "dotted_name") return [];
      return [
        { name: written(alias ?? target), path: prefix + written(target), range: { start: part.start, end: part.end } },
      ];
    }),
  };
}
