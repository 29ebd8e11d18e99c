/**
 * What rules have found with the help of other files, kept from one run to the next: it stands as long as its file, the config and
 * the settings do, and as long as everything that was asked of the rest of the project has the same answers. They are asked again
 * in each run, so that one file that changed costs what it reaches.
 */
import { hash } from "node:crypto";
import { askAgain, type Inquiry, type Question } from "../facts/inquiry.ts";
import { ancestorsOf } from "../facts/past.ts";
import { positionsOf } from "../history/ancestry.ts";
import type { Kept } from "../host/kept-files.ts";
import type { QuickReader } from "../host/reading/read-many.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { checkFile, checkFileWatched, type Checked, type Finding } from "../rules/check.ts";
import { widerRules } from "../rules/reach.ts";
import type { Settings } from "../settings/settings.ts";

interface Entry {
  /** Of the file and of what was read of it. */
  readonly digest: string;
  readonly questions: readonly Question[];
  /** Of all answers, in the order of the questions. */
  readonly answers: string;
  readonly findings: readonly Finding[];
}

interface Stored {
  /** What they were made under, beside the files. */
  readonly purpose: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface WiderChecks {
  /** By the rules that look at other files as well. */
  check(file: RevisionFile): Checked;
  /** To be called when all files are checked. */
  keep(): void;
}

interface Means {
  readonly quick: QuickReader;
  /** Undefined: nothing is kept. */
  readonly kept: Kept | undefined;
}

const collectionsAsLists = (_key: string, value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;

const digestOf = (value: unknown): string => hash("sha1", JSON.stringify(value, collectionsAsLists) ?? "", "base64");

export function widerChecks(project: Project, settings: Settings, { quick, kept }: Means): WiderChecks {
  if (kept === undefined)
    return { check: (file) => checkFile(project, file, settings, widerRules), keep: () => undefined };
  const { root, section, dialect } = project.config;
  const name = JSON.stringify(["findings", root, section, dialect]);
  const purpose = digestOf([project.config, settings]);
  const stored = kept.read(name) as Stored | undefined;
  const old: Stored["entries"] = stored?.purpose === purpose ? stored.entries : new Map();
  const made = new Map<string, Entry>();
  const pastOf = pastDigests(project, quick);
  const digestOfAnswers = (answers: readonly unknown[]): string =>
    hash("sha1", JSON.stringify(answers.map((answer) => JSON.stringify(answer) ?? "")), "base64");
  const askedAgain = (file: RevisionFile, question: Question): unknown =>
    "playedTo" in question ? pastOf(question.playedTo, file) : askAgain(project, question);
  const toEntry = (file: RevisionFile, found: Checked, inquiries: readonly Inquiry[]): Entry | undefined => {
    const digest = quick.digestOf(file);
    if (digest === undefined || found.failures.length > 0) return undefined;
    const questions: Question[] = [];
    const answers: unknown[] = [];
    for (const { question, answer } of inquiries) {
      const given = question && "playedTo" in question ? pastOf(question.playedTo, file) : answer;
      if (question === undefined || ("playedTo" in question && given === undefined)) return undefined;
      questions.push(question);
      answers.push(given);
    }
    return { digest, questions, answers: digestOfAnswers(answers), findings: found.findings };
  };
  return {
    check(file) {
      const known = old.get(file.path);
      const stands =
        known !== undefined &&
        known.digest === quick.digestOf(file) &&
        known.answers === digestOfAnswers(known.questions.map((question) => askedAgain(file, question)));
      if (stands) return { findings: known.findings, failures: [] };
      const { inquiries, ...found } = checkFileWatched(project, file, settings, widerRules);
      const entry = toEntry(file, found, inquiries);
      if (entry !== undefined) made.set(file.path, entry);
      return found;
    },
    keep() {
      if (made.size === 0) return;
      const entries = new Map([...old].filter(([path]) => project.files.has(path)).concat([...made]));
      kept.write(name, { purpose, entries } satisfies Stored);
    },
  };
}

/**
 * By revision: of its file, and of the files of all that run before it in their order. What is played up to it depends on
 * nothing else but the config. Undefined where that is not known of one of them.
 */
function pastDigests(project: Project, quick: QuickReader): (id: string, file: RevisionFile) => string | undefined {
  let digests: ReadonlyMap<string, string> | undefined;
  return (id, file) => {
    digests ??= followPast(project, quick);
    const past = digests.get(id);
    const isOwn = project.history.revisions.get(id)?.file === file;
    return past === undefined ? undefined : `${past} ${isOwn ? "own" : "another file's"}`;
  };
}

function followPast({ history }: Project, quick: QuickReader): ReadonlyMap<string, string> {
  const positions = positionsOf(history);
  const digests = new Map<string, string>();
  for (const [position, id] of history.order.entries()) {
    const file = history.revisions.get(id)?.file;
    const own = file && quick.digestOf(file);
    const parents = (history.before.get(id) ?? []).filter((one) => (positions.get(one) ?? Infinity) < position);
    const before = parents.map((one) => digests.get(one));
    if (own === undefined || before.includes(undefined)) continue;
    digests.set(
      id,
      digestOf([id, file?.path, own, parents, before, parents.length > 1 ? orderBefore(history, id) : ""]),
    );
  }
  return digests;
}

/** Where branches meet, which revision of one runs before which of another. */
function orderBefore(history: Project["history"], id: string): readonly string[] {
  const ancestors = ancestorsOf(history, id);
  return history.order.filter((one) => ancestors.has(one));
}
