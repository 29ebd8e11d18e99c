/** Revisions by id and message, and what they do by its words, over all projects: "add column users.email". */
import type { RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";
import type { OutlineKind } from "./operation-words.ts";
import { operationsOf } from "./outline.ts";
import { targetOf } from "./revisions/links.ts";

export interface FoundSymbol {
  readonly name: string;
  readonly kind: OutlineKind | "revision";
  readonly file: RevisionFile;
  readonly range: Range;
}

/** Of a file, kept until it is another one: what was found there, in lower case beside. */
interface Entry {
  readonly symbol: FoundSymbol;
  readonly searched: string;
}

const entries = new WeakMap<RevisionFile, readonly Entry[]>();

/** All that can be found in a file. Costs a reading of its operations the first time. */
function entriesOf(file: RevisionFile): readonly Entry[] {
  const known = entries.get(file);
  if (known) return known;
  const id = file.identifiers.revision?.value ?? "";
  const message = file.header?.message.value ?? "";
  const upgrades = file.upgradesOnce?.() ?? file.upgrades;
  const symbols: readonly FoundSymbol[] = [
    { name: `${id} ${message}`.trim(), kind: "revision", file, range: targetOf({ id, file }).range },
    ...upgrades.flatMap((direction) =>
      operationsOf(file, direction).map(({ name, kind, nameRange }) => ({ name, kind, file, range: nameRange })),
    ),
  ];
  const made = symbols.map((symbol) => ({ symbol, searched: symbol.name.toLowerCase() }));
  entries.set(file, made);
  return made;
}

/** The editor ranks by the order of letters: whatever has them in that order may be meant. */
export function holdsLetters(searched: string, query: string): boolean {
  let at = 0;
  for (const letter of query) {
    at = searched.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

export const lettersOf = (query: string): string => query.toLowerCase().replaceAll(/[\s.]+/g, "");

/** @param letters of `lettersOf`; none: every revision, and no operations */
export const symbolsIn = (file: RevisionFile, letters: string): readonly FoundSymbol[] =>
  file.isRevision
    ? entriesOf(file)
        .filter(({ symbol, searched }) =>
          letters === "" ? symbol.kind === "revision" : holdsLetters(searched, letters),
        )
        .map(({ symbol }) => symbol)
    : [];
