/** The page of a rule, as Markdown: printed in `docs/rules`, and by `retort explain`. */
import type { Option, Rule, Sample } from "../rules/define.ts";

export const codeBlock = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.replace(/\s+$/, "")}\n\`\`\`\n`;

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}\n`).join("");

const section = (title: string, text: string): string => (text === "" ? "" : `## ${title}\n\n${text}\n`);

export const asUpgrade = (body: string): string =>
  `def upgrade() -> None:\n${body
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n")}`;

/** A body as `upgrade()`; a text with functions or several files as it stands. */
const asPython = (code: string): string => {
  const text = code.replace(/^\n+/, "");
  const files = text.replaceAll(/^-- (\S.*?) --$/gm, "# $1");
  return files === text && !/^def (?:upgrade|downgrade)/m.test(text) ? asUpgrade(text) : files;
};

const renderExamples = ({ examples }: Rule): string =>
  examples
    .map(({ title, before, after }) => {
      const label = after.length > 1 ? `Right, in ${after.length} revisions:` : "Right:";
      const rights = after.map((body) => codeBlock("python", asPython(body))).join("\n");
      return `### ${title}\n\nFound:\n\n${codeBlock("python", asPython(before))}\n${label}\n\n${rights}\n`;
    })
    .join("");

const renderSample = ({ title, code, dialect }: Sample): string =>
  `${title}${dialect === undefined ? "" : ` (${dialect})`}:\n\n${codeBlock("python", asPython(code))}\n`;

const renderSamples = (samples: readonly Sample[] = []): string => samples.map(renderSample).join("");

const renderOption = (name: string, { type, default: value, description }: Option<unknown>): string =>
  `| \`${name}\` | ${type} | \`${JSON.stringify(value)}\` | ${description} |\n`;

const renderOptions = ({ options }: Rule): string => {
  const entries = Object.entries(options);
  if (entries.length === 0) return "";
  return `| option | type | default | meaning |\n|---|---|---|---|\n${entries.map(([name, option]) => renderOption(name, option)).join("")}`;
};

const renderSettings = (rule: Rule): string => {
  const [name] = Object.keys(rule.options);
  const table = name === undefined ? "" : `, "options": { "${name}": ${JSON.stringify(rule.options[name]?.default)} }`;
  return `In VS Code's settings (\`"retort.rules"\`), in \`retort.toml\` (\`[rules]\`) or in \`pyproject.toml\` (\`[tool.retort.rules]\`), severity is
\`"off"\`, \`"error"\`, \`"warning"\` or \`"information"\`:

${codeBlock("jsonc", `"retort.rules": {\n  "${rule.id}": { "severity": "${rule.severity}"${table} }\n}`)}
For one statement, or above the first statement for the whole file:

${codeBlock("python", `# retort: allow ${rule.id} because <reason>`)}`;
};

export const firstWord = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function renderRulePage(rule: Rule): string {
  const repairs = (rule.refactorings ?? []).map((id) => `[\`${id}\`](../refactorings/${id}.md)`);
  return `# ${rule.id}

${rule.summary}

| | |
|---|---|
| Severity | ${rule.severity} |
| Group | ${rule.group} |
| Dialects | ${rule.dialects === undefined ? "all" : rule.dialects.join(", ")} |
| On by default | ${rule.recommended ? "yes" : "no"} |
| Refactoring | ${repairs.length > 0 ? repairs.join(", ") : "none"} |

${section("Why", rule.why)}
${section("Instead", rule.instead)}
${section("Examples", renderExamples(rule))}
${section("Will catch", renderSamples(rule.catches))}
${section("Will not catch", renderSamples(rule.passes))}
${section("What is allowed", bullets((rule.allowed ?? []).map(firstWord)))}
${section("What counts too", bullets((rule.counted ?? []).map(firstWord)))}
${section("Options", renderOptions(rule))}
${section("Settings and suppression", renderSettings(rule))}
${section("Sources", bullets(rule.sources.map((source) => `<${source}>`)))}`;
}
