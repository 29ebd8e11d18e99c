/**
 * The names that PostgreSQL itself gives: `users_email_key`, `orders_user_id_fkey`. After `makeObjectName()` and
 * `ChooseRelationName()` in PostgreSQL's `src/backend/commands/indexcmds.c`.
 */

/** `NAMEDATALEN` less its final zero, in bytes of UTF-8. */
export const longestName = 63;

/** In UTF-8. Pure layers have no `Buffer`. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** As much of it as takes no more bytes. */
export function clip(text: string, most: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}

/** What the server makes of a name that is given to it. */
export const clipName = (name: string): string => clip(name, longestName);

/** A name that ends so, itself cut where the whole would be too long. */
export const withEnding = (name: string, ending: string): string => clip(name, longestName - bytesOf(ending)) + ending;

/** The first of `name_label`, `name_label_2`, `name_label_3` that is free. */
export function freeName(name: string, label: string, isTaken: (candidate: string) => boolean): string {
  for (let n = 1; ; n++) {
    const candidate = withEnding(name, n === 1 ? `_${label}` : `_${label}_${String(n)}`);
    if (!isTaken(candidate)) return candidate;
  }
}

/** `first_second_label`; the longer of the first two is cut until the whole fits. */
export function makeObjectName(first: string, second: string | undefined, label: string): string {
  const overhead = bytesOf(label) + 1 + (second === undefined ? 0 : 1);
  const available = longestName - overhead;
  let one = bytesOf(first);
  let two = second === undefined ? 0 : bytesOf(second);
  while (one + two > available) {
    if (one > two) one -= 1;
    else two -= 1;
  }
  return [clip(first, one), ...(second === undefined ? [] : [clip(second, two)]), label].join("_");
}

/** The first of `…_key`, `…_key1`, `…_key2` that is free. */
export function chooseName(
  first: string,
  second: string | undefined,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = makeObjectName(first, second, pass === 0 ? label : `${label}${String(pass)}`);
    if (!isTaken(name)) return name;
  }
}

/** The columns' part of a name. Columns beyond the length of a name are left out whole. */
export function joinColumns(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    joined = joined === "" ? column : `${joined}_${column}`;
    if (bytesOf(joined) >= longestName) break;
  }
  return joined;
}
