import type { Dialect } from "../sql/action.ts";
import type { Header, Identifier, RevisionFile } from "../model/revision.ts";
import { range } from "../text/range.ts";

/** Identifiers and header only, until the model's reader is there. */
export function readRevision(path: string, text: string, _options: { dialect: Dialect }): RevisionFile {
  const find = (
    name: string,
  ): { source: string; at: { range: ReturnType<typeof range>; statement: ReturnType<typeof range> } } | undefined => {
    const match = new RegExp(String.raw`^${name}[ \t]*(?::[^=\n]+)?=[ \t]*(.*)$`, "m").exec(text);
    if (match === null) return undefined;
    const source = (match[1] ?? "").replace(/\s*#.*$/, "");
    const start = match.index + match[0].length - (match[1] ?? "").length;
    return {
      source,
      at: { range: range(start, start + source.length), statement: range(match.index, start + source.length) },
    };
  };
  const strings = (name: string): Identifier<readonly string[]> | undefined => {
    const found = find(name);
    return found && { value: [...found.source.matchAll(/["']([^"']*)["']/g)].map((m) => m[1] ?? ""), ...found.at };
  };
  const revision = find("revision");
  const doc = /^\s*[rRuU]?("""|''')([^\n]*)/.exec(text);
  const header: Header | undefined = doc
    ? {
        range: range(0, doc[0].length),
        message: { value: (doc[2] ?? "").replace(/("""|''').*/, "").trim(), range: range(0, doc[0].length) },
      }
    : undefined;
  const [downRevision, branchLabels, dependsOn] = ["down_revision", "branch_labels", "depends_on"].map(strings);
  return {
    path,
    text,
    isRevision: revision !== undefined,
    identifiers: {
      ...(revision ? { revision: { value: /["']([^"']*)["']/.exec(revision.source)?.[1] ?? "", ...revision.at } } : {}),
      ...(downRevision ? { downRevision } : {}),
      ...(branchLabels ? { branchLabels } : {}),
      ...(dependsOn ? { dependsOn } : {}),
    },
    ...(header ? { header } : {}),
    comments: [],
    module: [],
    upgrades: [{ name: "upgrade", form: "absent", indent: "    ", statements: [], operations: [] }],
    downgrades: [{ name: "downgrade", form: "absent", indent: "    ", statements: [], operations: [] }],
    aliases: {},
    problems: [],
    statements: { total: 0, analysed: 0 },
    newline: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
