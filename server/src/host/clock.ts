import type { Clock } from "../project/ports.ts";

export const systemClock: Clock = { now: () => Date.now() };
