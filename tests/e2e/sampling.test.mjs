// A site that reports a share of its sessions: of the others nothing is kept but their lot, which their requests tell.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

story('of a session that is not sampled nothing is sent, and only its lot is kept and told', async (stage) => {
  await stage.options({ sampleRate: 0 }).watch('plain.html');
  const page = await stage.run(async () => {
    await fetch('/api/echo').then((response) => response.json()).then((headers) => (window.heard = headers));
    return { stored: Object.keys(localStorage), traceparent: window.heard.traceparent };
  });
  assert.deepEqual(page.stored, ['vitrum']);
  assert.match(page.traceparent, /-00$/, 'the back end does not draw again');
  await stage.leave();
  assert.deepEqual(stage.relay.requests, []);
  assert.deepEqual((await stage.all()).batches, []);
});

story('a session of a sample says for how many it stands', async (stage) => {
  const rate = 0.999999;
  await stage.options({ sampleRate: rate }).watch('plain.html');
  await stage.leave();
  const records = await stage.until('the view', (records) => records.events('browser.navigation'));
  for (const { resource } of records.batches) assert.equal(resource['vitrum.sample.rate'], rate);
});
