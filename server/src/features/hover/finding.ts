/** On what was found: the page of the rule in short, with the way to the whole of it. */
import { findExplanation } from "../../history/explained.ts";
import { rules } from "../../rules/index.ts";
import { code } from "./markdown.ts";

/** What a rule and a problem of the history say of themselves; both are Markdown of our own. */
interface Page {
  readonly summary: string;
  readonly why: string;
  readonly instead: string;
  readonly sources: readonly string[];
}

/** Of more at one place only the summary is told, or nobody reads any of it. */
const toldWhole = 2;

const pageOf = (id: string): Page | undefined => rules.find((rule) => rule.id === id) ?? findExplanation(id);

/** Lines are broken for whoever reads the source. */
const joined = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").trim();

/** `pages`: where the page of `{id}` is, if the editor can open it. */
function linkOf(id: string, { sources }: Page, pages: string | undefined): string {
  const [source] = sources;
  if (pages !== undefined)
    return `[The whole page: what it catches, what it passes, how it is set](<${pages.replace("{id}", id)}>)`;
  return source === undefined ? "" : `More: <${source}>`;
}

function renderPage(id: string, page: Page, pages: string | undefined, isWhole: boolean): string {
  const told = isWhole ? [`**Why.** ${joined(page.why)}`, `**Instead.** ${joined(page.instead)}`] : [];
  return [`${code(id)}: ${joined(page.summary)}`, ...told, linkOf(id, page, pages)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** `ids`: of the rules that have found something there, and of problems of the history. Undefined where none has a page. */
export function renderPages(ids: readonly string[], pages?: string): string | undefined {
  const known = [...new Set(ids)].flatMap((id) => {
    const page = pageOf(id);
    return page ? [{ id, page }] : [];
  });
  if (known.length === 0) return undefined;
  return known.map(({ id, page }, at) => renderPage(id, page, pages, at < toldWhole)).join("\n\n---\n\n");
}
