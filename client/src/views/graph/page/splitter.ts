/** The border between the rows and the panel, moved by mouse or keyboard. */
import { make } from "./dom.ts";
import { t } from "../../../l10n.ts";

const [least, most, step] = [220, 900, 24];

export function createSplitter(width: () => number, onMove: (width: number) => void): HTMLElement {
  const element = make("div", {
    class: "splitter",
    attributes: {
      role: "separator",
      tabindex: "0",
      "aria-label": t("Width of the details"),
      "aria-orientation": "vertical",
      "aria-valuemin": String(least),
      "aria-valuemax": String(most),
    },
  });
  const move = (to: number): void => {
    const clamped = Math.min(most, Math.max(least, Math.round(to)));
    element.setAttribute("aria-valuenow", String(clamped));
    onMove(clamped);
  };
  element.setAttribute("aria-valuenow", String(width()));
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    const [start, before] = [event.clientX, width()];
    const follow = (moved: PointerEvent): void => {
      move(before + start - moved.clientX);
    };
    element.addEventListener("pointermove", follow);
    element.addEventListener(
      "lostpointercapture",
      () => {
        element.removeEventListener("pointermove", follow);
      },
      { once: true },
    );
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    move(width() + (event.key === "ArrowLeft" ? step : -step));
  });
  return element;
}
