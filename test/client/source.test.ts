import { expect, test } from "vitest";
import { urlVariables } from "../../server/src/database/url-variables.ts";
import { findUrl, variablesFor, type UrlCandidates } from "../../client/src/database/source.ts";

const none: UrlCandidates = {
  setting: undefined,
  stored: undefined,
  environment: {},
  config: undefined,
  section: "alembic",
};

test("the URL is the setting's, else the stored one, else the environment's, else the config's", () => {
  const all = {
    setting: "postgresql://setting/d",
    stored: "postgresql://stored/d",
    environment: { DATABASE_URL: "postgresql://environment/d" },
    config: "postgresql://config/d",
    section: "alembic",
  };
  expect(findUrl(all)?.url).toBe(all.setting);
  expect(findUrl({ ...all, setting: "" })?.url).toBe(all.stored);
  expect(findUrl({ ...all, setting: "", stored: undefined })?.url).toBe("postgresql://environment/d");
  expect(findUrl({ ...none, config: all.config })).toMatchObject({ url: all.config, calledBy: "alembic" });
  expect(findUrl(none)).toBeUndefined();
});

test.each(["driver://user:pass@localhost/dbname", "postgresql://%(DB_USER)s@h/d", "${DATABASE_URL}", " "])(
  "%j in the config is no URL yet",
  (config) => {
    expect(findUrl({ ...none, config })).toBeUndefined();
  },
);

test("Alembic is told of a URL that only Retort knows, and of no other", () => {
  expect(Object.keys(variablesFor(findUrl({ ...none, setting: "postgresql://h/d" })))).toContain("DATABASE_URL");
  expect(variablesFor(findUrl({ ...none, config: "postgresql://h/d" }))).toEqual({});
  expect(variablesFor(undefined)).toEqual({});
});

test("the first variable of the list that is set counts", () => {
  const environment = Object.fromEntries(urlVariables.map((name) => [name, `postgresql://${name.toLowerCase()}/d`]));
  expect(findUrl({ ...none, environment })?.calledBy).toBe(urlVariables[0]);
});
