import type { Refactoring } from "../../server/src/refactorings/define.ts";
import { generatedNote } from "./rule-page.ts";

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}\n`).join("");

export const renderRefactoringPage = (refactoring: Refactoring): string => `${generatedNote}

# ${refactoring.id}

${refactoring.summary}

In the editor: the code action “${refactoring.title}”. On the command line: \`retort split FILE\`.

## Why

${refactoring.why}

## What it keeps

${bullets(refactoring.keeps)}

## When it says no

${bullets(refactoring.refuses)}
`;
