/** Where a file says in words who it is: its docstring, or a string after the imports that was meant to be one. */
import type { Header, RevisionFile } from "../model/revision.ts";
import { slice, type Range } from "../text/range.ts";

type Field = { readonly value: string; readonly range: Range };

export function headerOf(file: RevisionFile): Header | undefined {
  if (file.header?.revisionId !== undefined) return file.header;
  for (const item of file.module) {
    const text = slice(file.text, item.range);
    if (item.kind !== "other" || !/^[rRuU]?("""|''')/.test(text) || !/^[ \t]*Revision ID[ \t]*:/m.test(text)) continue;
    return readString(text, item.range);
  }
  return file.header;
}

function readString(text: string, range: Range): Header {
  const field = (pattern: RegExp): Field | undefined => {
    const found = pattern.exec(text);
    const value = found?.[2] ?? "";
    const start = range.start + (found?.index ?? 0) + (found?.[1] ?? "").length;
    return found ? { value, range: { start, end: start + value.length } } : undefined;
  };
  const message = field(/^([rRuU]?["']{3}\s*)(\S[^\r\n]*?)(?=["']{3}|[ \t]*(?:\r|\n))/);
  const revisionId = field(/^([ \t]*Revision ID[ \t]*:[ \t]*)(\S*)/m);
  const revises = field(/^([ \t]*Revises[ \t]*:[ \t]*)([^\r\n]*?)(?=[ \t]*(?:\r|\n|$))/m);
  const createDate = field(/^([ \t]*Create Date[ \t]*:[ \t]*)([^\r\n]*?)(?=[ \t]*(?:\r|\n|$))/m);
  return {
    range,
    message: message ?? { value: "", range: { start: range.start, end: range.start } },
    ...(revisionId && { revisionId }),
    ...(revises && { revises }),
    ...(createDate && { createDate }),
  };
}

/** What the revision is about, in words: its message, else what its file is called without its id. */
export function messageOf(file: RevisionFile): string {
  const message = headerOf(file)?.message.value ?? "";
  if (message !== "") return message;
  const id = file.identifiers.revision?.value ?? "";
  const name = file.path.slice(file.path.lastIndexOf("/") + 1).replace(/\.py$/, "");
  const words = name
    .replace(id, "")
    .replaceAll(/[_\W]+/g, " ")
    .trim();
  return words === "" ? id : words;
}
