/** `retort stats`: how large the tables of a database are, for the statistics file of the project. */
import { readStatistics } from "../database/statistics.ts";
import { urlVariables } from "../database/url-variables.ts";
import { resolvePath } from "../project/paths.ts";
import { renderStatistics } from "../project/statistics.ts";
import { range } from "../text/range.ts";
import type { Command } from "./arguments.ts";
import { toDatabase, type Source } from "./database.ts";
import { exitCodes, InputError, UsageError, type ExitCode, type Io } from "./io.ts";

type Stats = Command & { readonly name: "stats" };

function findUrl({ database }: Stats, environment: Environment): Source {
  if (database !== undefined) return { text: database, from: "--database" };
  for (const name of urlVariables) {
    const text = environment[name];
    if (text !== undefined && text.trim() !== "") return { text, from: `the variable ${name}` };
  }
  throw new UsageError(`stats needs --database URL, or the URL in one of the variables ${urlVariables.join(", ")}`);
}

type Environment = NonNullable<Io["environment"]>;

/** A file that is there is replaced, and only once all has been read. */
async function write(path: string, text: string, io: Io): Promise<void> {
  const absolute = resolvePath(io.cwd, path);
  const before = await io.files.read(absolute).catch(() => undefined);
  await io.write(
    before === undefined
      ? { create: [{ path: absolute, text }], edit: [] }
      : { create: [], edit: [{ path: absolute, edits: [{ range: range(0, before.length), newText: text }] }] },
  );
}

export async function runStats(command: Stats, io: Io): Promise<ExitCode> {
  const { environment = {} } = io;
  const source = findUrl(command, environment);
  const { target, shown, mask } = toDatabase(source, "statistics are read", io);
  const answer = await readStatistics(target);
  if (!answer.ok) throw new InputError(mask(answer.reason));
  const { value: statistics } = answer;
  const text = renderStatistics(statistics);
  if (command.output === undefined) io.out(text);
  else await write(command.output, text, io);
  const { length } = statistics.tables;
  const locked =
    statistics.sizes === "estimated" ? "; one was locked, so the sizes are those that the server has noted last" : "";
  io.err(
    mask(
      `Read the sizes of ${String(length)} ${length === 1 ? "table" : "tables"} of ${shown} (${source.from})${locked}.\n`,
    ),
  );
  return exitCodes.clean;
}
