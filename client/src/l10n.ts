/** The client's words in the language of the editor. */

/** English messages with their translations, as VS Code has loaded them from `l10n`. */
let translations: Readonly<Record<string, string>> = {};
/** Making them takes longer than using them. */
const formatsOf = (locale: string): { readonly exact: Intl.NumberFormat; readonly rough: Intl.NumberFormat } => ({
  exact: new Intl.NumberFormat(locale),
  rough: new Intl.NumberFormat(locale, { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 }),
});
/** English where the words are. */
let formats = formatsOf("en");

/** `vscode.l10n` itself is not asked for a message, so that what composes texts does not need an editor. */
export const translateBy = (bundle: Readonly<Record<string, string>> | undefined, language: string): void => {
  translations = bundle ?? {};
  formats = formatsOf(bundle === undefined ? "en" : language);
};

/** @param message one whole sentence or label in English, with `{0}`, `{1}` … for the values */
export const t = (message: string, ...values: readonly (string | number)[]): string =>
  (translations[message] ?? message).replaceAll(/\{(\d+)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );

/** `3,950`. */
export const inDigits = (count: number): string => formats.exact.format(count);

/** `3,950`, `12.4 million`: for what is an estimate anyway. */
export const roughly = (count: number): string => (count < 999_500 ? inDigits(count) : formats.rough.format(count));

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : t("{0} and {1}", parts.slice(0, -1).join(", "), parts.at(-1) ?? "");
