// The script of the tag. It catches errors from the first moment on, and fetches the rest when the page is done.

import { early, listen, unlisten, watchEvents, watchMarks } from './early.ts';
import { whenIdle } from './idle.ts';
import { unwatchNetwork, watchNetwork } from './network.ts';
import { setShares } from './shares.ts';
import { watchShort } from './short.ts';
import { plain } from './wrap.ts';

const script = document.currentScript as HTMLScriptElement | null;
const queue = ((window as any).vitrum ||= []);

// A second tag, or one that is no classic script, does nothing.
if (script && !queue.tag && !queue.stop) {
  queue.tag = true;
  listen();
  watchEvents();
  watchMarks();
  const data = script.dataset;
  const { consent, propagateTo, sampleRate = 1, sampling, cohort = '', version = '', baggage, globalPrivacyControl, doNotTrack, cookieDomain, sessionIdle = 30 } = data;
  const listOf = (text = '', by: RegExp | string = /[\s,]+/): string[] => text.split(by).filter(Boolean);
  const rulesOf = (text?: string): string[] => listOf(text, /\s*[\n|]\s*/);
  // As js/options.ts says; anything but a plain yes has to wait for the core.
  const { globalPrivacyControl: isPrivate, doNotTrack: wish } = navigator as any;
  const isRefused = (isPrivate && globalPrivacyControl !== 'false') || (wish === '1' && doNotTrack === 'true');
  const said = (): [string, string] => queue.findLast(([name]: [string]) => name === 'consent') || ['', isRefused ? '' : consent || 'granted'];
  setShares(+sampleRate, rulesOf(sampling), cohort, version);
  watchNetwork(() => said()[1] === 'granted', listOf(propagateTo), baggage, cookieDomain, +sessionIdle);
  // What the site wants to see before it leaves, or has ended, is not told without the agent.
  const isOff = (): boolean => (data.synthetic === 'false' && navigator.webdriver) || queue.some(([name]: [string]) => /^(beforeSend|forget|stop)$/.test(name));
  watchShort(() => (isOff() ? '' : said()[1]), { ...data, routes: listOf(data.routes), scrub: rulesOf(data.scrub) });
  const at = (name: string): string => {
    const url = new URL(name, script.src);
    // Those of the page are the script's too, and `fetch` takes none.
    url.username = url.password = '';
    return url.href;
  };
  // For those who listen to vitals already: what they hear if the page hides before the agent is there.
  if (queue.some(([name]: [string]) => name.startsWith('on'))) {
    import(at('hasty.js'))
      .then((hasty) => addEventListener('visibilitychange', (event) => (window as any).vitrum === queue && hasty.tellHastily(event, queue, early), true))
      .catch(() => {});
  }
  whenIdle(() => {
    const wasm = plain(window, 'fetch')(at('vitrum.wasm')).then((response: Response) => response.arrayBuffer());
    // Told of where it is awaited.
    wasm.catch(() => {});
    import(at('agent.js'))
      .then((agent) => agent.boot(wasm, script.dataset, early))
      .catch((fault) => {
        unlisten(true);
        unwatchNetwork();
        console.debug('Vitrum could not start:', fault);
      });
  });
}
