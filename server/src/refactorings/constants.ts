/** Constants of the module that generated code needs, and names that the file does not use yet. */
import type { RevisionFile } from "../model/revision.ts";
import type { Edit } from "../rewrite/edit.ts";
import { Refused } from "../rewrite/refused.ts";
import { slice } from "../text/range.ts";

export interface Constant {
  readonly name: string;
  readonly value: string;
  readonly comment: string;
}

/** Puts the number above upgrade(), unless the file has one of that name. @throws Refused where that is something else. */
export function defineConstant(file: RevisionFile, edit: Edit, { name, value, comment }: Constant): string {
  const bound = file.module.find(({ binds }) => binds.includes(name));
  if (bound && !/^\w+\b[^=]*=\s*[\d_.]+$/.test(slice(file.text, bound.range)))
    throw new Refused(`The name ${name} stands for something else in this file.`);
  if (bound) return name;
  const head = file.upgrades[0]?.head?.start ?? 0;
  const start = file.module.find(({ range }) => range.start <= head && head < range.end)?.range.start ?? head;
  edit.replace({ start, end: start }, `# ${comment}${file.newline}${name} = ${value}${file.newline.repeat(3)}`);
  return name;
}

export function freshNames(file: RevisionFile): (name: string) => string {
  const used = new Set(file.text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  return (name) => (used.has(name) ? `${name}_` : name);
}
