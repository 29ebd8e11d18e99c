/** From one symbolic call to what it does to the database. */
export { readCall } from "./read-call.ts";
export { roleOf } from "./roles.ts";
export { phaseOf } from "./phase.ts";
