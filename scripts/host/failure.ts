/**
 * A failure that a person can act on: its message is all that is shown of it, without a stack.
 */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** The text for the terminal: a `Failure` in its own words, anything else with its stack, since that is a bug of ours. */
export function describe(error: unknown): string {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
