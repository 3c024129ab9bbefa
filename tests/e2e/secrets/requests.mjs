// What the page asks servers for. Runs in the page, with the words that www/stories/secrets.html has.

/** Every way to ask, with what is nobody else's in each part. */
export async function ask({ other }) {
  const quiet = (promise) => Promise.resolve(promise).catch(() => {});
  const text = async (input, init) => (await fetch(input, init)).text();
  for (const value of planted['fetch query']) await text(`/api/found?q=${encodeURIComponent(value)}&page=2`);
  for (const value of planted['fetch query name']) await text(`/api/named?${value}=1&user[${value}]=2`);
  for (const value of planted['fetch path']) await text(`/api/orders/${encodeURIComponent(value)}/lines`);
  // As it stands: not all sites encode.
  for (const value of planted['fetch path']) await text(`/api/raw/${value}`);
  for (const value of planted['fetch fragment']) await text(`/api/part#${value}&k=${value}`);
  for (const value of planted['relative fetch path']) await text(`relative/${value}`);
  await text(new URL(`/api/other/${planted['relative fetch path'][0]}`, other), { mode: 'cors' });
  await text(new Request(`/api/request/${encoded('Request path')}?${query('Request query')}`, { method: 'PUT' }));
  for (const method of planted['request method']) await quiet(text('/api/method', { method }));
  const blob = URL.createObjectURL(new Blob(planted['blob: content']));
  await text(blob);
  for (const value of planted['data: URL']) await text(`data:text/plain,${encodeURIComponent(value)}`);
  const [bearer, ...more] = planted['request header'];
  await text('/api/headers', { headers: { authorization: bearer, 'x-user': more.join() } });
  const form = new FormData();
  planted['FormData body'].forEach((value, index) => form.append('f' + index, value));
  const bodies = [JSON.stringify(planted['JSON body']), form, new URLSearchParams(query('URLSearchParams body'))];
  for (const body of bodies) await text('/api/bodies', { method: 'POST', body });
  await text('/api/moved/from');
  // No user and password may be in such a URL: the promise that nobody catches has it in its message.
  const [user, password] = planted['fetch credentials'].map(encodeURIComponent);
  void fetch(`${location.protocol}//${user}:${password}@${location.host}/api/credentials`);

  const aborting = new AbortController();
  const named = new AbortController();
  const [email, token] = planted['abort reason'];
  const signals = [aborting.signal, named.signal, AbortSignal.abort(token)];
  const aborted = signals.map((signal) => fetch('/api/never/answered', { signal }));
  aborting.abort(`stopped by ${email}`);
  named.abort(Object.assign(new Error('stopped'), { name: planted['name of an abort reason'][0] }));
  await Promise.all(aborted.map(quiet));
  await quiet(fetch(`/api/gone/${encoded('failed fetch path')}?${query('failed fetch query')}`));

  const send = (url, { method = 'GET', body, headers = {}, credentials = [] } = {}) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(method, url, true, ...credentials);
      for (const name in headers) request.setRequestHeader(name, headers[name]);
      request.onloadend = () => resolve(request.getAllResponseHeaders());
      request.send(body);
    });
  await send(`/api/asked/${encoded('XHR path')}?${query('XHR query')}`);
  const [authorization, key] = planted['XHR header'];
  await send('/api/sent', { method: 'POST', body: planted['XHR body'].join(), headers: { authorization, 'x-key': key } });
  await send('/api/with', { credentials: ['user', planted['XHR credentials'][0]] });

  navigator.sendBeacon(`/api/beacon/${encoded('sendBeacon path')}?${query('sendBeacon query')}`, planted['sendBeacon body'].join());
  const source = new EventSource(`/api/events/${encoded('EventSource path')}?${query('EventSource query')}`);
  await new Promise((resolve) => (source.onmessage = resolve));
  source.close();
  const place = `${location.origin.replace('http', 'ws')}/api/socket/${encoded('WebSocket path')}`;
  const socket = new WebSocket(`${place}?${query('WebSocket query')}`, planted['WebSocket protocol']);
  await new Promise((resolve) => (socket.onerror = resolve));
}

/** Every kind of resource; waits until each is there or has failed. */
export async function load({ other }) {
  const come = (name, attributes, parent) =>
    new Promise((resolve) => {
      const element = make(name, attributes, parent);
      element.onload = element.onerror = resolve;
      setTimeout(resolve, 2000);
    });
  const url = (what) => `/api/${encoded(`${what} path`)}?${query(`${what} query`)}`;
  const face = new FontFace('planted', `url("${url('font')}")`);
  await Promise.all([
    come('img', { src: url('image') }),
    come('script', { src: url('script') }, document.head),
    come('link', { rel: 'stylesheet', href: url('style sheet') }, document.head),
    come('iframe', { src: url('frame') }),
    come('video', { src: url('video') }),
    come('img', { src: `${other}/api/${encoded('image elsewhere, path')}?${query('image elsewhere, query')}` }),
    come('script', { src: `${other}/api/${encoded('script elsewhere, path')}` }, document.head),
    come('audio', { src: `${other}/api/${encoded('blocked by policy, path')}?${query('blocked by policy, query')}` }),
    face.load().catch(() => {}),
  ]);
}

/** A worker that asks too, and is watched. */
export async function employ() {
  const worker = new Worker('/stories/worker.js', { name: planted['name of a worker'].join() });
  if (window.agent) window.agent.watchWorker(worker);
  else window.vitrum.push(['watchWorker', worker]);
  const answer = new Promise((resolve) => (worker.onmessage = resolve));
  worker.postMessage(`/api/worker/${encoded('fetch of a worker, path')}?${query('fetch of a worker, query')}`);
  await answer;
  for (const value of planted['message to a worker']) worker.postMessage(`data:application/json,${encodeURIComponent(JSON.stringify(value))}`);
}
