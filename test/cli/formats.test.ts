/** The formats of `check`, over texts that mean harm to each of them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderers } from "../../server/src/cli/formats/index.ts";
import { formats } from "../../server/src/cli/formats/names.ts";
import type { Io } from "../../server/src/cli/io.ts";
import { createProgress } from "../../server/src/cli/progress.ts";
import type { Report } from "../../server/src/cli/report.ts";
import { printable, widthOf } from "../../server/src/cli/terminal.ts";
import { memoryFiles } from "../support/memory.ts";
import { clean, mixed, retort } from "./retort.ts";

const io: Io = {
  cwd: "/repo",
  files: memoryFiles({}),
  colours: false,
  out: () => undefined,
  err: () => undefined,
  write: () => Promise.resolve(),
  save: () => Promise.resolve(),
};

const hostile = [
  "two\nlines\r\nand a third",
  `"quotes" 'both' \\ and \`ticks\` \`\`\``,
  "::error file=x::injected %0A, a:b",
  "]]> <b>&amp; <!-- </failure>",
  "a | b | c * _d_ [e](f) @everyone #1",
  "ünï — 𝕊🜂 \u202Eabc\u0007\u001B[31m\u0000 \uD800",
];

interface Said {
  readonly message: string;
  readonly file?: string;
  readonly source?: string;
}

/** A report with one finding and one problem that say these texts. */
function report({ message, file = "versions/0001_a.py", source = "op.drop_table('a')" }: Said): Report {
  const text = `# x\n${source}\n# y\n`;
  const range = { start: 4, end: 4 + source.length };
  const where = `/repo/${file}`;
  const finding = {
    ...{ rule: "mixed-schema-and-data", severity: "warning" as const, message, path: where, revision: "0001", range },
    related: [{ range, message }],
    refactorings: [],
    fixes: [{ id: "split-mixed-migration", title: "Split", unavailable: message }],
  };
  return {
    ...{ projects: 1, files: 2, revisions: 2, statements: { total: 3, analysed: 2 } },
    unread: [{ path: where, range, why: message }],
    findings: [finding, { ...finding, severity: "error" }],
    problems: [{ code: "missing-parent", message, file: where, range }],
    failures: [],
    lineages: [
      {
        root: "/repo",
        revisions: [
          { path: where, id: "0001" },
          { path: `${where}b.py`, id: "0002" },
        ],
        all: [],
      },
    ],
    leftOut: { which: message, revisions: 1, findings: 2 },
    texts: new Map([[where, text]]),
  };
}

const cases = hostile.flatMap((text) => [
  { message: text },
  { message: "plain", file: `versions/${text.replaceAll("/", "")}.py` },
  { message: "plain", source: text },
]);

const root = import.meta.dirname;
const schema = JSON.parse(readFileSync(path.join(root, "fixtures/sarif-2.1.0.json"), "utf8")) as Record<
  string,
  unknown
>;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajv.addFormat("uri", (text: string) => URL.canParse(text));
ajv.addFormat(
  "uri-reference",
  (text: string) => URL.canParse(text, "https://example.org/") && !/[\s"<>\\^`{|}]/.test(text),
);
ajv.addFormat("date-time", true);
const { id: _, $schema: __, ...body } = schema;
const isSarif = ajv.compile(body);

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly unknown[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  }[];
}

describe("sarif", () => {
  test.each(cases)("is valid for %j, and keeps the message", (said) => {
    const log = JSON.parse(renderers.sarif(report(said), io)) as Sarif;
    isSarif(log);
    expect(isSarif.errors ?? []).toEqual([]);
    expect(log.runs[0]?.results[0]?.message.text).toBe(said.message);
  });

  test("is refused by the schema where it is wrong", () => {
    const log = JSON.parse(renderers.sarif(report({ message: "x" }), io)) as Sarif;
    expect(isSarif({ ...log, version: "3" })).toBe(false);
    expect(isSarif({ ...log, runs: [{ results: log.runs[0]?.results }] })).toBe(false);
  });

  test("tells places from 1, levels, and what its rules are", () => {
    const [run] = (JSON.parse(renderers.sarif(report({ message: "x" }), io)) as Sarif).runs;
    expect(run?.results).toMatchObject([
      {
        ruleId: "mixed-schema-and-data",
        level: "warning",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "versions/0001_a.py", uriBaseId: "%SRCROOT%" },
              region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 19 },
            },
          },
        ],
        relatedLocations: [{ message: { text: "x" } }],
      },
      { level: "error" },
      { ruleId: "missing-parent", level: "error" },
    ]);
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(["missing-parent", "mixed-schema-and-data"]);
  });
});

