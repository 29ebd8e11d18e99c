/** Elements made by hand. Whatever a project says goes in as text: nothing here reads markup. */
type Child = Node | string;

export interface Made {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

function fill<T extends Element>(element: T, { class: name, attributes, on }: Made, children: readonly Child[]): T {
  if (name !== undefined) element.setAttribute("class", name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  for (const [key, listener] of Object.entries(on ?? {})) element.addEventListener(key, listener);
  element.append(...children);
  return element;
}

export const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  made: Made = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), made, children);

export const draw = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): SVGElementTagNameMap[K] =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), { attributes }, children);
