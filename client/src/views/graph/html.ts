/** The page before its script fills it. */
export interface Shell {
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** Where style sheets may come from. */
  readonly styleSource: string;
  /** Of the editor; the words are absent where they are English. */
  readonly language: { readonly code: string; readonly words: Readonly<Record<string, string>> | undefined };
}

const escapeAttribute = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Nothing but our own script and style sheet: no inline code, no picture, no request. All text is put in as text by the script. */
export const renderShell = ({
  nonce,
  script,
  style,
  styleSource,
  language: { code, words },
}: Shell): string => `<!DOCTYPE html>
<html lang="${words === undefined ? "en" : escapeAttribute(code)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Retort: Graph</title>
</head>
<body${words === undefined ? "" : ` data-words="${escapeAttribute(JSON.stringify(words))}"`}>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
