import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blockingFiles, maximumBytes, nodeFiles } from "../../server/src/host/files.ts";
import { FileUnreadable } from "../../server/src/project/ports.ts";
import { walk } from "../../server/src/project/walk.ts";

describe.each([
  ["asked for", nodeFiles],
  ["waited for", blockingFiles],
])("files of this machine, %s,", (_way, source) => {
  let folder = "";
  beforeAll(async () => {
    folder = (await realpath(await mkdtemp(join(tmpdir(), "retort-files-")))).replaceAll("\\", "/");
    await writeFile(`${folder}/marked.py`, "\uFEFFrevision = 'é'\r\n");
    await writeFile(`${folder}/latin.py`, Buffer.from([0x72, 0xe9]));
    await writeFile(`${folder}/huge.py`, Buffer.alloc(maximumBytes + 1, 32));
    await mkdir(`${folder}/a/b`, { recursive: true });
    await symlink(folder, `${folder}/a/b/back`);
    await symlink(`${folder}/a`, `${folder}/other`);
    await symlink(`${folder}/gone`, `${folder}/dangling`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("come without their byte-order mark", async () => {
    expect(await source.read(`${folder}/marked.py`)).toBe("revision = 'é'\r\n");
  });

  test("are all read, however many are asked for at once", async () => {
    const paths = Array.from({ length: 3000 }, () => `${folder}/marked.py`);
    const texts = await Promise.all(paths.map((path) => source.read(path)));
    expect(new Set(texts)).toEqual(new Set(["revision = 'é'\r\n"]));
  });

  test("are undefined where there is none", async () => {
    expect(await source.read(`${folder}/none.py`)).toBeUndefined();
    expect(await source.read(`${folder}/a`)).toBeUndefined();
    expect(await source.read(`${folder}/marked.py/x`)).toBeUndefined();
    expect(await source.list(`${folder}/none`)).toBeUndefined();
    expect(await source.list(`${folder}/marked.py`)).toBeUndefined();
  });

  test("that are not UTF-8, or too large, are refused with the reason", async () => {
    await expect(source.read(`${folder}/latin.py`)).rejects.toThrow(`${folder}/latin.py is not valid UTF-8.`);
    await expect(source.read(`${folder}/huge.py`)).rejects.toThrow(FileUnreadable);
    await expect(source.read(`${folder}/huge.py`)).rejects.toThrow("is larger than 32 MB");
  });

  test.each([
    ["latin-1", "# -*- coding: latin-1 -*-\n", [0xe9, 0x80], "é\u0080"],
    ["iso_8859_1, in the second line", "#!/usr/bin/env python\n# vim: set fileencoding=iso_8859_1 :\n", [0xe9], "é"],
    ["cp1252", "# coding: cp1252\r\n", [0x80], "€"],
    ["euc-jp", "# coding: euc-jp\n", [0xa4, 0xa2], "あ"],
  ])("of Python are read in the encoding that they declare: %s", async (_name, top, bytes, text) => {
    await writeFile(`${folder}/declared.py`, Buffer.concat([Buffer.from(top), Buffer.from(bytes)]));
    expect(await source.read(`${folder}/declared.py`)).toBe(top + text);
  });

  test.each([
    ["one that is not known", "# coding: klingon\n", "is not valid klingon, which it says that it is."],
    ["one that the bytes are not in", "# coding: euc-jp\n", "is not valid euc-jp, which it says that it is."],
    ["none, below a line of code", "x = 1\n# coding: latin-1\n", "is not valid UTF-8."],
  ])("of Python are refused where they declare %s", async (_name, top, message) => {
    await writeFile(`${folder}/declared.py`, Buffer.concat([Buffer.from(top), Buffer.from([0xff, 0x0a])]));
    await expect(source.read(`${folder}/declared.py`)).rejects.toThrow(message);
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "without permission are refused with the reason",
    async () => {
      await writeFile(`${folder}/secret.py`, "");
      await chmod(`${folder}/secret.py`, 0);
      await expect(source.read(`${folder}/secret.py`)).rejects.toThrow("permission denied");
    },
  );

  test("are walked to an end, although links lead in circles", async () => {
    const paths = (await walk(source, folder)).map(({ path }) => path.slice(folder.length));
    expect(paths).toEqual(["", "/a", "/other", "/a/b", "/other/b"]);
  });
});
