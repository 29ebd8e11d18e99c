import { defineConfig } from "vitest/config";

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
        },
      },
      {
        test: {
          name: "slow",
          include: ["test/database/**/*.test.ts", "test/slow/**/*.test.ts"],
          setupFiles: ["test/support/setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
