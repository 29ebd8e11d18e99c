/** The script folder of a project: env.py, what other files explain of it, and the form of new revisions. */
import { parseSource } from "../syntax/source.ts";
import { metadataOf } from "./env.ts";
import { runEnvironment } from "./env-run.ts";
import { readText } from "./read-text.ts";
import { ProjectModules } from "./modules.ts";
import { agreedConvention, assignedConvention, Conventions } from "./naming-convention.ts";
import type { NamingConvention } from "../schema/replay/conventions.ts";
import { joinPath, parentOf } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import type { Readers } from "./readers.ts";
import type { Site } from "./site.ts";
import type { ProjectConfig, ProjectEnvironment, ProjectProblem } from "./snapshot.ts";

export type ScriptReading = Pick<ProjectConfig, "env" | "template">;

/** An application is not read whole to find its metadata. */
const maximalModules = 12;

export class ScriptFolder {
  readonly #files: FileSource;
  readonly #site: Site;
  readonly #readers: Readers;
  #modules: ProjectModules;
  #texts: ReadonlyMap<string, string> = new Map();
  #known: { readonly env: ProjectEnvironment; readonly full: ProjectEnvironment } | undefined;

  constructor(files: FileSource, site: Site, readers: Readers) {
    this.#files = files;
    this.#site = site;
    this.#readers = readers;
    this.#modules = this.#newModules();
  }

  /** The very env of the last time where nothing that it was made of has changed. */
  async read(problems: ProjectProblem[]): Promise<ScriptReading> {
    const { scriptLocation } = this.#site;
    if (scriptLocation === undefined) return {};
    const path = joinPath(scriptLocation, "env.py");
    const text = await readText(this.#files, path, problems);
    const templatePath = this.#templatePath(scriptLocation);
    const template = await this.#files.read(templatePath).catch(() => undefined);
    return {
      ...(text === undefined ? {} : { env: await this.#explain(this.#readers.environment(path, text)) }),
      ...(template === undefined ? {} : { template: { path: templatePath, text: template } }),
    };
  }

  /** Whether the file is one that `read` asked for; then it must be read again. */
  concerns(path: string): boolean {
    const { scriptLocation } = this.#site;
    if (scriptLocation !== undefined && path === this.#templatePath(scriptLocation)) return true;
    if (this.#modules.forget(path).size === 0) return false;
    this.#known = undefined;
    return true;
  }

  async #explain(env: ProjectEnvironment): Promise<ProjectEnvironment> {
    if (this.#known?.env === env) return this.#known.full;
    const namingConvention = await this.#findConvention(env);
    const full = namingConvention === undefined ? env : { ...env, namingConvention };
    this.#known = { env, full };
    return full;
  }

  async #findConvention({ text }: ProjectEnvironment): Promise<NamingConvention | undefined> {
    this.#modules = this.#newModules();
    const { modules } = this.#modules;
    const { vm, made, attributes } = runEnvironment(parseSource(text));
    // Only what the metadata leads to is read of the application.
    const conventions = new Conventions((path) => modules.resolve(path, vm));
    const values = metadataOf(made);
    const found = await this.#modules.complete(
      () => agreedConvention(values.map((value) => conventions.of(value))),
      nothingKept,
    );
    const assigned = assignedConvention([...this.#texts.values()], attributes);
    return assigned === "none" ? found : assigned === "unknown" ? undefined : assigned;
  }

  /** Modules of its own, since those that the revisions import are counted as well. */
  #newModules(): ProjectModules {
    const texts = new Map<string, string>();
    this.#texts = texts;
    const read = async (path: string): Promise<string | undefined> => {
      if (texts.size >= maximalModules) return undefined;
      const text = await this.#files.read(path);
      if (text !== undefined) texts.set(path, text);
      return text;
    };
    const folders = this.#site.importRoots.flatMap((root) => [root, joinPath(root, "src"), parentOf(root)]);
    return new ProjectModules({ read, list: (path) => this.#files.list(path) }, [...new Set(folders)]);
  }

  #templatePath(scriptLocation: string): string {
    return joinPath(scriptLocation, "script.py.mako");
  }
}

const nothingKept = { forgetReadersOf: () => undefined };
