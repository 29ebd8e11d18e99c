import type { CommandHandler } from "./handler.ts";

/** Looks again at everything: interpreters, histories, databases. */
export const refresh: CommandHandler = async ({ projects, toolchain, database }) => {
  toolchain.forget();
  await projects.reload();
  await projects.readStandings();
  await database.refresh();
};
