// What `?pipe=` asks a server of this suite to do with an answer, and the `{{...}}` of files with `.sub.` in their name.

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** The functions of a pipe with their arguments: `header(X-A,1)|status(404)`. */
export function parsePipe(text) {
  const found = [];
  for (const [, name, , given] of text.matchAll(/([a-z_]+)(\(((?:\\.|[^\\)])*)\))?\|?/g)) {
    const parts = given === undefined ? [] : given.match(/(?:\\.|[^\\,])*/g).filter((part, index, all) => part || all[index - 1] === '');
    found.push([name, parts.map((part) => part.replace(/\\(.)/g, (_, letter) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter))]);
  }
  return found;
}

/** An answer is `{ status, headers, body, delays }`, with headers as pairs and the body as bytes. */
const PIPES = {
  status: (answer, code) => ({ ...answer, status: Number(code) }),
  header: (answer, name, value, append) => ({
    ...answer,
    headers: [...answer.headers.filter(([known]) => /^(true|1)$/i.test(append ?? '') || known.toLowerCase() !== name.toLowerCase()), [name, value]],
  }),
  slice: (answer, start, end) => ({ ...answer, body: answer.body.subarray(bound(start) ?? 0, bound(end)) }),
  sub: (answer, escaping = 'html', about) => ({ ...answer, body: substitute(answer.body, about, escaping !== 'none') }),
  gzip: (answer) => ({ ...answer, body: gzipSync(answer.body), headers: [...answer.headers, ['Content-Encoding', 'gzip']] }),
  trickle: (answer, delays) => ({
    ...answer,
    delays: delays.split(':'),
    headers: [...answer.headers, ['Cache-Control', 'no-cache, no-store, must-revalidate'], ['Pragma', 'no-cache'], ['Expires', '0']],
  }),
};
const bound = (text) => (text === undefined || text.toLowerCase() === 'null' ? undefined : Number(text));

/** The names that nobody here knows. */
export const unknownPipes = (text) => parsePipe(text).flatMap(([name]) => (Object.hasOwn(PIPES, name) ? [] : [name]));

export function throughPipe(answer, text, about) {
  return parsePipe(text).reduce((changed, [name, parts]) => {
    return name === 'sub' ? PIPES.sub(changed, parts[0], about) : PIPES[name](changed, ...parts);
  }, answer);
}

/** The parts of a trickled body, with the pauses between them. */
export async function* trickle(body, delays) {
  let at = 0;
  const play = async function* (steps) {
    for (const step of steps) {
      if (step[0] === 'd') await pause(Number(step.slice(1)) * 1000);
      else if (step[0] !== 'r') yield body.subarray(at, (at += Number(step)));
    }
  };
  yield* play(delays);
  const last = delays.at(-1);
  if (last?.[0] === 'r') {
    const repeated = delays.slice(-Number(last.slice(1)) - 1, -1);
    while (repeated.length && at < body.length) yield* play(repeated);
  }
  if (at < body.length) yield body.subarray(at);
}

/**
 * The bytes with each `{{...}}` replaced. `about` has what they speak of: `root`, `settings`, and of the request `headers`,
 * `url`, and `file`, which is the file's path in the suite.
 */
export function substitute(bytes, about, escapes) {
  const variables = {};
  const text = bytes.toString('latin1').replace(/\{\{([^}]*)\}\}/g, (_, expression) => {
    const [, variable, name, rest] = /^(?:(\$\w+):)?(\$?\w+)(.*)$/.exec(expression) ?? [];
    if (!name) throw new Error(`{{${expression}}} is not understood`);
    let value = variables[name] ?? known(name, about);
    for (const [, index, , given] of rest.matchAll(/\[([^\]]*)\]|(\(([^)]*)\))/g)) {
      value = index === undefined ? value?.(...(given ? given.split(/,\s*/) : [])) : index in Object(value) ? value[index] : name === 'GET' ? '' : undefined;
    }
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`{{${expression}}} is nothing`);
    if (variable) variables[variable] = value;
    const shown = escapes ? escape(String(value)) : String(value);
    return Buffer.from(shown).toString('latin1');
  });
  return Buffer.from(text, 'latin1');
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };
const escape = (text) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]);

function known(name, { root, settings, headers, url, file }) {
  const fromRoot = (path) => (path.startsWith('/') ? path.slice(1) : join(file, '..', path));
  const words = {
    host: () => settings.browser_host,
    hosts: () => settings.all_domains,
    domains: () => settings.all_domains[''],
    ports: () => settings.ports,
    headers: () => headers,
    GET: () => Object.fromEntries(url.searchParams),
    location: () => {
      const { protocol, host, hostname, port, pathname, search } = url;
      return { server: `${protocol}//${host}`, scheme: protocol.slice(0, -1), host, hostname, port, path: pathname, pathname, query: search || '?' };
    },
    uuid: () => randomUUID,
    header_or_default: () => (header, otherwise) => headers[header.toLowerCase()] ?? otherwise,
    file_hash: () => (algorithm, path) => createHash(algorithm).update(readFileSync(join(root, path))).digest('base64'),
    fs_path: () => (path) => join(root, fromRoot(path)),
  };
  return Object.hasOwn(words, name) ? words[name]() : undefined;
}
