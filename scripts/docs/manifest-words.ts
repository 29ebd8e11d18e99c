/**
 * The words of `package.json` that people read, moved into `package.nls.json`, where VS Code looks for them in the editor's
 * language. Whoever adds a command or a setting writes its words in place; `npm run generate` moves them.
 */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Words = Readonly<Record<string, string>>;

export interface Worded {
  /** The manifest with `%key%` in place of the words. */
  readonly manifest: Json;
  /** English, by key, in the order of the manifest; what the manifest no longer names is left out. */
  readonly words: Words;
}

const spoken = new Set([
  "title",
  "description",
  "markdownDescription",
  "contents",
  "name",
  "label",
  "contextualTitle",
  "altText",
]);
const spokenLists = new Set(["enumDescriptions", "markdownEnumDescriptions"]);
/** The rules' own words are written in one language. */
const ownWords = new Set([
  "retort.rules",
  "snippets",
  "grammars",
  "languages",
  "menus",
  "jsonValidation",
  "problemMatchers",
]);
const places = ["capabilities", "contributes"];

/** @param known the words that were moved before */
export function takeWords(manifest: { readonly [key: string]: Json }, known: Words): Worded {
  const words = new Map<string, string>();
  const take = (value: string, parts: readonly string[]): string => {
    const moved = /^%(.+)%$/.exec(value)?.[1];
    const text = moved === undefined ? value : known[moved];
    if (text === undefined || text === "Retort" || text === "") return value;
    let key = moved ?? parts.join(".");
    while (words.has(key) && words.get(key) !== text) key += "-";
    words.set(key, text);
    return `%${key}%`;
  };
  const walk = (value: Json, parts: readonly string[]): Json => {
    if (isList(value)) return value.map((one, i) => walk(one, [...parts, nameOf(one, i)]));
    if (typeof value !== "object" || value === null) return value;
    const owner: Record<string, Json> = { ...value };
    for (const [key, child] of Object.entries(value)) {
      if (ownWords.has(key)) continue;
      if (typeof child === "string" && spoken.has(key)) owner[key] = take(child, [...parts, key]);
      else if (isList(child) && spokenLists.has(key))
        owner[key] = child.map((one, i) => takeOf(value, one, i, [...parts, key]));
      else
        owner[key] = walk(
          child,
          [...parts, shortened(key)].filter((part) => !passed.has(part)),
        );
    }
    return owner;
  };
  const takeOf = (value: { readonly [key: string]: Json }, one: Json, i: number, parts: readonly string[]): Json => {
    const values = value["enum"];
    const chosen = isList(values) ? values[i] : i;
    return typeof one === "string" ? take(one, [...parts, String(chosen === "" ? "empty" : chosen)]) : one;
  };
  const worded = Object.fromEntries(
    Object.entries(manifest).map(([key, value]) => [key, places.includes(key) ? walk(value, []) : value]),
  );
  return { manifest: worded, words: Object.fromEntries(words) };
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Levels of the manifest that say nothing in a key. */
const passed = new Set(["properties", "activitybar", "steps"]);

const shortened = (key: string): string => key.replace(/^retort\./, "");

/** What an element of a list is called; welcome texts by their first words, so that others may come before them. */
function nameOf(element: Json, index: number): string {
  if (typeof element !== "object" || element === null || isList(element)) return String(index);
  for (const key of ["command", "id", "type"]) {
    const name = element[key];
    if (typeof name === "string") return shortened(name);
  }
  const contents = element["contents"];
  const moved = typeof contents === "string" ? /^%\w+\.(.+)\.\w+%$/.exec(contents)?.[1] : undefined;
  if (moved !== undefined) return moved;
  return typeof contents === "string"
    ? contents
        .toLowerCase()
        .split(/[^a-z]+/)
        .filter((word) => word !== "")
        .slice(0, 5)
        .join("-")
    : String(index);
}
