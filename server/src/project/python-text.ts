/** The little that is asked of Python outside revision files: no syntax tree is needed, and none can fail. */

/** The text with the insides of strings and all comments blanked, so that offsets hold and patterns see only code. */
export function codeOnly(text: string): string {
  return text.replaceAll(
    /#[^\r\n]*|("""|''')(?:\\[^]|(?!\1)[^])*(?:\1|$)|(["'])(?:\\[^]|(?!\2)[^\\\r\n])*\2?/g,
    (part) => (part.startsWith("#") ? blank(part) : part.slice(0, 1) + blank(part.slice(1, -1)) + part.slice(-1)),
  );
}

const blank = (part: string): string => part.replaceAll(/[^\r\n]/g, " ");

/** The keyword arguments of the call whose "(" ends at `start`, as source text; `code` is `codeOnly(text)`. */
export function keywordArguments(text: string, code: string, start: number): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  let depth = 0;
  let from = start;
  for (let i = start; i < code.length; i++) {
    const c = code.charAt(i);
    if (depth === 0 && (c === "," || c === ")")) {
      const keyword = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(code.slice(from, i));
      if (keyword !== null) found.push([keyword[1] ?? "", text.slice(from + keyword[0].length, i).trim()]);
      from = i + 1;
      if (c === ")") break;
    } else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
  }
  return found;
}

/** A cheap sign that a Python text is a revision file. */
export const looksLikeRevision = (text: string): boolean =>
  /^revision[ \t]*(?::[^=\n]+)?=/m.test(text) && /^down_revision[ \t]*(?::[^=\n]+)?=/m.test(text);

/** Id of a revision file, and the ids that its `down_revision` and `depends_on` name, as far as they are plain strings. */
export function revisionLinks(text: string): { readonly id: string | undefined; readonly names: readonly string[] } {
  const value = (name: string): string =>
    new RegExp(String.raw`^${name}[ \t]*(?::[^=\n]+)?=[ \t]*(\([^)]*\)|\[[^\]]*\]|[^\n]*)`, "m").exec(text)?.[1] ?? "";
  const strings = (source: string): string[] => [...source.matchAll(/["']([^"'\n]*)["']/g)].map(([, one]) => one ?? "");
  return {
    id: strings(value("revision"))[0],
    names: [...strings(value("down_revision")), ...strings(value("depends_on"))],
  };
}
