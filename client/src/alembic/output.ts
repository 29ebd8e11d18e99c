/** What Alembic prints, as values. */
import { t } from "../l10n.ts";

/** A step that Alembic announces before it takes it. */
export interface Step {
  readonly direction: "upgrade" | "downgrade";
  /** Empty: the base. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly message: string;
}

const stepPattern = /Running (upgrade|downgrade) (.*?) ?-> (.*)$/;

/**
 * `INFO  [alembic.runtime.migration] Running upgrade a, b -> c, message`, in whatever form the project logs. The side that may
 * hold several revisions is the parents' side: left on the way up, right on the way down, where the message follows it: `known`
 * tells revision ids from words of the message.
 */
export const parseStep = (line: string, known: ReadonlySet<string> = new Set()): Step | undefined => {
  const match = stepPattern.exec(line.trimEnd());
  if (!match) return undefined;
  const [, word = "", left = "", right = ""] = match;
  const direction = word === "upgrade" ? "upgrade" : "downgrade";
  const words = right.split(", ");
  let count = 1;
  if (direction === "downgrade") while (count < words.length && known.has(words[count] ?? "")) count++;
  return {
    direction,
    from: splitIds(left),
    to: words.slice(0, count).flatMap((id) => splitIds(id)),
    message: words.slice(count).join(", "),
  };
};

const splitIds = (text: string): string[] =>
  text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "" && id !== "<base>");

/** The revision that a step runs: the one that it goes to, or the one that it leaves. */
export const revisionOf = (step: Step): string => (step.direction === "upgrade" ? step.to : step.from).join(", ");

/** One database of `alembic current --verbose`; a multi-database project has several. */
export interface CurrentDatabase {
  /** As SQLAlchemy prints it: the password is `***`. */
  readonly url: string;
  readonly versions: readonly string[];
}

