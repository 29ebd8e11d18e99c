import type { Io } from "../io.ts";
import { renderJson } from "../json.ts";
import { mostWithFixes, renderPretty } from "../pretty.ts";
import type { FailOn, Report } from "../report.ts";
import type { Format } from "./names.ts";
import { renderGithub } from "./github.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderSarif } from "./sarif.ts";

/**
 * How many findings a format shows with their fixes. Nobody reads the fixes of more findings in a terminal, and a comment
 * of Markdown holds fewer; the other formats have no place for them.
 */
export const mostFixes: Readonly<Record<Format, number>> = {
  ...{ json: Infinity, pretty: mostWithFixes, markdown: mostWithFixes },
  ...{ sarif: 0, github: 0, gitlab: 0, junit: 0 },
};

/** What is wrong with the input itself stands in all but the pretty one, and on standard error beside each of them. */
export const renderers = {
  pretty: renderPretty,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
  markdown: renderMarkdown,
} satisfies Record<Format, (report: Report, io: Io, failOn: FailOn) => string>;
