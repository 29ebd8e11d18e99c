import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Vitest leaves one core to itself, which on a machine with two is half of it. */
const maxWorkers = availableParallelism();

/** `fast` needs nothing but this checkout; `slow` starts servers, PostgreSQL and Python. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/database/**", "test/vscode/**", "test/slow/**"],
          setupFiles: ["test/support/setup.ts"],
          testTimeout: 20_000,
          maxWorkers,
        },
      },
      {
        test: {
          name: "slow",
          include: ["test/database/**/*.test.ts", "test/slow/**/*.test.ts"],
          setupFiles: ["test/support/setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers,
        },
      },
    ],
  },
});
