/**
 * Answers kept from one run to the next, each with what it was made from. The engine is pure: all that it knows of the
 * world it has asked its file source. So an answer holds as long as the same questions have the same answers.
 */
import { hash } from "node:crypto";
import { FileUnreadable, type FileSource } from "../project/ports.ts";
import type { Kept } from "./kept-files.ts";

export type Question = readonly [kind: "read" | "list", path: string];

interface Recalled {
  readonly questions: readonly Question[];
  /** Of all answers, in the order of the questions. */
  readonly digest: string;
  readonly answer: unknown;
}

export interface Computed<T> {
  readonly answer: T;
  /** Something went wrong that should be seen again. */
  readonly isDoubtful: boolean;
}

/**
 * The answer of an earlier run under the same name where all files that it saw are the same; else it is computed.
 * `stillHolds` is asked of what no file tells, and whether the answer has in it what is wanted now.
 */
export async function recall<T>(
  kept: Kept,
  name: string,
  files: FileSource,
  compute: (files: Witness) => Promise<Computed<T>>,
  stillHolds: (answer: T) => Promise<boolean> = () => Promise.resolve(true),
): Promise<T> {
  const known = kept.read(name) as Recalled | undefined;
  if (known !== undefined && (await digestOf(known.questions, files)) === known.digest) {
    const answer = known.answer as T;
    if (await stillHolds(answer)) return answer;
  }
  const witness = new Witness(files);
  const { answer, isDoubtful } = await compute(witness);
  if (!isDoubtful && !witness.hasChanged) {
    const testimony = witness.testimony();
    const questions = testimony.map(({ question }) => question);
    const digest = combined(
      questions,
      testimony.map((one) => one.answer),
    );
    kept.write(name, { questions, digest, answer } satisfies Recalled);
  }
  return answer;
}

async function digestOf(questions: readonly Question[], files: FileSource): Promise<string> {
  const answers: string[] = [];
  for (const question of questions) answers.push(await answerOf(question, files));
  return combined(questions, answers);
}

const combined = (questions: readonly Question[], answers: readonly string[]): string =>
  hash("sha256", JSON.stringify([questions, answers]));

/** One string for each answer that can be given. */
export async function answerOf([kind, path]: Question, files: FileSource): Promise<string> {
  try {
    return kind === "read" ? written(await files.read(path)) : listed(await files.list(path));
  } catch (error) {
    return failed(error);
  }
}

const written = (text: string | undefined): string => (text === undefined ? "absent" : hash("sha256", text));

const listed = (entries: Awaited<ReturnType<FileSource["list"]>>): string => hash("sha256", JSON.stringify([entries]));

/** What is not said by `FileUnreadable` is a defect, and never the same again. */
const failed = (error: unknown): string =>
  error instanceof FileUnreadable ? `unreadable ${error.message}` : `defect ${String(Math.random())}`;

/** What was asked and, as one string each, what was answered. */
export type Testimony = readonly { readonly question: Question; readonly answer: string }[];

/** Passes every question on and remembers the answers. */
export class Witness implements FileSource {
  readonly #files: FileSource;
  readonly #answers = new Map<string, Testimony[number]>();
  /** A question that was asked twice had two answers. */
  hasChanged = false;

  constructor(files: FileSource) {
    this.#files = files;
  }

  read(path: string): Promise<string | undefined> {
    return this.#note(["read", path], this.#files.read(path), written);
  }

  list(path: string): ReturnType<FileSource["list"]> {
    return this.#note(["list", path], this.#files.list(path), listed);
  }

  testimony(): Testimony {
    return [...this.#answers.values()];
  }

  /** Takes over what another witness has heard for the same purpose. */
  attest(testimony: Testimony): void {
    for (const { question, answer } of testimony) this.#remember(question, answer);
  }

  async #note<T>(question: Question, asked: Promise<T>, render: (value: T) => string): Promise<T> {
    try {
      const value = await asked;
      this.#remember(question, render(value));
      return value;
    } catch (error) {
      this.#remember(question, failed(error));
      throw error;
    }
  }

  #remember(question: Question, answer: string): void {
    const key = question.join(" ");
    const earlier = this.#answers.get(key);
    if (earlier === undefined) this.#answers.set(key, { question, answer });
    else if (earlier.answer !== answer) this.hasChanged = true;
  }
}
