import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMako } from "../../server/src/project/mako.ts";
import { momentAt } from "../../server/src/project/moment.ts";
import { renderRevision, type NewRevisionFacts } from "../../server/src/project/revision-template.ts";

const facts: NewRevisionFacts = {
  revision: "bbb",
  message: "Add a table",
  parents: ["aaa"],
  branchLabels: [],
  dependsOn: [],
  createDate: momentAt(Date.UTC(2026, 2, 4, 5, 6, 7, 89), undefined),
  databases: [],
};
const rendered = (template: string, more: Partial<NewRevisionFacts> = {}): string => {
  const result = renderRevision(template, { ...facts, ...more });
  return "value" in result ? result.value : `not followed: ${result.cause}`;
};

describe("a template is filled in", () => {
  test.each([
    ["${up_revision}, ${message}", "bbb, Add a table"],
    ["${repr(down_revision)}|${down_revision | comma,n}|${branch_labels}|${depends_on|comma}", "'aaa'|aaa|None|"],
    [
      "${create_date}|${create_date.year}|${create_date.strftime('%d.%m.%y %%')}",
      "2026-03-04 05:06:07.089000|2026|04.03.26 %",
    ],
    ["${create_date.isoformat()}|${create_date.date()}", "2026-03-04T05:06:07.089000|2026-03-04"],
    ["${imports if imports else ''}${upgrades or 'pass'}${context.get('x_upgrades', 'pass')}", "passpass"],
    ['${"a}b|c"}${{"x": "y"}["x"]}', "a}b|cy"],
    ["${'%s-%d' % (up_revision, 5)}${' x ' | trim}", "bbb-5x"],
    ["## note\nx\n  ## note\n%% y\n", "x\n% y\n"],
    ["a\\\nb", "ab"],
    ["<%doc>never ${seen}</%doc>x", "x"],
    ["<%!\n    import re\n%><%\n  n = 'v'\n%>${n}", "v"],
    ["% for a in ('x', 'y'):\n${a}${up_revision}\n% endfor\n", "xbbb\nybbb\n"],
    ["% if branch_labels:\n1\n% elif down_revision == 'aaa':\n2\n% else:\n3\n% endif\n", "2\n"],
    ["% if not depends_on:  # none\nx\n% endif", "x\n"],
  ])("%j", (template, text) => {
    expect(rendered(template)).toBe(text);
  });

  test("for merges, labels and several databases", () => {
    const merge = { parents: ["a", "b"], branchLabels: ["left"], dependsOn: ["c", "d"] };
    expect(
      rendered("${repr(down_revision)} ${down_revision | comma} ${repr(branch_labels)} ${repr(depends_on)}", merge),
    ).toBe("('a', 'b') a, b ('left',) ('c', 'd')");
    expect(rendered("${branch_labels}", merge)).toBe("('left',)");
    const loop = "% for name in re.split(r',\\s*', config.get_main_option('databases')):\n${name};\n% endfor\n";
    expect(rendered(`<%! import re %>\n${loop}`, { databases: ["users", "billing"] })).toBe("\nusers;\nbilling;\n");
  });
});

describe("what is not followed is said", () => {
  test.each([
    ["${helper(message)}", '"${helper(message)}" is not followed'],
    ["${message | h}", '"${message}" is not followed'],
    ["${config.get_main_option('owner')}", "\"${config.get_main_option('owner')}\" is not followed"],
    ["${create_date.strftime('%B')}", "\"${create_date.strftime('%B')}\" is not followed"],
    ["% for a in things:\nx\n% endfor\n", '"% for a in things" is not followed'],
    ["% if things:\nx\n% endif\n", '"% if things" is not followed'],
    ["% while True:\nx\n% endwhile\n", '"% while" is not followed'],
    ["% for a in ():\n", '"% for" has no end'],
    ["% endif\n", '"% endif" ends nothing'],
    ["<%include file='x'/>", "the tag \"<%include file='x'/>\" is not followed"],
    ["${message", '"${" has no end'],
  ])("%j", (template, cause) => {
    expect(renderRevision(template, facts)).toEqual({ cause });
  });

  test("and no text makes it throw, nor takes for ever", () => {
    const piece = fc.constantFrom(
      "${",
      "}",
      "<%",
      "%>",
      "% for a in b:",
      "% if x:",
      "% endfor",
      "% endif",
      "%%",
      "##",
      "\n",
      "|",
      "'",
      '"',
      "(",
      ")",
      "\\",
      "x",
      "message",
      "</%doc>",
      "<%doc>",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        expect(() => parseMako(text)).not.toThrow();
        expect(() => renderRevision(text, facts)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
