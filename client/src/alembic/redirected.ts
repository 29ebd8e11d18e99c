/** The project's own Alembic on another database than its config names. */
import { parseDatabaseUrl } from "../../../server/src/database/url.ts";
import { urlVariables } from "../../../server/src/database/url-variables.ts";
import type { CurrentDatabase } from "./output.ts";
import type { Tools } from "./toolchain.ts";
import { t } from "../l10n.ts";

/** Where env.py asks the config, it gets the URL from here; where it asks the environment, from the variables. */
const bootstrap = [
  "import os, runpy",
  "from alembic.config import Config",
  "begin = Config.__init__",
  "def redirected(self, *args, **named):",
  "    begin(self, *args, **named)",
  "    self.set_main_option('sqlalchemy.url', os.environ['RETORT_THROWAWAY_URL'].replace('%', '%%'))",
  "Config.__init__ = redirected",
  "runpy.run_module('alembic', run_name='__main__', alter_sys=True)",
].join("\n");

/** A sentence where that cannot be: what runs elsewhere cannot be led to a database of this machine. */
export const redirect = (tools: Tools, url: string, calledBy: string): Tools | string => {
  const { interpreter } = tools;
  if ((interpreter.speaks ?? "python") !== "python")
    return t(
      "A throwaway database needs a Python that Retort runs itself, and retort.alembicCommand names another program.",
    );
  const variables = [...urlVariables, ...(/^[A-Z]\w+$/.test(calledBy) ? [calledBy] : [])];
  return {
    ...tools,
    interpreter: { ...interpreter, args: [...interpreter.args, "-c", bootstrap], speaks: "alembic" },
    environment: {
      ...tools.environment,
      ...Object.fromEntries(variables.map((name) => [name, url])),
      RETORT_THROWAWAY_URL: url,
    },
  };
};

/** Alembic's own word for it: an env.py may connect wherever it likes, and then nothing may run. */
export const isRedirected = (databases: readonly CurrentDatabase[], name: string): boolean => {
  const [only] = databases;
  const database = only === undefined ? undefined : parseDatabaseUrl(only.url)?.database;
  return databases.length === 1 && database !== undefined && database.split("/").at(-1) === name;
};
