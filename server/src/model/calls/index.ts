/** From one symbolic call to what it does to the database. */
export { readRelationship } from "./relationships.ts";
export { readAttributeSet, readIteration } from "./objects.ts";
export { phaseOf } from "./phase.ts";
export { readCall } from "./read-call.ts";
export { roleOf } from "./roles.ts";
