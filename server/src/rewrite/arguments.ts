/** Keyword arguments of a call, set and removed in the manner in which the call is written. */
import type { Operation, RevisionFile } from "../model/revision.ts";
import { findCall, type WrittenArgument, type WrittenCall } from "../model/written.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { lineStart } from "./lines.ts";
import { lineOf, Refused } from "./refused.ts";

/** What is to become of one call. */
export interface CallChange {
  readonly call: WrittenCall;
  /** `undefined`: removed. */
  readonly values: Map<string, string | undefined>;
}

/** @throws Refused where the operations are not all that the call makes, or where it cannot be read as a call. */
export function changeArgument(
  file: RevisionFile,
  calls: Map<number, CallChange>,
  operations: readonly Operation[],
  name: string,
  value: string | undefined,
): void {
  for (const operation of operations) {
    const call = findCall(file, operation);
    const at = lineOf(file, operation.range);
    if (!call) throw new Refused(`What is on ${at} is not written as a call in this file.`);
    if (call.arguments.some(({ unpacks }) => unpacks))
      throw new Refused(`The call on ${at} unpacks arguments that are not written there.`);
    const others = sharing(file, operation).filter((other) => !operations.includes(other));
    if (others.length > 0)
      throw new Refused(`The call on ${at} runs several times, and not all of them are to change.`);
    const known = calls.get(call.range.start) ?? { call, values: new Map<string, string | undefined>() };
    calls.set(call.range.start, known);
    known.values.set(name, value);
  }
}

/** Operations that the same text makes: in a loop, in a helper, of a list of statements. */
const sharing = (file: RevisionFile, { range }: Operation): readonly Operation[] =>
  [...file.upgrades, ...file.downgrades]
    .flatMap(({ operations }) => operations)
    .filter((other) => other.range.start === range.start && other.range.end === range.end);

export function argumentEdits(file: RevisionFile, { call, values }: CallChange): readonly TextEdit[] {
  const removed = (argument: WrittenArgument): boolean =>
    argument.name !== undefined && values.has(argument.name) && values.get(argument.name) === undefined;
  const lost = call.arguments.findIndex((argument) => removed(argument) && !argument.keyword);
  if (lost >= 0 && call.arguments.slice(lost + 1).some((argument) => !argument.keyword && !removed(argument)))
    throw new Refused(`An argument on ${lineOf(file, call.range)} is given by its place, and others follow it.`);
  const replaced = call.arguments.flatMap((argument): TextEdit[] => {
    const value = argument.name === undefined ? undefined : values.get(argument.name);
    return value === undefined || slice(file.text, argument.value) === value
      ? []
      : [{ range: argument.value, newText: value }];
  });
  const given = new Set(call.arguments.map(({ name }) => name));
  const added = [...values].flatMap(([name, value]) =>
    value === undefined || given.has(name) ? [] : [`${name}=${value}`],
  );
  return [...replaced, ...removals(call, removed), ...additions(file, call, removed, added)];
}

function removals({ arguments: all, list }: WrittenCall, removed: (argument: WrittenArgument) => boolean): TextEdit[] {
  const edits: TextEdit[] = [];
  let open: number | undefined;
  let kept: number | undefined;
  for (const argument of all) {
    if (removed(argument)) open ??= argument.range.start;
    else {
      if (open !== undefined) edits.push({ range: { start: open, end: argument.range.start }, newText: "" });
      open = undefined;
      kept = argument.range.end;
    }
  }
  const last = all.at(-1);
  if (open === undefined || !last) return edits;
  const range =
    kept === undefined ? { start: list.start + 1, end: list.end - 1 } : { start: kept, end: last.range.end };
  return [...edits, { range, newText: "" }];
}

/** On a line of their own where the arguments have lines of their own; else behind the last one. */
function additions(
  file: RevisionFile,
  { arguments: all, list }: WrittenCall,
  removed: (argument: WrittenArgument) => boolean,
  added: readonly string[],
): TextEdit[] {
  const last = all.findLast((argument) => !removed(argument));
  if (added.length === 0) return [];
  const start = last?.range.end ?? list.start + 1;
  if (!last) return [{ range: { start, end: start }, newText: added.join(", ") }];
  const line = lineStart(file.text, last.range.start);
  const indent = file.text.slice(line, last.range.start);
  const ownLine = indent.trim() === "" && last.range.start > list.start;
  if (!ownLine) return [{ range: { start, end: start }, newText: added.map((one) => `, ${one}`).join("") }];
  const lines = added.map((one) => `${file.newline}${indent}${one}`);
  const noted = /^([ \t]*,?)[ \t]*#[^\r\n]*/.exec(file.text.slice(start, list.end));
  if (!noted) return [{ range: { start, end: start }, newText: lines.map((one) => `,${one}`).join("") }];
  // What a comment says of the last argument stays beside it.
  const end = start + noted[0].length;
  const comma = noted[1]?.includes(",") === true ? [] : [{ range: { start, end: start }, newText: "," }];
  return [...comma, { range: { start: end, end }, newText: lines.map((one) => `${one},`).join("") }];
}
