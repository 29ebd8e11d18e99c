/**
 * Workspaces that lie on no disk: a repository that is looked at without being cloned, a file system in memory. Their files
 * have paths as all others, `/SCHEME:AUTHORITY/…`, and the editor reads them.
 */
import type { Connection } from "vscode-languageserver/node";
import { decode } from "../host/decode.ts";
import { maximumBytes, nodeFiles } from "../host/files.ts";
import { FileUnreadable, type FileSource } from "../project/ports.ts";
import { methods, type FileAnswer, type FolderAnswer } from "../protocol/index.ts";

/** Of workspace folders. Other documents that are no files (sides of a comparison, commits) belong to no project. */
const schemes = new Set<string>();

/** From now on what lies in such a folder has a path. */
export function admitFolder(uri: string): void {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(uri)?.[1];
  if (scheme !== undefined && scheme !== "file") schemes.add(scheme);
}

/** Undefined for what lies in no such folder, and where only a query tells one document from another. */
export function virtualPath(uri: string): string | undefined {
  const [, scheme = "", authority = "", path = ""] =
    /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]*))?(\/[^?#]*)?$/i.exec(uri) ?? [];
  if (!schemes.has(scheme)) return undefined;
  try {
    return `/${scheme}:${authority}${decodeURIComponent(path)}`.replace(/\/$/, "");
  } catch {
    return undefined;
  }
}

/** Undefined for a path of this machine. */
export function virtualUri(path: string): string | undefined {
  const [, scheme = "", authority = "", rest = "/"] = /^\/([a-z][a-z\d+.-]*):([^/]*)(\/.*)?$/i.exec(path) ?? [];
  if (!schemes.has(scheme)) return undefined;
  return `${scheme}:${authority === "" ? "" : `//${authority}`}${rest.split("/").map(encodeURIComponent).join("/")}`;
}

export const isVirtual = (path: string): boolean => virtualUri(path) !== undefined;

export interface WorkspaceFiles extends FileSource {
  /** What was last read of a file that lies on no disk. */
  lastRead(path: string): string | undefined;
}

/** Files of this machine, and those that only the editor can read. */
export function workspaceFiles(connection: Connection): WorkspaceFiles {
  const read = new Map<string, string>();
  return {
    lastRead: (path) => read.get(path),
    async read(path) {
      const uri = virtualUri(path);
      if (uri === undefined) return nodeFiles.read(path);
      const answer = await connection.sendRequest<FileAnswer>(methods.readFile, { uri, maximumBytes });
      read.delete(path);
      if ("reason" in answer) throw new FileUnreadable(`${path} cannot be read: ${answer.reason}`);
      if (!("base64" in answer)) return undefined;
      const text = decode(path, Buffer.from(answer.base64, "base64"));
      read.set(path, text);
      return text;
    },
    async list(path) {
      const uri = virtualUri(path);
      if (uri === undefined) return nodeFiles.list(path);
      const answer = await connection.sendRequest<FolderAnswer>(methods.listFolder, { uri });
      return "entries" in answer ? answer.entries : undefined;
    },
  };
}
