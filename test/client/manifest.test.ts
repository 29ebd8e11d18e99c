import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { commandIds } from "../../client/src/commands/handler.ts";
import { restrictedSettings } from "../../client/src/restricted.ts";
import { urlVariables } from "../../server/src/database/url-variables.ts";

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string; readonly group?: string }[]>
    >;
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string }[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  };
}

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const words = JSON.parse(read("package.nls.json")) as Readonly<Record<string, string>>;
/** As an editor in English has it. */
const manifest = JSON.parse(
  read("package.json").replaceAll(/"%([^"%]+)%"/g, (place, key: string) => JSON.stringify(words[key] ?? place)),
) as Manifest;
const { commands, configuration, menus } = manifest.contributes;
/** What only shows files, the log or the clipboard, or asks the language server. */
const harmless: readonly string[] = [
  "retort.refresh",
  "retort.showLog",
  "retort.previewRefactoring",
  "retort.readSizes",
  "retort.copyRevisionId",
  "retort.openRevision",
  "retort.showGraph",
  "retort.filterRevisions",
  "retort.clearFilter",
  "retort.openNewest",
  "retort.reviewPending",
  "retort.restartServer",
  "retort.headsDoctor",
  "retort.explainFinding",
];
const running = commandIds.filter((id) => !harmless.includes(id));

describe("the manifest", () => {
  test("contributes exactly the commands that are carried out", () => {
    expect(commands.map((one) => one.command).sort()).toEqual([...commandIds].sort());
  });

  test("names commands in title case, in one category", () => {
    for (const { title, category } of commands) {
      expect(category).toBe("Retort");
      for (const word of title.split(" "))
        expect(word).toMatch(/^\(?([A-Z]|(to|of|the|a|and|from|by|in|into|against)$)/);
    }
  });

  test("names files that are there and that the package holds", () => {
    const named = [
      ...readFileSync(path.join(root, "package.json"), "utf8").matchAll(
        /"(?:\.\/)?((?:media|snippets|syntaxes|schemas)\/[^"]+)"/g,
      ),
    ];
    const allowed = readFileSync(path.join(root, ".vscodeignore"), "utf8");
    expect(named.length).toBeGreaterThan(10);
    for (const [, file = ""] of named) {
      expect(existsSync(path.join(root, file)), file).toBe(true);
      expect(allowed).toContain(`!${file.split("/")[0] ?? ""}/**`);
    }
  });

  test("has steps to begin with that run only commands that are there", () => {
    const { steps } = manifest.contributes.walkthroughs[0] ?? { steps: [] };
    expect(steps).toHaveLength(5);
    const known = new Set<string>([...commandIds, "retort.revisions.focus", "workbench.actions.view.problems"]);
    const named = steps.flatMap(({ description }) =>
      [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? ""),
    );
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  test("hides in an untrusted folder all that runs something", () => {
    const shown = Object.values(menus)
      .flat()
      .filter((entry) => running.includes(entry.command as (typeof running)[number]));
    expect(
      shown.filter(
        (entry) => !entry.when?.includes("isWorkspaceTrusted") && !entry.when?.includes("retort.hasRevisions"),
      ),
    ).toEqual([]);
    const palette = new Map(menus["commandPalette"]?.map((entry) => [entry.command, entry.when]));
    for (const id of running) expect(palette.get(id)).toContain("isWorkspaceTrusted");
    for (const entry of shown) expect(entry.when).toContain("isWorkspaceTrusted");
  });

  test("restricts the settings that decide what runs, where and with what", () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const expected = Object.keys(restrictedSettings).map((key) => `retort.${key}`);
    expect([...restrictedConfigurations].sort()).toEqual(expected.sort());
    for (const key of restrictedConfigurations)
      expect(configuration.properties[key]?.["scope"]).toBe("machine-overridable");
  });

  test("describes every setting and gives it a default and a scope", () => {
    for (const [key, setting] of Object.entries(configuration.properties)) {
      expect(setting, key).toHaveProperty("markdownDescription");
      expect(setting, key).toHaveProperty("default");
      expect(setting, key).toHaveProperty("scope");
    }
  });

  test("lists the variables that may hold the URL", () => {
    const text = String(configuration.properties["retort.databaseUrl"]?.["markdownDescription"]);
    for (const name of urlVariables) expect(text).toContain(`\`${name}\``);
  });

  test("offers on a revision of the graph what its row in the tree offers", () => {
    const offered = (menu: string, isOne: (when: string) => boolean): readonly string[] =>
      [...new Set(menus[menu]?.flatMap(({ command, when }) => (isOne(when ?? "") ? command : [])))].sort();
    const inTree = (when: string): boolean =>
      when.includes("view == retort.revisions") &&
      /viewItem =~ .*?\b(?:revision|pending|applied|current)\b/.test(when) &&
      !when.includes("project");
    const inGraph = (when: string): boolean => when.includes("webviewId == retort.graph");
    expect(offered("view/item/context", inTree)).toHaveLength(11);
    expect(offered("webview/context", inGraph)).toEqual(offered("view/item/context", inTree));
  });

  test("puts at most three buttons on a row", () => {
    const inline = menus["view/item/context"]?.filter((entry) => entry.group?.startsWith("inline")) ?? [];
    const contexts = [
      "revision pending head",
      "revision applied",
      "revision current head",
      "revision unknown",
      "status unreachable",
      "project",
    ];
    for (const context of contexts) {
      const buttons = inline.filter((entry) => {
        const pattern = /viewItem =~ \/(.*?)\//.exec(entry.when ?? "")?.[1] ?? "^$";
        return new RegExp(pattern).test(context);
      });
      expect(buttons.length, context).toBeLessThanOrEqual(3);
    }
  });
});
