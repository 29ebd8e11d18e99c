import { CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Log } from "../project/ports.ts";

/** The person (or the editor) no longer wants the answer. */
export const cancelled = (): ResponseError<void> =>
  new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");

/** What the request was about has changed since; the editor asks again where it still matters. */
export const contentModified = (why: string): ResponseError<void> =>
  new ResponseError(LSPErrorCodes.ContentModified, why);

export const refused = (why: string): ResponseError<void> => new ResponseError(LSPErrorCodes.RequestFailed, why);

export const invalid = (why: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidParams, why);

/**
 * Runs the handler of one request so that its failure is that request's alone: it is logged with the request's name
 * and answered with the fallback. Deliberate refusals (`ResponseError`) pass.
 */
export function isolated<P, R>(
  name: string,
  log: Log,
  fallback: R,
  handler: (params: P, token: CancellationToken) => Promise<R> | R,
): (params: P, token?: CancellationToken) => Promise<R> {
  return async (params, token = CancellationToken.None) => {
    if (token.isCancellationRequested) throw cancelled();
    try {
      const answer = await handler(params, token);
      if (token.isCancellationRequested) throw cancelled();
      return answer;
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      log.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return fallback;
    }
  };
}
