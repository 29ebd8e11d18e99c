/** What anybody can write into a repository, where VS Code would make links and icons of it. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { asMarkdown, plain } from "../../client/src/plain.ts";
import { revisionRows } from "../../client/src/views/revisions/model.ts";
import { renderTooltip } from "../../client/src/views/revisions/tooltip.ts";
import { projectOf } from "./history.ts";

type MarkdownIt = new (options: object) => { render: (text: string) => string };
const Markdown = createRequire(import.meta.url)("markdown-it") as MarkdownIt;
/** As eager as can be: HTML is taken as such, and whatever looks like an address is a link. */
const eager = new Markdown({ html: true, linkify: true });

const hostile = [
  "[drop it](command:workbench.action.closeWindow)",
  "![x](https://example.com/x.png)",
  "<img src=x onerror=alert(1)>",
  "<https://example.com>",
  "see https://example.com/a_b and www.example.com or mailto:me@example.com",
  "**bold** `code` # head ~~gone~~ | a | b |",
  "&lt;b&gt; &#60;i&#62;",
  "$(trash) $(zap~spin)",
  `it's "quoted" \\ and \`ticked\``,
  "[a]: https://example.com\n[a]",
];

/** What is left of mark-up: the text that a person sees. */
const seen = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .trim();

test.each(hostile)("in Markdown %s is text", (text) => {
  const html = eager.render(asMarkdown(text));
  expect(html).toMatch(/^<p>[^<>]*<\/p>\n$/);
  expect(seen(html)).toBe(text.replaceAll(/\s+/g, " "));
});

test.each(hostile)("the tooltip of a revision called %s has no link, picture or icon", (message) => {
  const project = projectOf({ a: [] });
  const view = { node: project, standing: { kind: "unread" } } as const;
  const [row] = revisionRows(view);
  const bad = { ...row?.revision, message, branchLabels: [message], createDate: message };
  const html = eager.render(renderTooltip({ ...row, revision: bad } as Parameters<typeof renderTooltip>[0]));
  expect(html).not.toMatch(/<(?!\/?(?:p|strong|br)>)/);
  expect(seen(html)).toContain(message.replaceAll(/\s+/g, " "));
});

test("a notification has no link and a list no icon, and both show all that is written", () => {
  for (const text of hostile) {
    const shown = plain(text);
    expect(shown).not.toMatch(/\[[^\]]*\]\(|\$\(/);
    expect(shown.replaceAll("\u200B", "")).toBe(text);
  }
});
