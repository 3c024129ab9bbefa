// The page's end of `js/worker.ts`: takes what workers tell, and says on what terms their requests may carry headers.

import { Early, type EarlyParts } from './early.ts';
import { onWorkerFailure } from './catch.ts';
import { Kind } from './kinds.ts';
import { guarded, tell } from './packet.ts';
import { isTime } from './resource.ts';
import type { Told } from './worker.ts';

let ports: MessagePort[] = [];

/** Begins to take what this worker tells; it has to have the entry for workers. */
export const watchWorker = (worker: Worker | SharedWorker | ServiceWorker, early: EarlyParts): void => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = guarded(({ data: [origin, requests, resources, failures] }: MessageEvent<Told>) => {
    const shift = origin - performance.timeOrigin;
    const shifted = (time: number): number => time && time + shift;
    for (const [start, end, ...rest] of requests as any[]) tell(Kind.Request, [shifted(start), shifted(end), ...rest.slice(0, 2)], rest.slice(2));
    for (const failure of failures) {
      if (typeof failure !== 'number') failure[0] += shift;
      onWorkerFailure(failure);
    }
    for (const [numbers, texts] of resources) tell(Kind.Resource, numbers.map((number, index) => (isTime(index) ? shifted(number) : number)), texts);
  });
  (('port' in worker ? worker.port : worker) as Worker).postMessage({ vitrum: early[Early.Terms]() }, [port2]);
  ports.push(port1);
};

/** Tells all workers of new terms. */
export const tellTerms = (early: EarlyParts): void => {
  for (const port of ports) port.postMessage(early[Early.Terms]());
};

/** Lets go of them; their requests carry no headers any more. */
export const leaveWorkers = (early: EarlyParts): void => {
  tellTerms(early);
  for (const port of ports) port.close();
  ports = [];
};
