import type { CommandHandler } from "./handler.ts";

export const showLog: CommandHandler = ({ log }) => {
  log.show();
  return Promise.resolve();
};
