/** The client's words in the language of the editor. */

/** English messages with their translations, as VS Code has loaded them from `l10n`. */
let translations: Readonly<Record<string, string>> = {};
/** What numbers are written by: English where the words are. */
let locale = "en";

/** `vscode.l10n` itself is not asked for a message, so that what composes texts does not need an editor. */
export const translateBy = (bundle: Readonly<Record<string, string>> | undefined, language: string): void => {
  translations = bundle ?? {};
  locale = bundle === undefined ? "en" : language;
};

/** @param message one whole sentence or label in English, with `{0}`, `{1}` … for the values */
export const t = (message: string, ...values: readonly (string | number)[]): string =>
  (translations[message] ?? message).replaceAll(/\{(\d+)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );

/** `3,950`. */
export const inDigits = (count: number): string => count.toLocaleString(locale);

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : t("{0} and {1}", parts.slice(0, -1).join(", "), parts.at(-1) ?? "");
