// What the dashboard shows before anything has arrived: how to send the first event.

import { element } from './element';

const COPIED_MS = 2000;

export function firstEventPanel(): HTMLElement {
  const origin = window.location.origin;
  return element(
    'section',
    { class: 'panel first-event', 'aria-label': 'Send the first event' },
    element('h2', {}, 'Waiting for the first event'),
    element(
      'p',
      {},
      'This collector is ready at ',
      element('code', {}, origin),
      '. As soon as a page reports to it, this page fills itself; there is no need to reload.',
    ),
    element('h3', {}, 'Let your site in'),
    element(
      'p',
      {},
      'Tell the collector the address of your site when you start it: it refuses what pages of other sites send.',
    ),
    snippet('collector command', 'vitrum-collector --allow-origin https://your.site'),
    element('h3', {}, 'With a script tag'),
    snippet(
      'script tag',
      `<script async src="https://your.site/vitrum.js" data-endpoint="${origin}" data-service="shop"></script>`,
    ),
    element('h3', {}, 'With npm'),
    snippet('npm command', 'npm install vitrum'),
    snippet('npm lines', `import { init } from 'vitrum'\n\ninit({ endpoint: '${origin}', service: 'shop' })`),
    element('h3', {}, 'Only looking?'),
    element(
      'p',
      {},
      element('code', {}, './build.sh demo'),
      ' opens a small shop that reports here. Click around in it.',
    ),
  );
}

function snippet(name: string, code: string): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': `Copy the ${name}`, 'data-key': `copy ${name}` },
    'Copy',
  );
  const block = element('code', {}, code);
  button.addEventListener('click', () => {
    void copy(code, block).then((done) => {
      button.textContent = done ? 'Copied' : 'Selected';
      window.setTimeout(() => (button.textContent = 'Copy'), COPIED_MS);
    });
  });
  return element('div', { class: 'snippet' }, element('pre', { tabindex: 0, 'aria-label': name }, block), button);
}

/** Over plain http, on any host but localhost, there is no clipboard: the text is selected instead. */
async function copy(code: string, block: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(block);
    return false;
  }
}
