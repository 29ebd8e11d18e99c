/** A plain string becomes `text(…)`, which SQLAlchemy 2 wants of a connection or session. */
import type { RevisionFile } from "../model/revision.ts";
import { slice, type Range } from "../text/range.ts";
import type { Edit } from "./edit.ts";
import { lineOf, Refused } from "./refused.ts";

/** What SQLAlchemy's `text()` takes for a parameter, inside of quotes as well. */
const parameter = /(?<![:\w\\]):\w+(?!:)/;
/** What drivers take for one. */
const ofDriver = /%(?:s|\(\w+\)s)|%%/;

/** @throws Refused where the string is not in this file, or where `text()` would read it otherwise than the driver does */
export function wrapInText(file: RevisionFile, argument: Range, edit: Edit): void {
  if (argument.end > file.text.length) throw new Refused("The string stands in another file.");
  const written = slice(file.text, argument);
  const at = lineOf(file, argument);
  if (parameter.test(written))
    throw new Refused(`The string on ${at} holds a colon before a word, which text() takes for a parameter.`);
  if (ofDriver.test(written))
    throw new Refused(`The string on ${at} holds parameters or signs of the driver's (%), which text() does not know.`);
  edit.replace(argument, `${edit.addImport("sqlalchemy.text")}(${written})`);
}
