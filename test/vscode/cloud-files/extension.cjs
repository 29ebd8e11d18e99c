/** `cloud:/far/PATH` shows PATH of this machine, as if it were far away: programs find nothing under that address. */
const fs = require("node:fs/promises");
const vscode = require("vscode");

const fileOf = (uri) => uri.path.replace(/^\/far(?=\/)/, "");
const typeOf = (entry) => (entry.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File);

const orMissing = async (uri, action) => {
  try {
    return await action(fileOf(uri));
  } catch {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
};

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) =>
      orMissing(uri, async (file) => {
        const found = await fs.stat(file);
        return { type: typeOf(found), ctime: found.ctimeMs, mtime: found.mtimeMs, size: found.size };
      }),
    readDirectory: (uri) =>
      orMissing(uri, async (file) =>
        (await fs.readdir(file, { withFileTypes: true })).map((entry) => [entry.name, typeOf(entry)]),
      ),
    readFile: (uri) => orMissing(uri, (file) => fs.readFile(file)),
    writeFile: (uri, content) => orMissing(uri, (file) => fs.writeFile(file, content)),
    createDirectory: (uri) => orMissing(uri, (file) => fs.mkdir(file)),
    delete: (uri) => orMissing(uri, (file) => fs.rm(file, { recursive: true })),
    rename: (from, to) => orMissing(from, (file) => fs.rename(file, fileOf(to))),
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("cloud", provider));
};
