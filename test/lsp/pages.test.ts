import { afterEach, expect, test } from "vitest";
import type { ProjectsAnswer, ReviewAnswer, ReviewRequest, SummaryAnswer } from "../../server/src/protocol/index.ts";
import { startEditor, type Editor } from "./editor.ts";
import { mixed, mixedFile, project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

test("the client may ask what a file does", async () => {
  editor = await startEditor(project);
  const ask = (file: string): Promise<SummaryAnswer> =>
    editor.connection.sendRequest("retort/summary", { uri: editor.uri(file) });
  const answer = await ask(mixedFile);
  expect(answer.ok && answer.parts.map(({ words }) => words)).toEqual([
    "drops 2 columns",
    "adds a column",
    "changes rows",
  ]);
  expect(await ask("migrations/env.py")).toMatchObject({ ok: false });
});

test("and for the checklist of some revisions as a page, whose links lead to the lines", async () => {
  editor = await startEditor({
    ...project,
    [mixedFile]: mixed.replace('"""join names', '"""![x](http://evil/) <b onclick=x>'),
  });
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  const ask = (revisions: readonly string[]): Promise<ReviewAnswer> => {
    const request: ReviewRequest = {
      projectId: projects[0]?.id ?? "",
      revisions,
      title: "Pending <script> revisions",
      lead: "app is at [aaa111](command:x).",
    };
    return editor.connection.sendRequest("retort/review", request);
  };
  const answer = await ask(["aaa111", "bbb222"]);
  if (!answer.ok) throw new Error(answer.reason);
  const { markdown } = answer;
  expect(markdown).toContain("# Pending \\<script\\> revisions");
  expect(markdown).toContain(`(${editor.uri(mixedFile)}#L`);
  expect(markdown).toMatch(/\*\*\d+ answered no/);
  expect(markdown.indexOf("aaa111")).toBeLessThan(markdown.indexOf("bbb222"));
  for (const active of [/(?<!\\)!\[x\]/, /(?<!\\)<b /, /(?<!\\)\]\(command/, /(?<!\\)<script/])
    expect(markdown).not.toMatch(active);
  expect(await ask(["nowhere"])).toMatchObject({ ok: false });
});