export const parseCurrent = (stdout: string): CurrentDatabase[] => {
  const databases: { url: string; versions: string[] }[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    const url = /^Current revision\(s\) for (.*):$/.exec(line)?.[1];
    if (url !== undefined) databases.push({ url, versions: [] });
    const revision = /^Rev: ([^\s(]+)/.exec(line)?.[1];
    if (revision !== undefined) databases.at(-1)?.versions.push(revision);
  }
  return databases;
};

/** What went wrong, for a person who has not seen the log. */
export interface Failure {
  /** One line. */
  readonly reason: string;
  /** The innermost line of a project file in the traceback. */
  readonly place?: { readonly file: string; readonly line: number };
  /** Lines of project files that led to the error, the innermost first; `place` is the first of them. */
  readonly places?: readonly { readonly file: string; readonly line: number }[];
  /** What the server said beside the error: `DETAIL: …`, `HINT: …`. */
  readonly hints?: readonly string[];
  /** The statement that failed, as SQLAlchemy prints it; its parameters, which are values, are left out. */
  readonly sql?: string;
  /** A revision that the database is at and the project does not have. */
  readonly unknownRevision?: string;
  /** The database did not let Alembic in, or is not there. */
  readonly isConnection: boolean;
}

/** @param isOwn tells files of the project from those of its libraries. */
export const parseFailure = (output: string, isOwn: (file: string) => boolean = () => true): Failure => {
  const lines = output.split(/\r?\n/);
  const unknownRevision = /Can't locate revision identified by '([^']+)'/.exec(output)?.[1];
  const places = findPlaces(lines, isOwn);
  const [place] = places;
  const sql = findSql(lines);
  const hints = lines.filter((line) => /^(DETAIL|HINT): /.test(line));
  return {
    reason: findReason(lines),
    isConnection: connectionTrouble.test(output),
    ...(place === undefined ? {} : { place, places }),
    ...(hints.length === 0 ? {} : { hints }),
    ...(sql === undefined ? {} : { sql }),
    ...(unknownRevision === undefined ? {} : { unknownRevision }),
  };
};

/** DB-API's name for it, with the words that tell it from an error of a statement; and what drivers raise in its place. */
const connectionTrouble =
  /OperationalError.*(connect|authentication|timeout|timed out|refused|resolve|unable to open)|Connection(Refused|Reset)Error|gaierror|InvalidPasswordError|InvalidCatalogNameError/i;

const exceptionLine = /^((?:[A-Za-z_]\w*\.)*[A-Z]\w*)(?:: (.*))?$/;

const findReason = (lines: readonly string[]): string => {
  const failed = lines.findLast((line) => /^\s*(FAILED|ERROR\s+\[alembic\.util\.messaging\]):?\s/.test(line));
  const traceback = lines.findLastIndex((line) => line.startsWith("Traceback (most recent call last):"));
  const exception = traceback < 0 ? undefined : lines.slice(traceback).findLast((line) => exceptionLine.test(line));
  if (exception !== undefined) return shortenException(exception);
  if (failed !== undefined) return failed.replace(/^\s*(FAILED|ERROR\s+\[alembic\.util\.messaging\]):?\s+/, "");
  const last = lines.findLast((line) => line.trim() !== "" && !/^(INFO|DEBUG)\s/.test(line));
  return last?.trim() ?? t("Alembic stopped without saying why.");
};

/** `sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedTable) relation …` tells the same thing three times. */
const shortenException = (line: string): string => {
  const [, name = "", message] = exceptionLine.exec(line) ?? [];
  const simple = name.split(".").at(-1) ?? name;
  if (message === undefined || message === "") return simple;
  const wrapped = /^\((?:[\w.]+\.)?(\w+)\) (.*)$/.exec(message);
  return wrapped ? `${wrapped[1] ?? ""}: ${wrapped[2] ?? ""}` : `${simple}: ${message}`;
};

const findPlaces = (
  lines: readonly string[],
  isOwn: (file: string) => boolean,
): readonly { readonly file: string; readonly line: number }[] => {
  const traceback = lines.findLastIndex((line) => line.startsWith("Traceback (most recent call last):"));
  if (traceback < 0) return [];
  return lines
    .slice(traceback)
    .reverse()
    .flatMap((line) => {
      const [, file, number] = /^ +File "([^"]+)", line (\d+)/.exec(line) ?? [];
      const isFile = file !== undefined && number !== undefined && !file.startsWith("<") && isOwn(file);
      return isFile ? [{ file, line: Number(number) }] : [];
    });
};

/** `[SQL: ALTER TABLE …]`, over as many lines as the statement has. */
const findSql = (lines: readonly string[]): string | undefined => {
  const start = lines.findLastIndex((line) => line.startsWith("[SQL: "));
  if (start < 0) return undefined;
  const rest = lines.slice(start);
  const end = rest.findIndex((line, index) => line.endsWith("]") && isAfterSql(rest[index + 1]));
  const text = rest.slice(0, end < 0 ? 1 : end + 1).join("\n");
  return text
    .replace(/^\[SQL: /, "")
    .replace(/\]$/, "")
    .trim();
};

const isAfterSql = (line: string | undefined): boolean =>
  line === undefined || line === "" || line.startsWith("[parameters: ") || line.startsWith("(Background on this error");

/** The part of `alembic upgrade … --sql` that belongs to one revision; undefined where the output has no such part. */
export const sqlOfRevision = (stdout: string, revision: string): string | undefined => {
  const lines = stdout.split(/\r?\n/);
  const start = lines.findIndex((line) => {
    const step = line.startsWith("-- ") ? parseStep(line) : undefined;
    return step !== undefined && revisionOf(step) === revision;
  });
  if (start < 0) return undefined;
  const next = lines.findIndex((line, index) => index > start && line.startsWith("-- Running upgrade "));
  const end = next < 0 ? lines.findLastIndex((line) => line.trim() !== "") + 1 : next;
  const text = lines.slice(start, end).join("\n").trimEnd();
  // The transaction around all revisions began before this part.
  const own = /^BEGIN;$/m.test(text) ? text : text.replace(/\n+COMMIT;$/, "");
  return `${own}\n`;
};

/** Files that Alembic says it has written: `  Generating /app/versions/3f2a_add.py ...  done`. */
export const parseGenerated = (stdout: string): string[] =>
  stdout.split(/\r?\n/).flatMap((line) => /^\s*Generating (.+?) \.\.\.\s+done\s*$/.exec(line)?.[1] ?? []);
