// Moments and places of their own: the agent that comes while requests are under way, and frames.

import { heard } from '../page/tools.mjs';
import { phases } from '../page/phases.mjs';

const quiet = (promise) => promise.then(({ status }) => status, ({ name }) => name);

const asked = (t, method, url, body) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const told = t.record(request, ['readystatechange', 'load', 'error', 'abort', 'loadend'], () => [request.readyState, request.status]);
    request.addEventListener('loadend', () => resolve(told));
    request.open(method, url);
    request.send(body);
  });

export const stories = {
  'requests under way while the core comes, and while it goes': {
    async then(t) {
      await t.agent.loaded;
      const control = new AbortController();
      const begin = () => [fetch(t.own('parts')).then((response) => response.text()), quiet(fetch(t.own('fail'))), asked(t, 'POST', t.own('parts'), 'text')];
      const early = begin();
      const kept = fetch(t.own('hang'), { signal: control.signal });
      const opened = new XMLHttpRequest();
      opened.open('GET', t.own('ok?opened'));
      opened.setRequestHeader('x-own', '1');
      await t.agent.release();
      await t.agent.running;
      const running = begin();
      const end = heard(opened, 'loadend');
      opened.send();
      await end;
      const again = new XMLHttpRequest();
      again.open('GET', t.own('ok?again'));
      await t.agent.stop();
      again.send();
      await heard(again, 'loadend');
      control.abort('text');
      const text = await (await kept).text().catch((reason) => reason);
      return [await Promise.all(early), await Promise.all(running), opened.status, again.status, text];
    },
  },
  'rejections that nobody catches, in each phase': {
    then: (t) =>
      phases(t, async () => {
        let promise;
        const events = await t.rejections(async () => {
          promise = fetch('http://[');
          await t.noticed();
          promise.catch(() => {});
        });
        return events.map((event) => [event.type, event.promise === promise]);
      }),
  },
  'a frame whose origin is nobody’s asks for no preflight': {
    sandbox: true,
    then: (t) =>
      phases(t, async (phase) => [
        await quiet(fetch(t.own(`ok?cors=simple&${phase}1`))),
        await quiet(fetch(t.own(`ok?cors=simple&${phase}2`), { method: 'POST', body: 'text' })),
        await asked(t, 'GET', t.own(`ok?cors=simple&${phase}3`)),
        await quiet(fetch(t.own(`ok?${phase}4`))),
        location.origin,
        self.origin,
      ]),
  },
  'frames of the page, with and without a source': {
    then: (t) =>
      phases(t, async () => {
        const frame = t.frame();
        const told = [frame.fetch.toString(), frame.XMLHttpRequest === XMLHttpRequest, frame.fetch === fetch];
        return [told, await quiet(frame.fetch(t.own('ok'))), await quiet(frame.eval(`fetch(${JSON.stringify(t.own('ok'))})`))];
      }),
  },
  'a frame that goes while its request is under way': {
    then: (t) =>
      phases(t, async () => {
        const frame = t.frame();
        const promise = fetch.call(frame, t.own('ok?chance'));
        frame.frameElement.remove();
        return Promise.race([quiet(promise), t.turns(20).then(() => 'nothing')]);
      }),
  },
};
