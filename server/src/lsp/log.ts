import type { RemoteConsole } from "vscode-languageserver/node";
import type { Log } from "../project/ports.ts";

/** Passwords in URLs have no business in a log, whoever wrote the message. */
const masked = (message: string): string => message.replace(/(\w:\/\/[^\s:/@]*:)[^\s@]*@/g, "$1***@");

export const connectionLog = (console: RemoteConsole): Log => ({
  info: (message) => {
    console.info(masked(message));
  },
  warn: (message) => {
    console.warn(masked(message));
  },
  error: (message) => {
    console.error(masked(message));
  },
});
