import type { ClientSettings } from "./settings.ts";

/** What decides what runs, where and with what: without trust a workspace may set none of it. A test holds the manifest to it. */
export const restrictedSettings: Readonly<Record<keyof ClientSettings, true>> = {
  python: true,
  alembicCommand: true,
  databaseUrl: true,
  environment: true,
  confirmDowngrade: true,
  protectedDatabases: true,
  readOnly: true,
};
