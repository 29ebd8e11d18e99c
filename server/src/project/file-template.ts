/** `file_template`: the name of a new file, from what Alembic tells of it. */
import type { Moment } from "./moment.ts";
import { formatPercent, type Formatted } from "./percent.ts";

interface Tokens {
  readonly rev: string;
  readonly slug: string;
  readonly moment: Moment;
  /** Where files are counted, which Alembic does not know. */
  readonly number?: string;
}

/** Without `.py`. */
export const fillTemplate = (template: string, { rev, slug, moment, number }: Tokens): Formatted =>
  formatPercent(template, {
    rev,
    slug,
    epoch: moment.epoch,
    year: moment.year,
    month: moment.month,
    day: moment.day,
    hour: moment.hour,
    minute: moment.minute,
    second: moment.second,
    ...(number === undefined ? {} : { number }),
  });

/** What is wrong with a template; the end of a sentence. */
export function describeTemplate(template: string): string | undefined {
  const moment = { epoch: 1, year: 1, month: 1, day: 1, hour: 1, minute: 1, second: 1, microsecond: 0 };
  const filled = fillTemplate(template, { rev: "a", slug: "b", moment });
  return "cause" in filled ? filled.cause : undefined;
}
