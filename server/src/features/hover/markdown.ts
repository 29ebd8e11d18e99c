/** Text of other people as Markdown that shows it and does nothing. */

/** In a sentence: no links, no HTML, no formatting. */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, (character) => `\\${character}`).replaceAll(/\s+/g, " ");

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/** On one line, as code. */
export function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return fence + pad + text.replaceAll(/\s+/g, " ") + pad + fence;
}

/** A block that is coloured as `language`. The fence is longer than any in the text. */
export function codeBlock(language: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}
