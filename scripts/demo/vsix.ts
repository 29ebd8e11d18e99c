import path from "node:path";
import { root } from "../host/paths.ts";
import { run } from "../host/run.ts";
import type { Scope } from "../host/scope.ts";

/** Packages the built extension, or that of another folder; gives the path of the package. */
export async function packageExtension(scope: Scope, folder = root): Promise<string> {
  const name = folder === root ? "retort" : path.basename(folder);
  const file = path.join(scope.folder(`package-${name}`), `${name}.vsix`);
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", file];
  await run(process.execPath, [vsce, "package", ...options], { scope, cwd: folder, doing: "Packaging the extension" });
  return file;
}
