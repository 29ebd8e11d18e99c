/** The readers of single texts, each of which remembers what it made of a file until that changes. */
import { readHalfTyped } from "../model/half-typed.ts";
import { longestRead, readRevision } from "../model/read.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import { follow, type Followed } from "../syntax/follow.ts";
import type { Modules } from "../syntax/interpreter.ts";
import { importedDialects } from "./dialect.ts";
import { readEnvironment } from "./env.ts";
import type { ProjectConfig, ProjectEnvironment } from "./snapshot.ts";

export type FoundEnvironment = ProjectEnvironment;

/** What there is to read of one project. */
export interface Reading {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly config: ProjectConfig;
  /** Where Python looks for the project's own modules. */
  readonly moduleFolders: readonly string[];
}

/**
 * Reads many revisions at once, in whatever way is quick where it runs. Each is what `readRevision` makes of the text;
 * those that are left out are read one by one.
 */
export type ReadMany = (reading: Reading) => Promise<ReadonlyMap<string, RevisionFile>>;

export interface Readers {
  /** Says that a file is being typed, so that its last readable state counts where it is broken; or no longer. */
  typed(path: string, isTyped: boolean): void;
  /** Reads what `revision` will be asked for soon, as far as there is a quick way. Answers the modules that it asked for. */
  prepare(reading: Reading): Promise<ReadonlySet<string>>;
  revision(path: string, text: string, dialect: Dialect, modules?: Modules): RevisionFile;
  /** Forgets the revisions that were read with the help of modules of these names. */
  forgetReadersOf(names: ReadonlySet<string>): void;
  imported(path: string, text: string): ReadonlySet<Dialect>;
  environment(path: string, text: string): FoundEnvironment;
  /** Forgets all files but these. */
  keep(paths: ReadonlySet<string>): void;
}

export function createReaders(readMany?: ReadMany): Readers {
  const revisions = new Map<string, KnownRevision>();
  /** What is open in an editor; undefined until it is read. */
  const typed = new Map<string, Followed | undefined>();
  const followed = (path: string, text: string): Followed | undefined => {
    if (!typed.has(path) || text.length > longestRead) return undefined;
    const earlier = typed.get(path);
    if (earlier?.text === text) return earlier;
    const now = follow(text, earlier);
    typed.set(path, now);
    return now;
  };
  const imports = remember((_path, text) => importedDialects(text));
  const environments = remember((path, text): FoundEnvironment => ({ ...readEnvironment(text), path, text }));
  const find = (path: string, text: string, dialect: Dialect): RevisionFile | undefined => {
    const known = revisions.get(path);
    return known?.dialect === dialect && known.file.text === text ? known.file : undefined;
  };
  return {
    typed(path, isTyped) {
      if (isTyped && !typed.has(path)) typed.set(path, undefined);
      if (isTyped || !typed.delete(path)) return;
      // What it stood for while it was typed is not what it is on the disk.
      revisions.delete(path);
      imports.known.delete(path);
    },
    async prepare({ texts, ...project }) {
      const asked = new Set<string>();
      if (readMany === undefined) return asked;
      const { dialect } = project.config;
      const isNeeded = (path: string, text: string): boolean => !typed.has(path) && !find(path, text, dialect);
      const unread = new Map([...texts].filter(([path, text]) => isNeeded(path, text)));
      if (unread.size === 0) return asked;
      for (const [path, file] of await readMany({ texts: unread, ...project })) {
        revisions.set(path, { dialect, file });
        for (const name of file.modules ?? []) asked.add(name);
      }
      return asked;
    },
    revision(path, text, dialect, modules) {
      const open = followed(path, text);
      const known = find(path, text, dialect);
      if (known) return known;
      const options = { dialect, modules };
      const earlier = revisions.get(path);
      const read: Omit<KnownRevision, "dialect"> = open
        ? readHalfTyped(path, open, options, earlier?.dialect === dialect ? earlier.basis : undefined)
        : { file: readRevision(path, text, options) };
      revisions.set(path, { dialect, ...read });
      return read.file;
    },
    forgetReadersOf(names) {
      if (names.size === 0) return;
      for (const [path, { file }] of revisions)
        if (file.modules?.some((name) => names.has(name))) revisions.delete(path);
    },
    imported: (path, text) => imports.read(path, followed(path, text)?.readable.text ?? text),
    environment: environments.read,
    keep(paths) {
      for (const known of [revisions, imports.known, environments.known]) {
        for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
      }
    },
  };
}

interface KnownRevision {
  readonly dialect: Dialect;
  readonly file: RevisionFile;
  readonly basis?: RevisionFile;
}

function remember<T>(make: (path: string, text: string) => T) {
  const known = new Map<string, { readonly text: string; readonly value: T }>();
  return {
    known,
    read(path: string, text: string): T {
      const earlier = known.get(path);
      if (earlier?.text === text) return earlier.value;
      const value = make(path, text);
      known.set(path, { text, value });
      return value;
    },
  };
}
