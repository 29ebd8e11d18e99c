import { describe, expect, test } from "vitest";
import { explain } from "../../server/src/cli/explain.ts";
import { renderPage } from "../../server/src/cli/terminal-page.ts";
import { widthOf } from "../../server/src/cli/terminal.ts";
import { rules } from "../../server/src/rules/index.ts";
import { findNearest } from "../../server/src/text/nearest.ts";

const plain = (markdown: string, width = 40): string => renderPage(markdown, { width, colours: false });

describe("a page on a terminal", () => {
  test("wraps text, keeps code whole, and names addresses", () => {
    expect(plain("# a-rule\n\nSome *text* with `code that stays whole` and a\n[link](x.md), see <https://x.org/a>.\n"))
      .toBe(`a-rule

Some text with \`code that stays whole\`
and a link, see https://x.org/a.
`);
  });

  test("indents code, hangs items, and aligns tables", () => {
    expect(
      plain(
        "- one item that is longer than a line can be here\n- two\n\n```python\nif x:\n\n    y = 1\n```\n\n| | |\n|---|---|\n| Key | a \\| b |\n| Longer key | c |\n",
      ),
    ).toBe(`- one item that is longer than a line
  can be here
- two

    if x:

        y = 1

Key         a | b
Longer key  c
`);
  });

  test("is coloured only where it may be", () => {
    const text = renderPage("# a\n\n`b`\n", { width: 80, colours: true });
    expect(text).toContain("\u001B[");
    expect(text).not.toContain("`");
  });

  test.each(rules.map(({ id }) => id))("of %s stays within the width, code and addresses aside", (id) => {
    const text = explain(id, { colours: false, columns: 72 });
    expect(text).toMatch(new RegExp(`^${id}\\n\\n`));
    const rule = rules.find((one) => one.id === id);
    for (const word of [...(rule?.summary.split(" ") ?? []), ...(rule?.sources ?? [])]) expect(text).toContain(word);
    const long = text.split("\n").filter((line) => widthOf(line) > 72 && !/^ {4}|`[^`]{30,}|https:/.test(line));
    expect(long).toEqual([]);
    expect(text).not.toMatch(/^(?:#|```|\|)|\]\(/m);
  });
});

describe("the nearest names", () => {
  const names = [
    "non-concurrent-index",
    "non-concurrent-reindex",
    "dropped-column",
    "dropped-table",
    "required-column",
  ];

  test.each([
    ["non-concurent-index", "non-concurrent-index"],
    ["nonconcurrentindex", "non-concurrent-index"],
    ["drop-column", "dropped-column"],
    ["dropped-colunm", "dropped-column"],
    ["Dropped_Table", "dropped-table"],
  ])("of %s begin with %s", (asked, nearest) => {
    expect(findNearest(asked, names)[0]).toBe(nearest);
  });

  test.each(["", "x", "vacuum-full"])("of %j are none", (asked) => {
    expect(findNearest(asked, names)).toEqual([]);
  });
});
