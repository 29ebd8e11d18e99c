import type { Io } from "../io.ts";
import { renderJson } from "../json.ts";
import { renderPretty } from "../pretty.ts";
import type { FailOn, Report } from "../report.ts";
import type { Format } from "./names.ts";
import { renderGithub } from "./github.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderSarif } from "./sarif.ts";

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
