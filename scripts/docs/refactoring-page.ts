import type { Example, Refactoring } from "../../server/src/refactorings/define.ts";
import { asUpgrade, codeBlock } from "../../server/src/features/rule-page.ts";
import { generatedNote } from "./rule-page.ts";

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}\n`).join("");

function renderExample({ title, before, after }: Example): string {
  const code = before.replaceAll("<|>", "");
  const shown = /^def /m.test(code) ? code : asUpgrade(code);
  const parts = after.map((text) => codeBlock("python", text)).join("\n");
  const becomes = after.length > 1 ? `becomes ${after.length} revisions:` : "becomes";
  return `### ${title}\n\n${codeBlock("python", shown)}\n${becomes}\n\n${parts}`;
}

export const renderRefactoringPage = (refactoring: Refactoring): string => `${generatedNote}

# ${refactoring.id}

${refactoring.summary}

In the editor: the code action “${refactoring.title}”. On the command line: \`retort refactor ${refactoring.id} FILE[:LINE]\`.

## Why

${refactoring.why}

## What it keeps

${bullets(refactoring.keeps)}

## When it says no

${bullets(refactoring.refuses)}
## Examples

${refactoring.examples.map(renderExample).join("\n")}`;
