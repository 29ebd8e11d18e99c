/** Takes passwords out of text that people may paste into an issue: the log, messages, tooltips. */
import { parseDatabaseUrl } from "./url.ts";

const hidden = "***";

const patterns: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host – up to the last @ before the path, since passwords are often left unencoded.
  [/(\b[a-z][\w+.-]*:\/\/[^\s:/@'"]*:)[^\s'"]*@(?=[^\s@'"]*)/gi, `$1${hidden}@`],
  // password=…, PGPASSWORD=…, "password": "…" in environments, keyword strings and printed dictionaries
  [
    /(\b\w*(?:password|passwd|pwd)['"]?\s*[=:]\s*)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s,;&'")\]}]+)/gi,
    `$1${hidden}`,
  ],
  // CREATE ROLE … PASSWORD 'x' and CREATE USER … IDENTIFIED BY 'x', in each of PostgreSQL's and MySQL's ways to write a text.
  [
    /(\b(?:password|identified\s+by)\s+)(?:(?:[a-z]|u&)?'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|\$(\w*)\$[\s\S]*?\$\2\$)/gi,
    `$1${hidden}`,
  ],
];

export type Mask = (text: string) => string;

/**
 * Builds a mask that also knows the passwords of these URLs and these words, in plain and percent-encoded spelling.
 * A password that equals its user, host or database is left alone outside of its place: it is in plain sight there anyway,
 * and hiding it would blacken half the log.
 */
export const buildMask = (urls: Iterable<string>, words: Iterable<string | undefined> = []): Mask => {
  const secrets = new Set<string>();
  const addSecret = (secret: string | undefined): void => {
    if (secret === undefined || secret.length < 4) return;
    for (const spelling of [secret, encodeURIComponent(secret), encodeURIComponent(secret).replaceAll("%20", "+")])
      secrets.add(spelling);
  };
  for (const text of urls) {
    const url = parseDatabaseUrl(text);
    if (url?.password === undefined) continue;
    if (![url.user, url.host, url.database].includes(url.password)) addSecret(url.password);
  }
  for (const word of words) addSecret(word);
  const known = [...secrets].sort((a, b) => b.length - a.length).map(escapePattern);
  const literal = known.length > 0 ? new RegExp(known.join("|"), "gi") : undefined;
  return (text) => {
    const masked = patterns.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text);
    return literal === undefined ? masked : masked.replaceAll(literal, hidden);
  };
};

const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A mask that learns passwords as they become known. */
export interface GrowingMask {
  readonly mask: Mask;
  readonly learn: (urls: Iterable<string>, words?: Iterable<string | undefined>) => void;
}

export const createGrowingMask = (): GrowingMask => {
  const urls = new Set<string>();
  const words = new Set<string | undefined>();
  let current = buildMask([]);
  return {
    mask: (text) => current(text),
    learn: (moreUrls, moreWords = []) => {
      const before = urls.size + words.size;
      for (const url of moreUrls) urls.add(url);
      for (const word of moreWords) words.add(word);
      if (urls.size + words.size > before) current = buildMask(urls, words);
    },
  };
};
