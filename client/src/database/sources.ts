/** The database URL of a project, and the environment that Alembic gets. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { readSettings } from "../settings.ts";
import type { GrowingMask } from "../../../server/src/database/mask.ts";
import { urlVariables } from "../../../server/src/database/url-variables.ts";
import { findUrl, variablesFor, type UrlSource } from "./source.ts";

export interface DatabaseSources {
  readonly find: (project: ProjectNode) => Promise<UrlSource | undefined>;
  readonly environmentOf: (project: ProjectNode) => Promise<NodeJS.ProcessEnv>;
  /** Keeps a URL in the editor's secret storage; "" forgets it. */
  readonly store: (project: ProjectNode, url: string) => Promise<void>;
}

export const createDatabaseSources = (secrets: vscode.SecretStorage, mask: GrowingMask): DatabaseSources => {
  const find = async (project: ProjectNode): Promise<UrlSource | undefined> => {
    const settings = readSettings(vscode.Uri.parse(project.folderUri));
    const environment = { ...process.env, ...settings.environment };
    const stored = await secrets.get(secretKey(project));
    const urls = [settings.databaseUrl, stored, project.url, ...urlVariables.map((name) => environment[name])];
    mask.learn(
      urls.filter((url): url is string => url !== undefined && url !== ""),
      Object.entries(environment).map(([name, value]) =>
        /(password|passwd|secret|token)$/i.test(name) ? value : undefined,
      ),
    );
    return findUrl({
      setting: settings.databaseUrl,
      stored,
      environment,
      config: project.url,
      section: project.section,
    });
  };
  return {
    find,
    environmentOf: async (project) => ({
      ...process.env,
      ...variablesFor(await find(project)),
      ...readSettings(vscode.Uri.parse(project.folderUri)).environment,
    }),
    store: async (project, url) => {
      if (url === "") await secrets.delete(secretKey(project));
      else await secrets.store(secretKey(project), url);
    },
  };
};

const secretKey = (project: ProjectNode): string => `databaseUrl:${project.id}`;
