/** The client's words in the language of the editor. */

/** English messages with their translations, as VS Code has loaded them from `l10n`. */
let translations: Readonly<Record<string, string>> = {};

/** `vscode.l10n` itself is not asked for a message, so that what composes texts does not need an editor. */
export const translateBy = (bundle: Readonly<Record<string, string>> | undefined): void => {
  translations = bundle ?? {};
};

/** @param message one whole sentence or label in English, with `{0}`, `{1}` … for the values */
export const t = (message: string, ...values: readonly (string | number)[]): string =>
  (translations[message] ?? message).replaceAll(/\{(\d+)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );
