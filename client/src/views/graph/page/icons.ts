/** Small drawings in the text's colour; each differs by shape, so that none is told by colour alone. */
import { draw } from "./dom.ts";

const paths = {
  error:
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.2a5.3 5.3 0 1 1 0 10.6A5.3 5.3 0 0 1 8 2.7ZM5.5 6.3l.8-.8L8 7.2l1.7-1.7.8.8L8.8 8l1.7 1.7-.8.8L8 8.8l-1.7 1.7-.8-.8L7.2 8Z",
  warning: "M8 1.6 15 14H1L8 1.6Zm0 2.5L3 12.8h10L8 4.1Zm-.6 3h1.2v3.2H7.4Zm0 4h1.2v1.1H7.4Z",
  information:
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.2a5.3 5.3 0 1 1 0 10.6A5.3 5.3 0 0 1 8 2.7ZM7.4 7.2h1.2v4H7.4Zm0-2.4h1.2V6H7.4Z",
  lock: "M5 7V4.8a3 3 0 0 1 6 0V7h.8c.4 0 .7.3.7.7v5.6c0 .4-.3.7-.7.7H4.2a.7.7 0 0 1-.7-.7V7.7c0-.4.3-.7.7-.7H5Zm1.2 0h3.6V4.8a1.8 1.8 0 0 0-3.6 0V7Zm-1.5 1.2v4.6h6.6V8.2H4.7Z",
  back: "M6.3 2.6 7.2 3.5 4.6 6H10a4 4 0 0 1 0 8H6v-1.2h4a2.8 2.8 0 0 0 0-5.6H4.6l2.6 2.5-.9.9L2.2 6.6Z",
  noBack:
    "M6.3 2.6 7.2 3.5 4.6 6H10a4 4 0 0 1 0 8H6v-1.2h4a2.8 2.8 0 0 0 0-5.6H4.6l2.6 2.5-.9.9L2.2 6.6ZM13.4 1.4l.9.9L3 14.6l-.9-.9Z",
} as const;

export type IconName = keyof typeof paths;

export const icon = (name: IconName): SVGSVGElement =>
  draw(
    "svg",
    { viewBox: "0 0 16 16", width: "14", height: "14", "aria-hidden": "true", class: `icon icon-${name}` },
    draw("path", { d: paths[name], fill: "currentColor", "fill-rule": "evenodd" }),
  );
