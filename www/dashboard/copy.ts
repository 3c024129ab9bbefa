// A button that copies a text.

import { element } from './element';

const COPIED_MS = 2000;

/** `shown` is where the text stands on the page. */
export function copyButton(name: string, text: string, shown: HTMLElement): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': `Copy the ${name}`, 'data-key': `copy ${name}` },
    'Copy',
  );
  button.addEventListener('click', () => {
    void copy(text, shown).then((done) => {
      button.textContent = done ? 'Copied' : 'Selected';
      window.setTimeout(() => (button.textContent = 'Copy'), COPIED_MS);
    });
  });
  return button;
}

/** Over plain http, on any host but localhost, there is no clipboard: the text is selected instead. */
async function copy(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(shown);
    return false;
  }
}
