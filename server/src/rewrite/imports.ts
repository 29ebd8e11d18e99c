/** Imports that an edit needs: what is there already is used under its own name, what is missing is put in its place. */
import type { ModuleItem, RevisionFile } from "../model/revision.ts";
import { importsOf, type Imported } from "../model/written.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { lineEnd } from "./lines.ts";
import { Refused } from "./refused.ts";

export interface ImportPlan {
  /** The words by which code of this file calls what the path names. */
  nameOf(path: string): string;
  edits(): readonly TextEdit[];
}

/** As Alembic's own template writes them. */
const customary: Readonly<Record<string, string>> = {
  sqlalchemy: "import sqlalchemy as sa",
  "alembic.op": "from alembic import op",
  "alembic.context": "from alembic import context",
  "sqlalchemy.dialects.mssql": "from sqlalchemy.dialects import mssql",
  "sqlalchemy.dialects.mysql": "from sqlalchemy.dialects import mysql",
  "sqlalchemy.dialects.oracle": "from sqlalchemy.dialects import oracle",
  "sqlalchemy.dialects.postgresql": "from sqlalchemy.dialects import postgresql",
  "sqlalchemy.dialects.sqlite": "from sqlalchemy.dialects import sqlite",
};

interface Wanted {
  readonly name: string;
  readonly code: string;
}

/** What an import of the path binds where the file has none: `sa` for `sqlalchemy`, a module's own name for others. */
function wantedFor(path: string): Wanted {
  const code = customary[path] ?? `import ${path}`;
  const name = / as (\w+)$/.exec(code)?.[1] ?? code.slice(code.lastIndexOf(" ") + 1);
  return { name, code };
}

export function planImports(file: RevisionFile): ImportPlan {
  const wanted = new Map<string, Wanted>();
  const imported = importsOf(file);
  const known = (path: string): string | undefined => imported.findLast((one) => one.path === path)?.name;
  return {
    nameOf(path) {
      const direct = known(path);
      const module = direct === undefined ? moduleOf(path) : path;
      const attribute = path.slice(module.length);
      const name = direct ?? known(module);
      if (name !== undefined) {
        refuseRebound(file, name, imported);
        return name + attribute;
      }
      const found = wanted.get(module) ?? wantedFor(module);
      refuseRebound(file, found.name, []);
      wanted.set(module, found);
      return found.name + attribute;
    },
    edits: () => {
      const codes = [...wanted.values()].map(({ code }) => code).sort();
      return [codes.filter((code) => !thirdParty.test(code)), codes.filter((code) => thirdParty.test(code))]
        .filter((group) => group.length > 0)
        .map((group) => insertion(file, group.join(file.newline)));
    },
  };
}

/** What is imported: a construct is an attribute of its module, which is no more than a name. */
function moduleOf(path: string): string {
  const dot = path.lastIndexOf(".");
  const owner = path.slice(0, Math.max(0, dot));
  const isModule = customary[path] !== undefined || (customary[owner] === undefined && !/\.[A-Z]\w*$/.test(path));
  return isModule ? path : owner;
}

/** Something else of that name would be called in its place. */
function refuseRebound(file: RevisionFile, name: string, imported: readonly Imported[]): void {
  const binds = [
    ...file.module.filter(({ kind }) => kind !== "import").flatMap((item) => item.binds),
    ...[...file.upgrades, ...file.downgrades].flatMap(({ statements }) => statements.flatMap((one) => one.binds)),
    ...(imported.some((one) => one.name === name) ? [] : file.module.flatMap((item) => item.binds)),
  ];
  if (binds.includes(name)) throw new Refused(`The name ${name} stands for something else in this file.`);
}

const thirdParty = /^(?:from|import) (?:alembic|sqlalchemy)\b/;

const isFuture = (text: string): boolean => /\b__future__\b/.test(text);

/** Modules of Python itself come first, apart from the others, as is the custom. */
function insertion(file: RevisionFile, code: string): TextEdit {
  const imports = file.module.filter(({ kind }) => kind === "import");
  const textOf = (item: ModuleItem): string => slice(file.text, item.range);
  const usual = imports.filter((item) => !isFuture(textOf(item)));
  const [first] = usual;
  if (!first) return atTop(file, code, imports.at(-1));
  if (!thirdParty.test(code)) {
    const own = usual.slice(
      0,
      Math.max(
        0,
        usual.findIndex((item) => thirdParty.test(textOf(item))),
      ),
    );
    const last = own.at(-1);
    // Plain imports come before those of names, as the sorters of imports have it.
    const named = own.find((item) => textOf(item).startsWith("from "));
    if (named) return { range: { start: named.range.start, end: named.range.start }, newText: code + file.newline };
    if (last) return after(file, last, code);
    const { start } = first.range;
    return { range: { start, end: start }, newText: `${code}${file.newline}${file.newline}` };
  }
  const last = usual.findLast((item) => thirdParty.test(textOf(item))) ?? usual.at(-1) ?? first;
  return after(file, last, code);
}

function after(file: RevisionFile, { range }: ModuleItem, code: string): TextEdit {
  const end = lineEnd(file.text, range.end);
  return { range: { start: end, end }, newText: `${code}${file.newline}` };
}

function atTop(file: RevisionFile, code: string, future: ModuleItem | undefined): TextEdit {
  const above = future ?? file.module.find(({ kind }) => kind === "docstring");
  if (!above) return { range: { start: 0, end: 0 }, newText: `${code}${file.newline}${file.newline}` };
  const end = lineEnd(file.text, above.range.end);
  return { range: { start: end, end }, newText: `${file.newline}${code}${file.newline}` };
}
