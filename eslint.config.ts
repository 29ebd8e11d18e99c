import type { Linter } from "eslint";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { layers, type LayerName } from "./server/layers.ts";

const names = Object.keys(layers) as LayerName[];

/** The import matrix of `server/layers.ts`, as lint sees it. */
const walls = names.map((name): Linter.Config => {
  const layer = layers[name];
  const forbidden = names.filter((other) => other !== name && !layer.mayImport.includes(other));
  return {
    files: [`server/src/${name}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...(forbidden.length > 0
              ? [
                  {
                    group: forbidden.map((other) => `**/${other}/*`),
                    message: `${name} may not import this layer (server/layers.ts).`,
                  },
                ]
              : []),
            ...(layer.edge
              ? [{ group: ["vscode"], message: "Only the client knows VS Code." }]
              : [
                  {
                    group: ["node:*", "vscode", "vscode-*", "pg", "fs", "path"],
                    message: `${name} is pure: ask a port instead.`,
                  },
                ]),
          ],
        },
      ],
    },
  };
});

export default defineConfig(
  {
    ignores: [
      "dist/**",
      ".cache/**",
      "node_modules/**",
      ".vscode-host/**",
      ".vscode-test/**",
      "test-results/**",
      "test/vscode/cloud-files/**",
      "test/vscode/debugpy/**",
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always"],
    },
  },
  ...walls,
  {
    files: ["client/src/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "server/src/(?!protocol/|database/)",
              message: "The client asks the server; it imports only its protocol, and how databases are reached.",
            },
          ],
        },
      ],
    },
  },
);
