import type { CommandHandler } from "./handler.ts";

export const restartServer: CommandHandler = async ({ engine, projects, log }) => {
  log.info("The language server is restarted.");
  await engine.restart();
  await projects.reload();
};
