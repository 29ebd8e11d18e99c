/** Paths as the ports speak them: "/" between names, absolute ones beginning with "/" or a drive (`C:/`). */

export const isAbsolute = (path: string): boolean => /^(\/|[A-Za-z]:\/)/.test(path);

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder above; of a root, the root itself. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  if (at === -1) return path;
  const above = path.slice(0, at);
  return above === "" || /^[A-Za-z]:$/.test(above) ? path.slice(0, at + 1) : above;
}

/** `to` as seen from the folder `from`, with "." and ".." worked out and no "/" at the end. */
export function resolvePath(from: string, to: string): string {
  const forward = to.replaceAll("\\", "/");
  const whole = isAbsolute(forward) ? forward : `${from}/${forward}`;
  const root = /^(\/|[A-Za-z]:\/)/.exec(whole)?.[0] ?? "";
  const names: string[] = [];
  for (const name of whole.slice(root.length).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return root + names.join("/");
}

/** True for the folder itself and for everything below it. */
export const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

export const joinPath = (folder: string, name: string): string =>
  folder.endsWith("/") ? folder + name : `${folder}/${name}`;
