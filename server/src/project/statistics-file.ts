/** Where a project's statistics are, and reading them; the very value of the last time where the text is the same. */
import { resolvePath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import { problem, readText } from "./read-text.ts";
import type { ProjectProblem } from "./snapshot.ts";
import { parseStatistics, statisticsFileName, type Statistics } from "./statistics.ts";

const pathFor = (root: string, chosen: string | undefined): string => resolvePath(root, chosen ?? statisticsFileName);

export class StatisticsFile {
  readonly path: string;
  readonly #files: FileSource;
  /** Somebody has named it, so it should be there. */
  readonly #isNamed: boolean;
  #known: { readonly text: string; readonly parsed: ReturnType<typeof parseStatistics> } | undefined;

  /** @param chosen the person's setting, relative to the project's folder */
  constructor(files: FileSource, root: string, chosen: string | undefined) {
    this.path = pathFor(root, chosen);
    this.#files = files;
    this.#isNamed = chosen !== undefined;
  }

  isFor(root: string, chosen: string | undefined): boolean {
    return this.path === pathFor(root, chosen) && this.#isNamed === (chosen !== undefined);
  }

  /** Undefined where there is none, and where it is no such file: then why is among the problems. */
  async read(problems: ProjectProblem[]): Promise<Statistics | undefined> {
    const text = await readText(this.#files, this.path, problems);
    if (text === undefined) {
      const isMissing = this.#isNamed && !problems.some(({ file }) => file === this.path);
      if (isMissing)
        problems.push(problem("statistics", "The setting `statistics` names this file, and there is none.", this.path));
      return undefined;
    }
    if (this.#known?.text !== text) this.#known = { text, parsed: parseStatistics(text) };
    const { parsed } = this.#known;
    if (!("problem" in parsed)) return parsed;
    problems.push(problem("statistics", parsed.problem, this.path));
    return undefined;
  }
}
