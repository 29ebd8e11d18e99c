import * as vscode from "vscode";
import type { Mask } from "../../server/src/database/mask.ts";

/** The channel "Retort". Everything passes through the mask, so that no password is ever written. */
export interface Log {
  /** Hidden unless the person turns the channel's level down. */
  readonly debug: (line: string) => void;
  readonly info: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly error: (line: string) => void;
  readonly mask: Mask;
  readonly show: () => void;
  readonly channel: vscode.LogOutputChannel;
}

export const createLog = (context: vscode.ExtensionContext, mask: Mask): Log => {
  const channel = vscode.window.createOutputChannel("Retort", { log: true });
  context.subscriptions.push(channel);
  return {
    debug: (line) => {
      channel.debug(mask(line));
    },
    info: (line) => {
      channel.info(mask(line));
    },
    warn: (line) => {
      channel.warn(mask(line));
    },
    error: (line) => {
      channel.error(mask(line));
    },
    mask,
    show: () => {
      channel.show(true);
    },
    channel,
  };
};

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
