// A server that answers any path below /api, whatever is in it, and says in its answers what is nobody else's.

import { readFile } from 'node:fs/promises';

/** Of so many bytes that Chromium takes it for content: a picture of few is no largest paint. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><!--${'.'.repeat(4000)}--><rect width="600" height="300"/></svg>`;

/** By what the browser says it is for: type and body. */
const BODIES = {
  image: ['image/svg+xml', PICTURE],
  script: ['text/javascript', 'window.loaded = (window.loaded ?? 0) + 1;'],
  style: ['text/css', 'p { color: navy }'],
  iframe: ['text/html', '<!doctype html><title>Within</title><p>Within</p>'],
};

/** Has the site answer so, and its pages have these headers too. */
export function serve(site, planted, headers) {
  const [header, ...more] = planted['response header'];
  const timing = [
    ...planted['Server-Timing description'].map((text, index) => `db${index};dur=${index + 1};desc="${text}"`),
    `traceparent;desc="${planted['Server-Timing traceparent description']}"`,
  ];
  const told = {
    'access-control-allow-origin': '*',
    'timing-allow-origin': '*',
    'x-account': header,
    'x-more': more.join(),
    'server-timing': timing.join(', '),
    traceresponse: `00-${planted['traceresponse header']}-01`,
  };
  const page = async (response) => {
    const text = await readFile('www/stories/secrets.html', 'utf8');
    const policy = { 'content-security-policy': "media-src 'self'" };
    response.writeHead(200, { 'content-type': 'text/html', ...policy, 'server-timing': timing.join(', '), ...headers });
    response.end(text.replace('<!-- agent -->', () => site.markup));
  };
  const answer = (request, response) => {
    const dest = request.headers['sec-fetch-dest'];
    if (dest === 'document') return page(response);
    const [, , part] = request.url.split('/');
    if (part === 'gone') return request.socket.destroy();
    if (part === 'never') return;
    if (part === 'moved') {
      const [order, ...ids] = planted['redirect path'];
      const query = planted['redirect query'].map((value, index) => `v${index}=${encodeURIComponent(value)}`);
      return response.writeHead(302, { location: `/api/there/${[order, ...ids].join('/')}?${query.join('&')}` }).end();
    }
    if (part === 'events') return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: hello\n\n');
    const [type, body] = BODIES[dest] ?? ['application/json', JSON.stringify(planted['response body'])];
    response.writeHead(200, { ...told, 'content-type': type }).end(body);
  };
  site.api = new Proxy({}, { get: () => answer });
}
