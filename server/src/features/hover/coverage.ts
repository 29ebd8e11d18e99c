/** On the name of `upgrade()` and `downgrade()`, and on the revision id: how much of the file was understood. */
import { includes } from "../../text/range.ts";
import { LineIndex } from "../../text/lines.ts";
import { findUnread, renderCoverage } from "../coverage.ts";
import { escapeMarkdown } from "./markdown.ts";
import type { Hover, HoverPlace } from "./place.ts";

const mostListed = 10;

export function hoverCoverage({ file, offset }: HoverPlace): Hover | undefined {
  const { upgrades, downgrades, identifiers } = file;
  const names = [...upgrades, ...downgrades].flatMap(({ nameRange }) => nameRange ?? []);
  const range = [...names, ...(identifiers.revision ? [identifiers.revision.range] : [])].find((one) =>
    includes(one, offset),
  );
  if (!range || !file.isRevision) return undefined;
  const lines = new LineIndex(file.text);
  const unread = findUnread(file);
  const listed = unread
    .slice(0, mostListed)
    .map((one) => `- line ${String(lines.positionAt(one.range.start).line + 1)}: ${escapeMarkdown(one.why)}`);
  const more = unread.length > mostListed ? [`- and ${String(unread.length - mostListed)} more`] : [];
  const head = `**Retort**: ${renderCoverage(file.statements)}`;
  const because = unread.length > 0 ? ["", "Not analysed:", ...listed, ...more] : [];
  return { range, markdown: [head, ...because].join("\n") };
}
