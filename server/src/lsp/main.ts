/** Entry of the server's own bundle, which the extension starts, and of the threads that it starts. */
import { isMainThread } from "node:worker_threads";
import { serveBatches } from "../host/reading/worker.ts";
import { startServer } from "./start.ts";

if (isMainThread) startServer();
else serveBatches();
