/** Examples of the guide about continuous integration. */
export type CiService = "GitHub Actions" | "GitLab";

/** The first block of YAML below a heading; undefined where there is none before the next heading. */
export const blockBelow = (guide: string, heading: CiService): string | undefined => {
  const lines = guide.split(/\r?\n/);
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("## "));
  const section = end < 0 ? rest : rest.slice(0, end);
  const open = section.indexOf("```yaml");
  const close = section.indexOf("```", open + 1);
  return open < 0 || close < 0 ? undefined : `${section.slice(open + 1, close).join("\n")}\n`;
};
