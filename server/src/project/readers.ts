/** The readers of single texts, each of which remembers what it made of a file until that changes. */
import { readRevision } from "../model/read.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
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
  /** Reads what `revision` will be asked for soon, as far as there is a quick way. */
  prepare(reading: Reading): Promise<void>;
  revision(path: string, text: string, dialect: Dialect, modules?: Modules): RevisionFile;
  /** Forgets the revisions that were read with the help of modules of these names. */
  forgetReadersOf(names: ReadonlySet<string>): void;
  imported(path: string, text: string): ReadonlySet<Dialect>;
  environment(path: string, text: string): FoundEnvironment;
  /** Forgets all files but these. */
  keep(paths: ReadonlySet<string>): void;
}

export function createReaders(readMany?: ReadMany): Readers {
  const revisions = new Map<string, { readonly dialect: Dialect; readonly file: RevisionFile }>();
  const imports = remember((_path, text) => importedDialects(text));
  const environments = remember((path, text): FoundEnvironment => ({ ...readEnvironment(text), path, text }));
  const find = (path: string, text: string, dialect: Dialect): RevisionFile | undefined => {
    const known = revisions.get(path);
    return known?.dialect === dialect && known.file.text === text ? known.file : undefined;
  };
  return {
    async prepare({ texts, ...project }) {
      if (readMany === undefined) return;
      const { dialect } = project.config;
      const unread = new Map([...texts].filter(([path, text]) => find(path, text, dialect) === undefined));
      if (unread.size === 0) return;
      for (const [path, file] of await readMany({ texts: unread, ...project })) revisions.set(path, { dialect, file });
    },
    revision(path, text, dialect, modules) {
      const known = find(path, text, dialect);
      if (known) return known;
      const file = readRevision(path, text, { dialect, modules });
      revisions.set(path, { dialect, file });
      return file;
    },
    forgetReadersOf(names) {
      if (names.size === 0) return;
      for (const [path, { file }] of revisions)
        if (file.modules?.some((name) => names.has(name))) revisions.delete(path);
    },
    imported: imports.read,
    environment: environments.read,
    keep(paths) {
      for (const known of [revisions, imports.known, environments.known]) {
        for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
      }
    },
  };
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
