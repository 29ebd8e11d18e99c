/** Bundles the extension, the language server and the command line into `dist/`, with the grammars beside them. */
import { build as bundle, type BuildOptions } from "esbuild";
import { chmod, copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/** CommonJS has no `import.meta.url`; libraries that ask for it get the bundle's own address. */
const importMetaUrl = 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Identifiers stay: names stand in messages and in the log, and keeping them for functions of other names costs time at
  // every closure.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
  define: { "import.meta.url": "__importMetaUrl" },
  // The ES module build looks for its own address at load time; the CommonJS build does not.
  alias: { "web-tree-sitter": path.join(path.dirname(require.resolve("web-tree-sitter")), "web-tree-sitter.cjs") },
} satisfies BuildOptions;

const bundles = {
  extension: { entryPoints: ["client/src/extension.ts"], external: ["vscode"], banner: { js: importMetaUrl } },
  server: { entryPoints: ["server/src/lsp/main.ts"], banner: { js: importMetaUrl } },
  cli: { entryPoints: ["server/src/cli/main.ts"], banner: { js: `#!/usr/bin/env node\n${importMetaUrl}` } },
} satisfies Record<string, BuildOptions>;

/** The graph page runs in a browser: its script and its style sheet, `graph.js` and `graph.css`. */
const page = {
  absWorkingDir: root,
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  charset: "utf8",
  logLevel: "warning",
  entryPoints: { graph: "client/src/views/graph/page/main.ts" },
} satisfies BuildOptions;
const pageStyle = "client/src/views/graph/page/graph.css";

/** Grammars of SQL that are loaded when a statement asks for them. */
const sqlGrammars = ["mysql", "mariadb", "sqlite", "transactsql"];

const grammars = [
  require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
  path.join(path.dirname(require.resolve("tree-sitter-python/package.json")), "tree-sitter-python.wasm"),
  path.join(path.dirname(require.resolve("libpg-query")), "libpg-query.wasm"),
];

export async function bundlePage(outdir: string): Promise<void> {
  await Promise.all([bundle({ ...page, outdir }), bundle({ ...page, entryPoints: { graph: pageStyle }, outdir })]);
}

/** One program of TypeScript as a single file that Node runs; the grammars go beside it. */
export async function bundleProgram(entry: string, outfile: string): Promise<void> {
  await bundle({ ...common, banner: { js: importMetaUrl }, entryPoints: [entry], outfile });
}

export async function copyGrammars(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(grammars.map((file) => copyFile(file, path.join(folder, path.basename(file)))));
}

/** Overwrites what is there, so that a running editor never finds it gone. @throws when a bundle cannot be made; esbuild has then printed why. */
export async function build({ sourcemap = false, dist = path.join(root, "dist") } = {}): Promise<void> {
  await Promise.all([
    copyGrammars(dist),
    ...Object.entries(bundles).map(([name, options]) =>
      bundle({ ...common, ...options, sourcemap, outfile: path.join(dist, `${name}.cjs`) }),
    ),
    bundlePage(dist),
    ...sqlGrammars.map((name) =>
      bundle({
        ...common,
        entryPoints: [require.resolve(`node-sql-parser/build/${name}.js`)],
        outfile: path.join(dist, `sql-${name}.cjs`),
      }),
    ),
  ]);
  await chmod(path.join(dist, "cli.cjs"), 0o755);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build({ sourcemap: process.argv.includes("--sourcemap") });
}
