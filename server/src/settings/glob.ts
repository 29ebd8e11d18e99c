/**
 * Whether a path, relative to the project's folder with "/", matches one of the globs. `*` and `?` stay within a name,
 * `**` crosses folders, `{a,b}` chooses; a glob without "/" matches at any depth, and a folder takes all below it along.
 */
export function matchesGlob(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => toPattern(glob).test(path));
}

/** Why nothing can match the glob, as the end of a sentence. */
export function findGlobProblem(glob: string): string | undefined {
  if (glob.trim() === "") return "is empty";
  if (glob.startsWith("!")) return "begins with !, which has no meaning here";
  const opened = (glob.match(/\{/g) ?? []).length;
  const closed = (glob.match(/\}/g) ?? []).length;
  return opened === closed && toPattern(glob) !== never ? undefined : "has braces that do not match";
}

const patterns = new Map<string, RegExp>();

function toPattern(glob: string): RegExp {
  const known = patterns.get(glob);
  if (known !== undefined) return known;
  const trimmed = glob.replace(/^\.?\//, "").replace(/\/(\*\*)?$/, "");
  const anchored = trimmed.includes("/");
  const pattern = compile(`^${anchored ? "" : "(?:.*/)?"}${translate(trimmed)}(?:/.*)?$`);
  patterns.set(glob, pattern);
  return pattern;
}

const never = /(?!)/;

/** A glob whose braces do not match ignores nothing. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    return never;
  }
}

function translate(glob: string): string {
  let depth = 0;
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|[{},]|[.+^$()|[\]\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part === "{" && glob.includes("}")) return (depth++, "(?:");
    if (part === "}" && depth > 0) return (depth--, ")");
    if (part === "," && depth > 0) return "|";
    return part === "," ? "," : `\\${part}`;
  });
}
