import { describe, expect, test } from "vitest";
import type { ProjectView } from "../../client/src/views/revisions/model.ts";
import { parseAdded } from "../../client/src/views/graph/added.ts";
import { strokesOf } from "../../client/src/views/graph/lanes.ts";
import { renderMermaid } from "../../client/src/views/graph/mermaid.ts";
import { readFromPage } from "../../client/src/views/graph/messages.ts";
import { buildPageRows, countLanes } from "../../client/src/views/graph/rows.ts";
import { renderSvg } from "../../client/src/views/graph/svg.ts";
import { matches, modeInWords, rowInWords } from "../../client/src/views/graph/words.ts";
import type { ProjectNode } from "../../server/src/protocol/index.ts";
import { diamond } from "./history.ts";

const view = (node: ProjectNode, ...versions: string[]): ProjectView => ({
  node,
  standing: { kind: "known", name: "app", database: "dev@localhost/app", versions, from: "" },
});
const withMessage = (message: string): ProjectNode => ({
  ...diamond,
  revisions: diamond.revisions.map((one) => ({ ...one, message })),
});
const rows = buildPageRows(view(diamond, "d"), 0, new Map([["file:///shop/versions/d.py", "Ann"]]));

describe("rows of the page", () => {
  test("tell states, authors, and lines that go straight on", () => {
    expect(rows.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "e pending",
      "d current",
      "c applied",
      "b applied",
      "a applied",
    ]);
    expect(rows[1]).toMatchObject({
      author: "Ann",
      isMerge: true,
      lines: { arriving: [0], leaving: [0], passing: [] },
    });
  });

  test("are found by every word, whatever it is about", () => {
    const found = (text: string): string[] => rows.filter((row) => matches(row, text)).map(({ id }) => id);
    expect(found("merge current")).toEqual(["d"]);
    expect(found("message of B")).toEqual(["b"]);
    expect(found("ann")).toEqual(["d"]);
    expect(found("head applied")).toEqual([]);
  });

  test("are said in words, nothing by sign or colour alone", () => {
    const [row] = rows;
    if (row === undefined) throw new Error("no row");
    const words = rowInWords(
      { ...row, missing: ["gone"], findings: { error: 1, warning: 0, information: 2 } },
      {
        id: "e",
        lock: { table: "users", mode: "AccessExclusiveLock", blocks: "blocks reads and writes", waitsFor: [] },
        tables: [],
        isPartlyUnknown: false,
        isMixed: true,
        wayBack: "no",
        wayBackWhy: "there is no downgrade()",
      },
    );
    expect(words).toBe(
      "message of e, revision e, head, broken, not applied yet, 1 error, 2 hints, parent gone is missing, " +
        "ACCESS EXCLUSIVE on users blocks reads and writes, mixes schema and data, not reversible: there is no downgrade()",
    );
    expect(modeInWords("ShareUpdateExclusiveLock")).toBe("SHARE UPDATE EXCLUSIVE");
    expect(modeInWords("LOCK=SHARED")).toBe("LOCK=SHARED");
  });
});

test("the lines of a row begin at its top, end at its bottom, and meet in the middle", () => {
  const strokes = strokesOf(0, { arriving: [0, 1], leaving: [0], passing: [2] }, 0, 20);
  expect(strokes.map(({ path }) => path)).toEqual(["M42 0V20", "M14 0V10", "M28 0C28 5 14 5 14 10", "M14 10V20"]);
  expect(countLanes([{ lane: 0, lines: { arriving: [], leaving: [1], passing: [4] } }])).toBe(5);
});

describe("exports", () => {
  const evil = `a"] --> x; <script>alert(1)</script> & 'q' \u0007 %%{init}%% \`b\``;

  test("an SVG drawing is well-formed and holds messages as text", () => {
    const svg = renderSvg("Shop", 2, buildPageRows(view(withMessage(evil), "d"), 0, new Map()));
    expect(svg).not.toContain("<script>");
    expect(svg).not.toContain("\u0007");
    expect(svg).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;q&#39;");
    expect(svg.match(/<circle/g)?.length).toBe(6);
    for (const tag of ["svg", "text", "tspan", "title"])
      expect(svg.split(`<${tag}`).length, tag).toBe(svg.split(`</${tag}>`).length);
  });

  test("a Mermaid diagram has each revision and each link, and nothing of a message means anything in it", () => {
    const text = renderMermaid(rows);
    expect(text.split("\n").slice(0, 3)).toEqual([
      "flowchart TD",
      '  r0["e<br/>message of e<br/>head, pending"]',
      '  r1{{"d<br/>message of d<br/>merge, current"}}',
    ]);
    expect(text).toContain("  r1 --> r3\n  r1 --> r2\n");
    const hostile = renderMermaid(buildPageRows(view(withMessage(evil), "d"), 0, new Map()));
    expect(
      hostile
        .split("\n")
        .filter((line) => !/^(?:flowchart TD|  r\d(?:\[".*"\]|\{\{".*"\}\})|  r\d --> r\d|)$/.test(line)),
    ).toEqual([]);
    for (const sign of ["<script", "%%", "`", "];"]) expect(hostile).not.toContain(sign);
  });

  test("a parent that is missing is drawn as what it is", () => {
    const node = {
      ...diamond,
      revisions: diamond.revisions.map((one) =>
        one.id === "a" ? { ...one, parents: ["gone"], missingParents: ["gone"] } : one,
      ),
    };
    expect(renderMermaid(buildPageRows(view(node), 0, new Map()))).toContain('  m0["gone is missing"]');
  });
});

test("nothing is taken from the page but what it may say", () => {
  const good = { type: "run", projectId: "p", id: "a", command: "retort.upgradeTo" };
  expect(readFromPage(good)).toEqual(good);
  expect(readFromPage({ ...good, extra: 1 })).toEqual(good);
  for (const bad of [
    undefined,
    "run",
    { ...good, command: "workbench.action.quit" },
    { ...good, id: { toString: "x" } },
    { type: "glances", projectId: "p", ids: [1] },
    { type: "export", projectId: "p", format: "exe" },
    { type: "open", id: "a" },
    { type: "other", projectId: "p" },
  ])
    expect(readFromPage(bad)).toBeUndefined();
  expect(readFromPage({ type: "open", projectId: "p", id: "a", line: "7" })).toEqual({
    type: "open",
    projectId: "p",
    id: "a",
  });
});

test("git's log tells who added which file: the newest counts", () => {
  const log = "\u0001Ann\0\na.py\0b.py\0\0\u0001Bob, Jr.\0\nc d.py\0a.py\0";
  expect([...parseAdded(log)]).toEqual([
    ["a.py", "Ann"],
    ["b.py", "Ann"],
    ["c d.py", "Bob, Jr."],
  ]);
});
