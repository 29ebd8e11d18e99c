/** Takes the migrations out of wheels and keeps them in `.cache/corpus`. */
import { unzipSync } from "fflate";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { extendedPackages, packages } from "./packages.ts";

const run = promisify(execFile);

const root = path.resolve(import.meta.dirname, "..", "..");
const cache = path.join(root, ".cache", "corpus");

/** Migrations, their env.py and templates, and configs; support modules beside the revisions come with them. */
const isWanted = (name: string): boolean =>
  /(^|\/)(_?migrations?|db_migrations|migrate_repo|alembic\w*)\//.test(name)
    ? /\.(py|ini|mako)$/.test(name)
    : /(^|\/)alembic\.ini$/.test(name);

/**
 * Folders of the packages' files, one each, fetched where they are not there yet.
 * @throws Error when there is no Python or PyPI cannot be reached.
 */
export async function fetchCorpus(
  names: readonly string[],
  say: (message: string) => void,
): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const name of names) {
    const version = packages[name] ?? extendedPackages[name];
    if (version === undefined) throw new Error(`${name} is not in scripts/corpus/packages.ts`);
    const folder = path.join(cache, `${name}-${version}`);
    if (!existsSync(folder)) {
      say(`fetching ${name} ${version}`);
      await fetchPackage(`${name}==${version}`, folder);
    }
    folders.push(folder.split(path.sep).join("/"));
  }
  return folders;
}

async function fetchPackage(requirement: string, folder: string): Promise<void> {
  const python = await pip();
  const download = await mkdtemp(path.join(cache, "download-"));
  try {
    const options = [
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--no-cache-dir",
      "--ignore-requires-python",
    ];
    await run(python, ["-m", "pip", "download", ...options, "--only-binary", ":all:", "--dest", download, requirement]);
    const wheel = (await readdir(download)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`${requirement} has no wheel`);
    const content = unzipSync(await readFile(path.join(download, wheel)), { filter: ({ name }) => isWanted(name) });
    const files = path.join(download, "files");
    for (const [name, bytes] of Object.entries(content)) {
      const target = path.resolve(files, name);
      // A wheel is somebody else's archive.
      if (!target.startsWith(files + path.sep)) throw new Error(`${requirement} holds the path ${name}`);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, bytes);
    }
    await rename(files, folder);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}

/** An interpreter that has pip, which Debian's own does not, and pyflakes. */
async function pip(): Promise<string> {
  const venv = path.join(cache, "venv");
  const python =
    process.platform === "win32" ? path.join(venv, "Scripts", "python.exe") : path.join(venv, "bin", "python");
  if (existsSync(path.join(venv, "ready"))) return python;
  await mkdir(cache, { recursive: true });
  await run(process.platform === "win32" ? "python" : "python3", ["-m", "venv", venv]);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyflakes==3.4.0"]);
  await writeFile(path.join(venv, "ready"), "");
  return python;
}

/**
 * What Python itself says of sources, by key: whether they are Python, and whether all their names are defined. An
 * answer that owes nothing to our own reading.
 */
export async function askPython(
  sources: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const child = run(await pip(), [path.join(import.meta.dirname, "undefined_names.py")], {
    maxBuffer: 64 * 1024 * 1024,
  });
  child.child.stdin?.end(JSON.stringify(sources));
  return JSON.parse((await child).stdout) as Record<string, readonly string[]>;
}
