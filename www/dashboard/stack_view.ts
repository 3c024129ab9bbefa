// A stack: each frame where it was in the sources, with the lines around it, or as the browser told it.

import type { Frame, Original, Shown, Stack } from './api_errors';
import { copyButton } from './copy';
import { element } from './element';
import { shortAddress } from './format';

/** Which frames the reader has opened or closed, so that newer data do not change it. */
export type Opened = Map<string, boolean>;

/** What stands above it already is not said again. */
export function stackView({ stack }: Shown, above: string, opened: Opened): HTMLElement {
  const parts = stack.parts.map((part, at) => {
    const first = part.frames.findIndex(({ original }) => original !== null && !original.is_library);
    return element(
      'section',
      { class: 'stack-part' },
      (part.is_cause || part.title !== above) &&
        element('p', { class: 'stack-title' }, part.is_cause && element('span', { class: 'note' }, 'Caused by '), part.title),
      element('ol', { class: 'frames' }, ...part.frames.map((frame, index) => frameItem(frame, `${at}.${index}`, index === first, opened))),
    );
  });
  if (stack.parts.every(({ frames }) => frames.length === 0)) {
    parts.push(element('p', { class: 'nothing' }, 'Nothing is known of where it happened: there is no stack.'));
  }
  return element('div', {}, ...parts);
}

function frameItem(frame: Frame, key: string, isFirst: boolean, opened: Opened): HTMLElement {
  const { original, place } = frame;
  const name = original?.function ?? (original === null ? frame.function : null) ?? 'anonymous';
  const isQuiet = original === null || original.is_library;
  const head = [
    element('code', { class: 'function' }, name),
    element('span', { class: 'where' }, original === null ? told(frame) : `${original.file}:${original.line}:${original.column}`),
    original?.is_library === true && element('span', { class: 'tag' }, 'library'),
  ];
  const title = place === null ? false : `${place.url}:${place.line}:${place.column}`;
  if (original?.context == null) return element('li', { class: isQuiet ? 'frame quiet' : 'frame', title }, ...head);
  const details = element('details', {}, element('summary', { 'data-key': `frame ${key}` }, ...head), source(original));
  details.open = opened.get(key) ?? isFirst;
  // By the reader's own hand, and not when it is drawn.
  details.firstElementChild?.addEventListener('click', () => opened.set(key, !details.open));
  return element('li', { class: isQuiet ? 'frame quiet' : 'frame', title }, details);
}

function told({ place }: Frame): string {
  return place === null ? 'in the browser' : `${shortAddress(place.url)}:${place.line}:${place.column}`;
}

function source({ context, line }: Original): HTMLElement {
  const lines = (context?.lines ?? []).map((text, at) => {
    const number = (context?.first_line ?? 1) + at;
    return element(
      'li',
      { class: number === line && 'meant', 'aria-current': number === line && 'true' },
      element('span', { class: 'line', 'aria-hidden': 'true' }, number),
      element('code', {}, text === '' ? ' ' : text),
    );
  });
  return element('ol', { class: 'source', tabindex: 0, 'aria-label': 'Lines of the source' }, ...lines);
}

/** What is to be done so that more can be told; nothing where all is told. */
export function mapsAdvice({ version }: Shown, stack: Stack, service: string): HTMLElement | null {
  if (stack.missing.length === 0) return null;
  const files = stack.missing.slice(0, 3).map((file) => file.split('/').pop() ?? file).join(', ');
  if (version === null) {
    return advice(
      'The stack is that of the minified script',
      'The page does not say its release, so no source map can belong to it. Set the option version of the agent, and upload the source maps of each release.',
    );
  }
  const words = ['vitrum-collector sourcemaps upload dist', '--release', version, '--to', window.location.origin];
  if (stack.has_maps) {
    return advice(
      'A part of the stack is that of the minified script',
      `There are source maps of release ${version}, but none for ${files}. Upload them from the folder that has these files, or check --url-prefix and --service.`,
    );
  }
  const command = words.map((word, at) => (at > 0 && /[^\w./:@-]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word)).join(' ');
  const shown = element('code', {}, command);
  return advice(
    'The stack is that of the minified script',
    `No source maps of release ${version} are stored. Start the collector with --token, and have your build send them (of ${service}):`,
    element('p', { class: 'copied' }, shown, copyButton('command', command, shown)),
  );
}

export function advice(title: string, text: string, ...more: HTMLElement[]): HTMLElement {
  return element('div', { class: 'advice', role: 'note' }, element('strong', {}, title), element('p', {}, text), ...more);
}
