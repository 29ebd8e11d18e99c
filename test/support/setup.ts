/** Runs before every test file: the grammars are WebAssembly and load asynchronously. */
import { loadEngine } from "../../server/src/host/engine.ts";

await loadEngine();
