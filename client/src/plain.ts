/**
 * What a project says (messages, names of files, words of a server), in places where VS Code reads more than text: links
 * in notifications, icons in lists and titles, Markdown in tooltips. Whatever anybody has written into a repository is
 * shown there as it is, and does nothing.
 */

/** Shows nothing, and parts what would be one sign. */
const between = "\u200B";

/** For notifications, lists, titles of progress and names of tests: no link, and no icon but our own. */
export const plain = (text: string): string => text.replaceAll("](", `]${between}(`).replaceAll("$(", `$${between}(`);

/** For tooltips: each sign that Markdown could take for its own is escaped, so that no bare address becomes a link either. */
export const asMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
