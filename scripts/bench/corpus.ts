/** The revisions of real projects, all in one folder. */
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fetchCorpus } from "../corpus/fetch.ts";
import { packages } from "../corpus/packages.ts";
import type { Measure } from "./measured.ts";
import { measureCheck, type Programs } from "./retort.ts";

export interface Corpus {
  readonly input: string;
  readonly measures: readonly Measure[];
}

/** `folder` is emptied first: the measured copy has nothing beside it that another program may change meanwhile. */
export async function measureCorpus(
  programs: Programs,
  folder: string,
  say: (message: string) => void,
): Promise<Corpus> {
  try {
    const fetched = await fetchCorpus(Object.keys(packages), say);
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.join(folder, ".git"), { recursive: true });
    const folders = fetched.map((one) => path.join(folder, path.basename(one)));
    await Promise.all(fetched.map((one, i) => cp(one, folders[i] ?? "", { recursive: true })));
    const measures = await measureCheck(programs, folders, folder);
    const files = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })));
    const count = files.flat().filter((name) => name.endsWith(".py")).length;
    return { input: `${count} Python files of ${folders.length} public projects`, measures };
  } catch (error) {
    const missing = `not available: ${(error instanceof Error ? error.message : String(error)).split("\n")[0] ?? ""}`;
    return { input: missing, measures: [{ group: "retort", what: "retort check, cold", cell: { missing } }] };
  }
}
