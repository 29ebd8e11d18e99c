import type { CommandHandler } from "./handler.ts";

/** Looks again at everything: interpreters, histories, databases. */
export const refresh: CommandHandler = async ({ projects, toolchain }) => {
  toolchain.forget();
  await projects.reload();
  await projects.readStandings();
};
