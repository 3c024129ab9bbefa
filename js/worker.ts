// The entry for workers: `import 'vitrum/worker'` or `importScripts('worker.js')`, before the worker's own code. It times
// the worker's requests there, and tells them to the page that has called `watchWorker`: the page sends them.

import { watchNetwork } from './network.ts';
import { numbersOfResource, textsOfResource } from './resource.ts';
import { onSeen, takeNetwork } from './seen.ts';
import { setTerms, type Terms } from './trace.ts';

/** What a worker tells its page: requests and resources, and the time origin that their times are of. */
export type Told = [timeOrigin: number, requests: unknown[][], resources: [number[], string[]][]];

let port: MessagePort | undefined;
const tell = (requests: unknown[][], resources: Told[2]): void => port?.postMessage([performance.timeOrigin, requests, resources] satisfies Told);

const onMessage = (event: Event): void => {
  const { data, ports } = event as MessageEvent;
  if (!data?.vitrum || !ports[0]) return;
  // The page's own listeners need not know.
  event.stopImmediatePropagation();
  port?.close();
  port = ports[0];
  port.onmessage = ({ data }: MessageEvent<Terms>) => setTerms(data);
  setTerms(data.vitrum);
  onSeen(() => takeNetwork((seen) => tell([seen], [])));
  new PerformanceObserver((list) => tell([], list.getEntries().map((entry) => [numbersOfResource(entry), textsOfResource(entry)]))).observe({
    type: 'resource',
    buffered: true,
  });
};

// Until the page has said on what terms, no request carries a header.
watchNetwork(() => false, [], '', '', 0);
addEventListener('message', onMessage);
// Pages reach a shared worker by its ports.
addEventListener('connect', (event) => (event as MessageEvent).ports[0].addEventListener('message', onMessage as EventListener));
