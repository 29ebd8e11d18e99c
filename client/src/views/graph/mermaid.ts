/** The graph as a Mermaid flowchart: GitHub and GitLab draw it in Markdown. */
import type { PageRow } from "./messages.ts";
import { badgeName, badgesOf, stateName } from "./words.ts";
import { t } from "../../l10n.ts";

/** Everything but letters, digits and a few signs as an entity code: nothing in a message means anything to Mermaid. */
const escapeLabel = (text: string): string =>
  [...text.replaceAll(/\s+/g, " ")]
    .map((one) => (/[\p{L}\p{N} .,_()/+-]/u.test(one) ? one : `#${String(one.codePointAt(0))};`))
    .join("");

const shapeOf = ({ isMerge }: PageRow): readonly [string, string] => (isMerge ? ['{{"', '"}}'] : ['["', '"]']);

export function renderMermaid(rows: readonly PageRow[]): string {
  const names = new Map(rows.map(({ id }, index) => [id, `r${String(index)}`]));
  const missing = [...new Set(rows.flatMap((row) => row.missing))];
  const ghosts = new Map(missing.map((id, index) => [id, `m${String(index)}`]));
  const nodes = rows.map((row, index) => {
    const [open, close] = shapeOf(row);
    const notes = [...badgesOf(row).map(badgeName), stateName(row)].filter((one) => one !== "").join(", ");
    const label = [row.shortId, row.message, notes].filter((part) => part !== "").map(escapeLabel);
    return `  r${String(index)}${open}${label.join("<br/>")}${close}`;
  });
  const edges = rows.flatMap((row, index) =>
    row.parents.flatMap((parent) => {
      const known = names.get(parent);
      const ghost = ghosts.get(parent);
      if (known !== undefined) return [`  r${String(index)} --> ${known}`];
      return ghost === undefined ? [] : [`  r${String(index)} -.-> ${ghost}`];
    }),
  );
  return [
    "flowchart TD",
    ...nodes,
    ...missing.map((id) => `  ${ghosts.get(id) ?? ""}["${escapeLabel(t("{0} is missing", id))}"]`),
    ...edges,
    "",
  ].join("\n");
}
