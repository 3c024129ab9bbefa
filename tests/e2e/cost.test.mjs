// What watching costs a page that fetches: memory that does not grow, and a share of what `fetch` itself takes.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';

/** So many requests, some at a time, read to their end. */
const fetchMany = async ([path, count]) => {
  for (let done = 0; done < count; done += 25) {
    await Promise.all(Array.from({ length: 25 }, async () => (await fetch(path)).text()));
  }
  // What the timeline tells later belongs to them.
  await new Promise((resolve) => setTimeout(resolve, 100));
};

/** How many bytes of the page's heap and of wasm memory a thousand requests leave behind, after a thousand before. */
async function growth(stage) {
  const client = await stage.context.newCDPSession(stage.page);
  const used = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const wasm = await stage.run(() => window.witness.memory?.buffer.byteLength ?? 0);
    return (await client.send('Runtime.getHeapUsage')).usedSize + wasm;
  };
  // The browser keeps entries of its own: not of these.
  await stage.run(() => performance.setResourceTimingBufferSize(0));
  await stage.run(fetchMany, ['/api/ok', 1000]);
  const before = await used();
  await stage.run(fetchMany, ['/api/ok', 1000]);
  return (await used()) - before;
}

story('a thousand requests leave memory as it was', async (stage) => {
  const without = await growth(await stage.visit('blank.html'));
  const withAgent = await growth(await stage.watch('plain.html'));
  assert.ok(withAgent - without < 64 * 1024, `${withAgent} bytes with the agent, ${without} without`);
});

/** The page's thread is measured, so that it does not matter what else the machine does. */
story(
  'to watch a fetch takes less than the fetch',
  async (stage) => {
    await stage.watch('plain.html');
    const client = await stage.context.newCDPSession(stage.page);
    await client.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
    const call = (isNative) => {
      const fetch = isNative ? window.witness.fetch : window.fetch;
      window.promises = Array.from({ length: 40 }, () => fetch.call(window, '/api/ok'));
    };
    const settle = () => Promise.all(window.promises.map(async (promise) => (await promise).text())).then(() => undefined);
    const ratios = [];
    for (let round = -2; round < 15; round++) {
      const times = {};
      for (const isNative of round % 2 ? [true, false] : [false, true]) {
        const before = await spent();
        await stage.run(call, isNative);
        times[isNative] = (await spent()) - before;
        await stage.run(settle);
      }
      if (round >= 0) ratios.push(times.false / times.true);
    }
    const median = ratios.sort((a, b) => a - b)[7];
    assert.ok(median < 2.2, `${median} times as long`);
  },
  [tag],
);
