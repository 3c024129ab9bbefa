// Builds DOM elements; text only ever enters as text nodes, so data cannot become markup.

export type Child = Node | string | number | null | undefined | false;
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** An attribute that is a function listens to the event of that name. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...shown(children));
  return node;
}

/** Replaces what is inside, and gives the focus back to the control with the same `data-key`. */
export function replaceContent(parent: HTMLElement, ...children: Child[]): void {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && parent.contains(focused) ? focused.dataset['key'] : undefined;
  parent.replaceChildren(...shown(children));
  if (key === undefined) return;
  const again = [...parent.querySelectorAll<HTMLElement>('[data-key]')].find((node) => node.dataset['key'] === key);
  again?.focus({ preventScroll: true });
}

/** A titled section of the page; what is beside its title may be a note or controls. */
export function panel(title: string, beside: Child, ...children: Child[]): HTMLElement {
  const heading = element('h2', {}, title);
  const head = element(
    'div',
    { class: 'panel-head' },
    heading,
    typeof beside === 'string' ? element('p', { class: 'note' }, beside) : beside,
  );
  return element('section', { class: 'panel', 'aria-label': title }, head, ...children);
}

function shown(children: Child[]): (Node | string)[] {
  return children
    .filter((child): child is Node | string | number => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child));
}
