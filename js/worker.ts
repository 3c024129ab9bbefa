// The entry for workers: `import 'vitrum/worker'` or `importScripts('worker.js')`, before the worker's own code. It times
// the worker's requests there, and tells them, and what goes wrong, to the page that has called `watchWorker`: the page sends
// them.

import { type Failure, failureOf } from './describe.ts';
import { watchNetwork } from './network.ts';
import { numbersOfResource, textsOfResource } from './resource.ts';
import { onSeen, takeNetwork } from './seen.ts';
import { setTerms, type Terms } from './trace.ts';

/** What a worker tells its page: requests, resources and failures (or how many more there were), and the time origin that their times are of. */
export type Told = [timeOrigin: number, requests: unknown[][], resources: [number[], string[]][], failures: (Failure | number)[]];

let port: MessagePort | undefined;
/** How many have asked so far. */
let pages = 0;
const tell = (requests: unknown[][], resources: Told[2], failures: Told[3] = []): void => port?.postMessage([performance.timeOrigin, requests, resources, failures] satisfies Told);

/** So many failures are looked at in a second, and wait for a page; of the others only their number is told. */
const FULL = 10;
const SECOND_MS = 1000;
let failures: Failure[] = [];
let more = 0;
let full = 0;
let since = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const tellFailures = (): void => {
  timer = undefined;
  if (!port) return;
  tell([], [], more ? [...failures, more] : failures);
  failures = [];
  more = 0;
};
const onFailure = (event: Event): void => {
  try {
    const now = performance.now();
    if (now - since >= SECOND_MS) {
      since = now;
      full = 0;
    }
    const failure = full++ < FULL && failures.length < FULL && failureOf(event);
    if (failure) {
      failure[2] = 'worker';
      failures.push(failure);
    } else more++;
    timer ??= setTimeout(tellFailures, failure ? 0 : SECOND_MS);
  } catch {
    more++;
  }
};

const onMessage = (event: Event): void => {
  const { data, ports } = event as MessageEvent;
  if (!data?.vitrum || !ports[0]) return;
  // The page's own listeners need not know.
  event.stopImmediatePropagation();
  port?.close();
  port = ports[0];
  port.onmessage = ({ data }: MessageEvent<Terms>) => setTerms(data);
  setTerms(data.vitrum);
  tellFailures();
  onSeen(() => takeNetwork((seen) => tell([seen], [])));
  // One for all pages, each of which has what comes from then on.
  if (!pages++) new PerformanceObserver((list) => tell([], list.getEntries().map((entry) => [numbersOfResource(entry), textsOfResource(entry)]))).observe({
    type: 'resource',
    buffered: true,
  });
};

// Until the page has said on what terms, no request carries a header.
watchNetwork(() => false, [], '', '', 0);
for (const type of ['error', 'unhandledrejection']) addEventListener(type, onFailure);
addEventListener('message', onMessage);
// Pages reach a shared worker by its ports.
addEventListener('connect', (event) => (event as MessageEvent).ports[0].addEventListener('message', onMessage as EventListener));
