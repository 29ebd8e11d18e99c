/** What is asked of Python texts without a tree of them: cheap, since most are read for nothing else. */
import { readIdentifiers } from "../model/identifiers.ts";
import { cutBlocks } from "../syntax/blocks.ts";
import { interpretModule } from "../syntax/interpret.ts";
import { parseSource } from "../syntax/source.ts";

const candidate = /^(?:revision|down_revision)\b/m;

/**
 * The file's own assignments of these names, each with all its lines. Text in a docstring or a call is none: only what
 * begins a statement counts.
 */
function assignments(text: string, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!candidate.test(text)) return found;
  for (const { start, end } of cutBlocks(text, { start: 0, end: text.length })) {
    const name = names.find((one) => text.startsWith(one, start));
    if (name === undefined) continue;
    const next = text.slice(start + name.length, end).trimStart();
    if (next.startsWith(":") || (next.startsWith("=") && !next.startsWith("=="))) {
      found.set(name, text.slice(start, end));
    }
  }
  return found;
}

/** A sign that a Python text is a revision file: it sets the two names that every revision has. */
export const looksLikeRevision = (text: string): boolean => assignments(text, ["revision", "down_revision"]).size === 2;

/** Id of a revision file, and the ids that its `down_revision` and `depends_on` name, as far as they are plain strings. */
export function revisionLinks(text: string): { readonly id: string | undefined; readonly names: readonly string[] } {
  const code = [...assignments(text, ["revision", "down_revision", "depends_on"]).values()].join("\n");
  const source = parseSource(code);
  const { revision, downRevision, dependsOn } = readIdentifiers(
    source.statements,
    interpretModule(source, () => undefined),
  );
  return { id: revision?.value, names: [...(downRevision?.value ?? []), ...(dependsOn?.value ?? [])] };
}
