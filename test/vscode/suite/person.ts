/**
 * Somebody in front of the editor: answers what a command asks, and remembers what was said. Under test VS Code answers
 * every modal question with no, and nobody is there to press a key; so the answers are given where the extension asks.
 */
import assert from "node:assert/strict";
import * as vscode from "vscode";

export const escape = Symbol("Escape");

/** A label of the list, a button, a text typed; several labels where several may be ticked. */
type Answer = string | RegExp | readonly RegExp[] | typeof escape;

/** Title and text of the question, and what is answered. */
export type Reply = readonly [question: RegExp, answer: Answer];

export interface Person {
  /** Everything that was asked and said, in order. */
  readonly heard: readonly string[];
  /** What the lists offered, row by row. */
  readonly offered: readonly string[];
}

type Shown = string | (vscode.QuickPickItem & object);

const labelOf = (item: Shown): string => (typeof item === "string" ? item : item.label);
const rowOf = (item: Shown): string =>
  typeof item === "string" ? item : [item.label, item.description, item.detail].filter(Boolean).join(" · ");

/**
 * Carries out a command with these replies, each of which must be needed. What is asked and has no reply is an error,
 * a message without one is left to itself.
 */
export async function asks(command: string, argument: unknown, ...replies: readonly Reply[]): Promise<Person> {
  const heard: string[] = [];
  const offered: string[] = [];
  const unexpected: string[] = [];
  const left = [...replies];
  const reply = (question: string): Answer | undefined => {
    heard.push(question);
    const index = left.findIndex(([pattern]) => pattern.test(question));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    return found?.[1];
  };
  const mustReply = (question: string): Answer => {
    const answer = reply(question);
    if (answer === undefined) unexpected.push(question);
    return answer ?? escape;
  };
  const find = (items: readonly Shown[], answer: string | RegExp): Shown => {
    const item = items.find((one) => (typeof answer === "string" ? labelOf(one) === answer : answer.test(rowOf(one))));
    assert(item !== undefined, `no row ${String(answer)} among: ${items.map(rowOf).join(" | ")}`);
    return item;
  };

  const showQuickPick = async (
    given: readonly Shown[] | Thenable<readonly Shown[]>,
    options: vscode.QuickPickOptions = {},
  ): Promise<unknown> => {
    const items = await given;
    offered.push(...items.map(rowOf));
    const answer = mustReply([options.title, options.placeHolder].join("\n"));
    if (answer === escape) return undefined;
    if (typeof answer !== "string" && !(answer instanceof RegExp))
      return (answer as readonly RegExp[]).map((one) => find(items, one));
    return options.canPickMany === true ? [find(items, answer)] : find(items, answer);
  };
  const showInputBox = async (options: vscode.InputBoxOptions = {}): Promise<string | undefined> => {
    const answer = mustReply([options.title, options.prompt].join("\n"));
    if (typeof answer !== "string") return undefined;
    assert.equal((await options.validateInput?.(answer)) ?? undefined, undefined);
    return answer;
  };
  const showOpenDialog = (options: vscode.OpenDialogOptions = {}): Promise<readonly vscode.Uri[] | undefined> => {
    const answer = mustReply(options.title ?? "");
    return Promise.resolve(typeof answer === "string" ? [vscode.Uri.file(answer)] : undefined);
  };
  const showMessage = (message: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const [first, ...others] = rest;
    const options =
      typeof first === "object" && first !== null && !("title" in first) ? (first as vscode.MessageOptions) : undefined;
    const buttons = options === undefined ? rest : others;
    const question = [message, options?.detail].filter(Boolean).join("\n");
    const answer = options?.modal === true ? mustReply(question) : reply(question);
    if (typeof answer !== "string") return Promise.resolve(undefined);
    assert(buttons.includes(answer), `no button ${answer} among: ${buttons.join(" | ")}`);
    return Promise.resolve(answer);
  };
  const person = {
    showQuickPick,
    showInputBox,
    showOpenDialog,
    ...{ showInformationMessage: showMessage, showWarningMessage: showMessage, showErrorMessage: showMessage },
  };
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.fromEntries(Object.keys(person).map((name) => [name, window[name]]));
  Object.assign(window, person);
  try {
    await vscode.commands.executeCommand(command, argument);
    // What is said without waiting for an answer has its own turn, and what a button does takes some more.
    await new Promise((resolve) => setTimeout(resolve, 200));
  } finally {
    Object.assign(window, before);
  }
  assert.deepEqual(unexpected, [], "asked without a reply");
  assert.deepEqual(
    left.map(([question]) => String(question)),
    [],
    `never asked; heard:\n${heard.join("\n---\n")}`,
  );
  return { heard, offered };
}

/** One of the sentences that were said. */
export function said({ heard }: Person, pattern: RegExp): void {
  assert(
    heard.some((one) => pattern.test(one)),
    `${String(pattern)} was not said; heard:\n${heard.join("\n---\n")}`,
  );
}
