// What the dashboard shows before anything has arrived: how to send the first event.

import { copyButton } from './copy';
import { element } from './element';

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
  const block = element('code', {}, code);
  return element(
    'div',
    { class: 'snippet' },
    element('pre', { tabindex: 0, 'aria-label': name }, block),
    copyButton(name, code, block),
  );
}
