/** What people read is there in every language: nothing is missing, and nothing is kept that nobody shows. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

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

/** What the client says by `t("…")` or `vscode.l10n.t("…")`. */
function messagesOfClient(): Messages {
  const all: Record<string, string> = {};
  const computed: string[] = [];
  for (const file of sources(path.join(root, "client/src"))) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
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

test("words of the manifest are all in package.nls.json", () => {
  const named = [...readFileSync(path.join(root, "package.json"), "utf8").matchAll(/"%([^"%]+)%"/g)];
  expect([...new Set(named.map(([, key]) => key))].toSorted()).toEqual(
    Object.keys(words("package.nls.json")).toSorted(),
  );
});
