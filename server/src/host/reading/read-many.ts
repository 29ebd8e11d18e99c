/** Reads the revisions of a project quickly: from what was kept, else in several threads. */
import { hash } from "node:crypto";
import type { RevisionFile } from "../../model/revision.ts";
import type { FileSource } from "../../project/ports.ts";
import type { ReadMany, Reading } from "../../project/readers.ts";
import type { ProjectConfig } from "../../project/snapshot.ts";
import type { KeptBytes } from "../kept-files.ts";
import { Witness } from "../recall.ts";
import type { MakeExtra } from "./batches.ts";
import { extraOf, restore, type Compact } from "./compact.ts";
import { digestOfText, readKept, writeKept, type KeptReading, type KeptReadings } from "./kept.ts";
import { readShared, type Threads } from "./threads.ts";

export interface Extra {
  readonly make: MakeExtra;
  /** What it is made under, beside the project's config: handed to the threads. */
  circumstances(config: ProjectConfig): Promise<unknown>;
}

export interface Means {
  readonly files: FileSource;
  /** Undefined: only this one. */
  readonly threads?: Threads | undefined;
  /** Undefined: nothing is kept. */
  readonly kept?: KeptBytes | undefined;
  readonly extra?: Extra | undefined;
}

export interface QuickReader {
  readonly readMany: ReadMany;
  /** What was made of the file beside its reading, and under which circumstances. */
  extraOf(file: RevisionFile): { readonly circumstances: unknown; readonly extra: unknown } | undefined;
  /** Of its text and of all that was read of it. Undefined of a file that was read in another way. */
  digestOf(file: RevisionFile): string | undefined;
}

/** Fewer files are read sooner than their readings are made and found. */
const worthKeeping = 50;

export function createQuickReader(means: Means): QuickReader {
  const known = new WeakMap<RevisionFile, { readonly circumstances: unknown; readonly reading: Compact }>();
  const digests = new WeakMap<RevisionFile, string>();
  return {
    async readMany(reading) {
      const { texts, config } = reading;
      const restored = new Map<string, RevisionFile>();
      const isLarge = texts.size >= worthKeeping && means.kept !== undefined;
      if (!isLarge && texts.size < (means.threads?.worthwhile ?? Infinity)) return restored;
      const circumstances = await means.extra?.circumstances(config);
      for (const one of await readAll(means, reading, circumstances)) {
        const file = restore(one, texts.get(one.path) ?? "");
        known.set(file, { circumstances, reading: one });
        restored.set(one.path, file);
      }
      return restored;
    },
    extraOf(file) {
      const found = known.get(file);
      return found && { circumstances: found.circumstances, extra: extraOf(found.reading) };
    },
    digestOf(file) {
      const reading = known.get(file)?.reading;
      if (reading === undefined) return undefined;
      const digest = digests.get(file) ?? `${digestOfText(file.text)} ${hash("sha1", reading.bytes, "base64")}`;
      digests.set(file, digest);
      return digest;
    },
  };
}

async function readAll(
  means: Means,
  { texts, config, moduleFolders }: Reading,
  circumstances: unknown,
): Promise<readonly Compact[]> {
  const { files, kept, threads, extra } = means;
  const purpose = digestOfText(JSON.stringify([config, circumstances], mapsAsLists));
  const old = kept && (await readKept(kept, config, purpose, files));
  const read = new Map<string, KeptReading>();
  const unread: [path: string, text: string][] = [];
  const digests = new Map<string, string>();
  for (const [path, text] of texts) {
    const digest = kept ? digestOfText(text) : "";
    digests.set(path, digest);
    const known = old?.byPath.get(path);
    if (known?.digest === digest) read.set(path, known);
    else unread.push([path, text]);
  }
  if (unread.length > 0) {
    const witness = new Witness(files);
    if (old) witness.attest(old.testimony);
    const assignment = { config, moduleFolders, circumstances };
    await readShared({ threads, files, assignment, makeExtra: extra?.make }, unread, (answer) => {
      witness.attest(answer.testimony);
      for (const reading of answer.readings)
        read.set(reading.path, { digest: digests.get(reading.path) ?? "", reading });
    });
    if (files instanceof Witness) files.attest(witness.testimony());
    if (kept && !witness.hasChanged)
      writeKept(kept, config, purpose, { byPath: withOthers(read, old), testimony: witness.testimony() });
  }
  return [...read.values()].map(({ reading }) => reading);
}

const mapsAsLists = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);

/** What is kept of other files stays, where only a part of the project was read anew. */
function withOthers(read: Map<string, KeptReading>, old: KeptReadings | undefined): Map<string, KeptReading> {
  return old === undefined || read.size * 2 > old.byPath.size ? read : new Map([...old.byPath, ...read]);
}
