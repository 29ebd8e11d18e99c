/** The page before its script fills it. */
export interface Shell {
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** Where style sheets may come from. */
  readonly styleSource: string;
}

/** Nothing but our own script and style sheet: no inline code, no picture, no request. All text is put in as text by the script. */
export const renderShell = ({ nonce, script, style, styleSource }: Shell): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Retort: Graph</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
