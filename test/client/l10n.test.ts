/** What people read is there in every language: nothing is missing, and nothing is kept that nobody shows. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { fileIn, unsaidIn } from "./unsaid.ts";

const root = path.resolve(import.meta.dirname, "../..");
type Words = Readonly<Record<string, string>>;
const words = (file: string): Words => JSON.parse(readFileSync(path.join(root, file), "utf8")) as Words;

/** What a translation must take over as it is: values, code, commands and addresses that are linked. */
const kept = (text: string): readonly string[] =>
  (text.match(/\{\d+\}|`[^`]+`|\]\([^)]+\)|\$\([\w~-]+\)/g) ?? []).toSorted();

const differing = (english: Words, other: Words): readonly string[] =>
  Object.entries(english).flatMap(([key, text]) => {
    const translated = other[key];
    return translated !== undefined && kept(text).join() !== kept(translated).join() ? [`${key}: ${translated}`] : [];
  });

const missing = (english: Words, other: Words): readonly string[] =>
  Object.entries(english).flatMap(([key, text]) => (other[key] === undefined ? [`"${key}": "${text}"`] : []));

const unused = (english: Words, other: Words): readonly string[] =>
  Object.keys(other).filter((key) => english[key] === undefined);

function* sources(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(file);
    else if (entry.name.endsWith(".ts")) yield file;
  }
}

interface Messages {
  readonly all: Words;
  /** Calls whose message is no plain text, so that nobody can translate it. */
  readonly computed: readonly string[];
}

const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** What the client says by `t("…")` or `vscode.l10n.t("…")`. */
function messagesOfClient(): Messages {
  const all: Record<string, string> = {};
  const computed: string[] = [];
  for (const file of sources(path.join(root, "client/src"))) {
    const source = parse(file, readFileSync(file, "utf8"));
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /^(?:vscode\.l10n\.|l10n\.)?t$/.test(node.expression.getText(source))) {
        const [message] = node.arguments;
        if (message && ts.isStringLiteralLike(message)) all[message.text] = message.text;
        else computed.push(`${path.relative(root, file)}: ${node.getText(source)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { all, computed };
}

describe.each(["de"])("in %s", (language) => {
  test("the manifest is complete; what is missing belongs into package.nls.<language>.json", () => {
    const [english, other] = [words("package.nls.json"), words(`package.nls.${language}.json`)];
    expect(missing(english, other)).toEqual([]);
    expect(unused(english, other)).toEqual([]);
    expect(differing(english, other)).toEqual([]);
  });

  test("the client is complete; what is missing belongs into l10n/bundle.l10n.<language>.json", () => {
    const [english, other] = [messagesOfClient().all, words(`l10n/bundle.l10n.${language}.json`)];
    expect(missing(english, other)).toEqual([]);
    expect(unused(english, other)).toEqual([]);
    expect(differing(english, other)).toEqual([]);
  });
});

test("messages are plain texts, which can be translated", () => {
  expect(messagesOfClient().computed).toEqual([]);
});

const client = path.join(root, "client/src");

test("whatever a person reads can be translated: it goes through t(…)", () => {
  const unsaid = [...sources(client)].flatMap((file) =>
    unsaidIn(parse(file, readFileSync(file, "utf8")), fileIn(client, file)),
  );
  expect(unsaid.map(({ file, line, text }) => `${file}:${String(line)}: ${text}`)).toEqual([]);
});

test.each([
  ["a message", `void vscode.window.showErrorMessage("Nothing was run.");`],
  ["a button", `askInBackground(t("It fails."), { "Find It": look }, log);`],
  ["a button of one word", `askInBackground(t("It fails."), { Show: look }, log);`],
  ["a title of progress", "withProgress({ title: `Asking ${name}…` }, run);"],
  ["a label of a row", `const item = new vscode.TreeItem(isOne ? "Sessions" : other);`],
  ["a description", `rows.push({ icon: "person", label, description: "not known" });`],
  ["a text of the page", `make("span", { class: "muted" }, "not known");`],
  ["a text with a value", "details.push(`Size: ${known}.`);"],
  ["a value of a message", `t("It is {0}.", isDone ? "done already" : name);`],
])("%s that is not is found", (_, text) => {
  expect(unsaidIn(parse("a.ts", text), "a.ts")).toHaveLength(1);
});

test.each([
  ["log.info(`Interpreter for ${name}: ${found}`);"],
  [`make("div", { class: "cell main" }, t("Open"));`],
  ["const { rows } = await client.query(`SELECT version_num FROM ${table}`);"],
  [`if (state === "idle in a transaction") return;`],
])("what nobody reads is left alone: %s", (text) => {
  expect(unsaidIn(parse("a.ts", text), "a.ts")).toEqual([]);
});

test("words of the manifest are all in package.nls.json", () => {
  const named = [...readFileSync(path.join(root, "package.json"), "utf8").matchAll(/"%([^"%]+)%"/g)];
  expect([...new Set(named.map(([, key]) => key))].toSorted()).toEqual(
    Object.keys(words("package.nls.json")).toSorted(),
  );
});
