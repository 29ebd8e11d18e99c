/** Text of other people on a terminal: it is shown, and moves no cursor. */

/** Controls, and what turns the direction of text around. */
const controls = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** On one line. Tabs are left alone. */
export const printable = (text: string): string =>
  text.replaceAll(/\r\n|\n|\r/g, " ").replaceAll(controls, (character) => {
    const number = character.charCodeAt(0).toString(16);
    return number.length > 2 ? `\\u${number.padStart(4, "0")}` : `\\x${number.padStart(2, "0")}`;
  });

/** Characters that take two places (East Asian ones and pictures), and those that take none. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;
const none = /[\p{Mn}\p{Me}\u200B-\u200D\uFE00-\uFE0F]/u;

/** How many places a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += none.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
