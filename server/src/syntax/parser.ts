/** The Python grammar. It is WebAssembly and comes as bytes, so that this layer needs no file system. */
import { Language, Parser, type Tree } from "web-tree-sitter";

export type { Tree };

interface Loaded {
  readonly parser: Parser;
  /** Names of node types by their number; empty for tokens that carry no meaning of their own (`(`, `def`, `,`). */
  readonly namedTypes: readonly string[];
}

let loaded: Loaded | undefined;

/** Both modules as bytes: tree-sitter's own runtime, and the Python grammar. */
export interface Grammar {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
}

/** @throws where the bytes are not the modules that they should be. */
export async function loadPython({ runtime, python }: Grammar): Promise<void> {
  if (loaded) return;
  await Parser.init({ wasmBinary: runtime.slice().buffer });
  const language = await Language.load(python);
  const parser = new Parser();
  parser.setLanguage(language);
  loaded = { parser, namedTypes: namesOf(language) };
}

function namesOf(language: Language): string[] {
  return Array.from({ length: language.nodeTypeCount }, (_, id) =>
    language.nodeTypeIsNamed(id) ? (language.nodeTypeForId(id) ?? "") : "",
  );
}

/** The caller frees the tree. Undefined where the parser gave up. */
export function parsePython(text: string): Tree | undefined {
  return grammar().parser.parse(withLineFeeds(text)) ?? undefined;
}

/** Python ends a line at a carriage return alone as well, and the grammar does not. */
const withLineFeeds = (text: string): string => (text.includes("\r") ? text.replaceAll(/\r(?!\n)/g, "\n") : text);

export const namedTypes = (): readonly string[] => grammar().namedTypes;

function grammar(): Loaded {
  if (!loaded) throw new Error("The Python grammar is not loaded: await loadEngine() first.");
  return loaded;
}
