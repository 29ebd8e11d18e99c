/** Where the URL of a project's database comes from: what the person said last, then the environment, then the config. */
import { urlVariables } from "../../../server/src/database/url-variables.ts";
import { t } from "../l10n.ts";

export interface UrlSource {
  readonly url: string;
  /** In words, for tooltips: `the setting retort.databaseUrl`. */
  readonly from: string;
  /** The name of a variable or section, which may say production. */
  readonly calledBy: string;
  /** True where the person gave it to Retort: Alembic does not know it unless env.py reads the environment. */
  readonly givenToRetort: boolean;
}

export interface UrlCandidates {
  readonly setting: string | undefined;
  /** Kept in the editor's secret storage by "Set Database URL". */
  readonly stored: string | undefined;
  /** The environment that Alembic gets: the editor's, and `retort.environment` over it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `sqlalchemy.url` of the config. */
  readonly config: string | undefined;
  readonly section: string;
}

export const findUrl = (candidates: UrlCandidates): UrlSource | undefined => {
  const { setting, stored, environment, config, section } = candidates;
  if (setting)
    return { url: setting, from: t("the setting {0}", "retort.databaseUrl"), calledBy: "", givenToRetort: true };
  if (stored)
    return { url: stored, from: t("the URL that you set for this project"), calledBy: "", givenToRetort: true };
  for (const name of urlVariables) {
    const url = environment[name];
    if (url) return { url, from: t("the variable {0}", name), calledBy: name, givenToRetort: false };
  }
  if (config && !isPlaceholder(config))
    return {
      url: config,
      from: t("sqlalchemy.url of section [{0}]", section),
      calledBy: section,
      givenToRetort: false,
    };
  return undefined;
};

/** The line that `alembic init` writes, and lines whose value env.py has yet to fill in. */
const isPlaceholder = (url: string): boolean => /^driver:\/\//.test(url) || /%\(\w+\)s|\$\{\w+\}|^\s*$/.test(url);

/** What Alembic gets so that env.py, where it reads the environment, uses the database that the person named. */
export const variablesFor = (source: UrlSource | undefined): Record<string, string> =>
  source?.givenToRetort === true ? { DATABASE_URL: source.url, SQLALCHEMY_DATABASE_URL: source.url } : {};