describe("github", () => {
  test.each(cases)("is one command for each thing said, whatever %j holds", (said) => {
    const lines = renderers.github(report(said), io).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatch(/^::(?:error|warning) file=[^:,\r]*,line=\d+,.*title=Retort%3A [a-z-]+::[^\r]*$/);
      // What the runner makes of it again.
      const [, properties = "", data = ""] = /^::\w+ (.*?)::(.*)$/.exec(line) ?? [];
      const unescape = (text: string): string =>
        text
          .replaceAll("%0D", "\r")
          .replaceAll("%0A", "\n")
          .replaceAll("%3A", ":")
          .replaceAll("%2C", ",")
          .replaceAll("%25", "%");
      expect(unescape(data)).toBe(said.message);
      expect(unescape(/^file=([^,]*)/.exec(properties)?.[1] ?? "")).toBe(said.file ?? "versions/0001_a.py");
    }
  });
});

describe("gitlab", () => {
  test.each(cases)("holds %j", (said) => {
    const found = JSON.parse(renderers.gitlab(report(said), io)) as { readonly fingerprint: string }[];
    const file = said.file ?? "versions/0001_a.py";
    expect(found).toMatchObject([
      { description: said.message, severity: "major", location: { path: file, lines: { begin: 2 } } },
      { description: said.message, severity: "critical", check_name: "mixed-schema-and-data" },
      { check_name: "missing-parent", severity: "critical" },
    ]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });
});

/** Enough of XML to tell well-formed text from other text: tags that nest, attributes, references. */
function parseXml(text: string): { readonly tags: string[]; readonly values: string[] } {
  const tags: string[] = [];
  const values: string[] = [];
  const open: string[] = [];
  const unescape = (part: string): string => {
    expect(part.replaceAll(/&(?:amp|lt|gt|quot|#9|#10|#13);/g, "")).not.toMatch(/[&<]/);
    return part
      .replaceAll("&#10;", "\n")
      .replaceAll("&#13;", "\r")
      .replaceAll("&#9;", "\t")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
  };
  expect(text).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
  for (const [part = ""] of text.replace(/^<\?xml[^>]*\?>/, "").matchAll(/<[^>]*>|[^<]+/g)) {
    if (!part.startsWith("<")) {
      values.push(unescape(part));
      continue;
    }
    const [, close = "", name = "", attributes = "", empty = ""] =
      /^<(\/?)([a-z-]+)((?: [a-z]+="[^"]*")*)(\/?)>$/.exec(part) ?? [];
    expect(name, part).not.toBe("");
    if (close) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
    if (!close) tags.push(name);
    for (const [, value = ""] of attributes.matchAll(/="([^"]*)"/g)) values.push(unescape(value));
  }
  expect(open).toEqual([]);
  return { tags, values };
}

describe("junit", () => {
  test.each(cases)("is well-formed for %j, and keeps the message", (said) => {
    const { tags, values } = parseXml(renderers.junit(report(said), io, "error"));
    const writable = said.message.replaceAll(
      /[\u0000-\u0008\u001B]|[\uD800-\uDFFF](?![\uDC00-\uDFFF])(?<![\uD800-\uDBFF].)/g,
      "\uFFFD",
    );
    expect(values).toContain(writable);
    expect(tags.filter((tag) => tag === "testcase")).toHaveLength(4);
    expect(tags.filter((tag) => tag === "failure")).toHaveLength(2);
    expect(tags.filter((tag) => tag === "system-out")).toHaveLength(1);
  });

  test("counts as failures what makes the check fail", () => {
    const failures = (failOn: "error" | "warning" | "never"): string | undefined =>
      /failures="(\d+)"/.exec(renderers.junit(report({ message: "x" }), io, failOn))?.[1];
    expect([failures("error"), failures("warning"), failures("never")]).toEqual(["2", "3", "0"]);
  });
});

describe("markdown", () => {
  test.each(cases)("shows %j and does nothing", (said) => {
    const text = renderers.markdown(report(said), io);
    let fence = "";
    for (const line of text.split("\n")) {
      const ticks = /^(`{3,})[^`]*$/.exec(line)?.[1];
      if (ticks !== undefined && (fence === "" || line.trimEnd() === fence)) fence = fence === "" ? ticks : "";
      if (fence !== "" || ticks !== undefined) continue;
      const bare = line.replaceAll(/(`+)(?:(?!\1(?!`)).)*?\1(?!`)/g, "").replaceAll("<br>", "");
      expect(bare, line).not.toMatch(/(?<!\\)[<>|[\]]/);
      expect(bare, line).not.toMatch(/@\w/);
    }
    expect(fence).toBe("");
    expect(text.match(/^#### /gm)).toHaveLength(3);
  });

  test("fits in a comment, and counts what does not", () => {
    const one = report({ message: "x".repeat(5000) });
    const many = {
      ...one,
      findings: Array.from({ length: 50 }, () => one.findings[0]).flatMap((all) => all ?? []),
      leftOut: { which: "old", revisions: 1, findings: 1 },
    };
    const text = renderers.markdown(many, io);
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/\nand \d+ more\n$/);
  });
});

describe("pretty", () => {
  test.each(cases)("moves no cursor for %j", (said) => {
    const text = renderers.pretty(report(said), io);
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    for (const line of text.split("\n")) expect(line).not.toMatch(/^::/);
  });

  test("puts carets under what is meant, however wide it is", () => {
    const lines = renderers
      .pretty(
        {
          ...report({ message: "x", source: "名前 = é" }),
          findings: report({ message: "x", source: "名前 = é" }).findings.slice(0, 1),
        },
        io,
      )
      .split("\n");
    expect(lines[2]).toBe("  2 | 名前 = é");
    expect(lines[3]).toBe(`    | ${"^".repeat(8)}`);
    expect([widthOf("a"), widthOf("名"), widthOf("e\u0301"), widthOf("🎉")]).toEqual([1, 2, 1, 2]);
    expect(printable("a\u001B[31m\n\u202Eb\tc")).toBe("a\\x1b[31m \\u202eb\tc");
  });

  test("is coloured only where a terminal is, and never in a file", async () => {
    const coloured = renderers.pretty(report({ message: "x" }), { ...io, colours: true });
    expect(coloured).toContain("\u001B[");
    expect(renderers.pretty(report({ message: "x" }), io)).not.toContain("\u001B[");
    const { files, out } = await retort(["check", "--output", "out/report.txt"], mixed);
    expect(out).toBe("");
    expect(files.get("out/report.txt")).toMatch(/^migrations\/versions\/0002_full_name\.py:26:18 warning/);
  });
});

describe("every format", () => {
  test.each(formats)("%s never throws, whatever the texts are", (format) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, source) => {
        expect(renderers[format](report({ message, source }), io, "error")).toMatch(/\S/);
      }),
    );
  });

  test.each(formats)("%s is what check prints, with the same exit code", async (format) => {
    const found = await retort(["check", "--format", format, "--fail-on", "warning"], mixed);
    expect(found.code).toBe(1);
    expect(found.out).toContain("mixed-schema-and-data");
    const none = await retort(["check", "--format", format], clean);
    expect(none).toMatchObject({ code: 0, err: "" });
    expect(none.out).not.toContain("mixed-schema-and-data");
  });

  test("goes into a file where one is named, or says why it cannot", async () => {
    const { files, out, code } = await retort(["check", "--format", "sarif", "--output", "retort.sarif"], mixed);
    expect({ out, code }).toEqual({ out: "", code: 0 });
    expect(JSON.parse(files.get("retort.sarif") ?? "")).toMatchObject({ version: "2.1.0" });
    expect(await retort(["check", "--output", "denied/x"], mixed)).toMatchObject({
      code: 2,
      out: "",
      err: "retort: permission denied\n",
    });
  });
});

test("a fingerprint stays when lines move, and differs for another revision, rule or place", () => {
  const prints = (one: Report): string[] =>
    (JSON.parse(renderers.gitlab(one, io)) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
  const one = report({ message: "x" });
  const moved: Report = {
    ...one,
    findings: one.findings.map((finding) => ({ ...finding, message: "other words", range: { start: 6, end: 24 } })),
    texts: new Map([...one.texts].map(([file, text]) => [file, `\n\n${text}`])),
  };
  expect(prints(moved).slice(0, 2)).toEqual(prints(one).slice(0, 2));
  const [finding] = one.findings;
  if (finding === undefined) throw new Error("nothing is found");
  const others = [
    { ...finding, revision: "0002" },
    { ...finding, rule: "another" },
    { ...finding, range: { start: 0, end: 3 } },
  ];
  for (const other of others) expect(prints({ ...one, findings: [other] })[0]).not.toBe(prints(one)[0]);
});

describe("a progress line", () => {
  test("comes where a run is long, now and then, and goes", () => {
    let now = 0;
    let written = "";
    const progress = createProgress(
      (text) => (written += text),
      () => now,
    );
    progress.tell("early");
    progress.end();
    expect(written).toBe("");
    now = 1000;
    progress.tell("one");
    now = 1010;
    progress.tell("two");
    now = 1200;
    progress.tell("three");
    progress.end();
    progress.end();
    expect(written).toBe("\r\u001B[2Kone\r\u001B[2Kthree\r\u001B[2K");
  });
});
