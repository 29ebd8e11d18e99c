/** Entry of the server's own bundle, which the extension starts. */
import { startServer } from "./start.ts";

startServer();
