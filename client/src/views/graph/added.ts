/** The log of git that tells who added which file. */

/** NUL-separated: `\x01author`, then the files that the commit added; the newest first. */
export function parseAdded(log: string): ReadonlyMap<string, string> {
  const added = new Map<string, string>();
  let author = "";
  for (const part of log.split("\0")) {
    const text = part.replace(/^\n+/, "");
    if (text.startsWith("\u0001")) author = text.slice(1).trim();
    else if (text !== "" && !added.has(text)) added.set(text, author);
  }
  return added;
}
