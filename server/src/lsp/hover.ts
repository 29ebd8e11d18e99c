import { MarkupKind, type Hover, type HoverParams } from "vscode-languageserver/node";
import { hoverAt } from "../features/hover/index.ts";
import { renderPages } from "../features/hover/finding.ts";
import { includes, type Range } from "../text/range.ts";
import { linesOf, pathOf, toRange } from "./convert.ts";
import { findingsOf, locate, textOf, versionsOf, type Session } from "./session.ts";

interface Told {
  readonly range: Range;
  readonly markdown: string;
}

/** What the code is comes first, what was found in it beneath. */
export function hover(session: Session, { textDocument, position }: HoverParams): Hover | null {
  const path = pathOf(textDocument.uri);
  if (path === undefined) return null;
  const lines = linesOf(path, textOf(session, path));
  const offset = lines.offsetAt(position);
  const parts = [codeAt(session, textDocument.uri, offset), foundAt(session, path, offset)].flatMap(
    (told) => told ?? [],
  );
  const [first] = parts;
  if (first === undefined) return null;
  return {
    range: toRange(lines, first.range),
    contents: { kind: MarkupKind.Markdown, value: parts.map(({ markdown }) => markdown).join("\n\n---\n\n") },
  };
}

function codeAt(session: Session, uri: string, offset: number): Told | undefined {
  const located = locate(session, uri);
  if (!located) return undefined;
  const development = session.development.get(located.project.id);
  return hoverAt({
    ...located,
    offset,
    ...versionsOf(session, located.project),
    ...(development ? { development } : {}),
  });
}

/** In a revision, in env.py, in a config file: the pages of what was found at the place, the narrowest first. */
function foundAt(session: Session, path: string, offset: number): Told | undefined {
  const { projects, problems } = session.workspace();
  const found = [
    ...projects
      .flatMap((project) => findingsOf(session, project, path))
      .map(({ rule, range }) => ({ id: rule, range })),
    ...[...problems, ...projects.flatMap((project) => project.problems)]
      .filter(({ file }) => file === path)
      .map(({ code, range }) => ({ id: code, range })),
  ]
    .filter(({ range }) => includes(range, offset))
    .sort((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start));
  const markdown = renderPages(
    found.map(({ id }) => id),
    session.client.rulePages,
  );
  const [first] = found;
  return first && markdown !== undefined ? { range: first.range, markdown } : undefined;
}
