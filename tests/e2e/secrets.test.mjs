// Of all that is planted in a page nothing leaves it with the agent: every byte is searched for every form of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { dictionary, payloadSoFar } from './frame.mjs';
import { formsOf, Haystack } from './secrets/finder.mjs';
import { planted, SECRETS } from './secrets/places.mjs';
import { addedTo, bytesOf, leaks, PATTERNS, tap } from './secrets/search.mjs';
import { serve } from './secrets/server.mjs';
import { addresses, follow, started, visit } from './secrets/visitor.mjs';
import { story } from './stage.mjs';

/** What the agent may say in headers, and nothing else. */
const HEADERS = { traceparent: /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/, tracestate: /^vitrum=[0-9a-f]{16}$/ };

/** How often there has to be each event, for the search to mean something. */
const EVENTS = {
  'browser.navigation': 20,
  'browser.navigation_timing': 3,
  'browser.resource_timing': 12,
  'vitrum.resource_group': 1,
  'vitrum.connections': 1,
  'browser.web_vital': 8,
  'browser.long_task': 1,
  'browser.long_animation_frame': 1,
  exception: 110,
  'vitrum.event': 29,
};

/** A text in the forms that the finder has to know, written here once more and otherwise. */
function written(text) {
  const bytes = Buffer.from(text);
  const unit = (sign) => '\\u' + sign.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  const encoded = encodeURIComponent(text);
  const plain = [text, text.toUpperCase(), text.toLowerCase(), [...text].reverse().join(''), encoded, encodeURIComponent(encoded)];
  const escaped = [JSON.stringify(text), JSON.stringify({ text: JSON.stringify(text) }), [...text].map(unit).join('')];
  const hidden = ['', 'a', 'ab'].flatMap((before) => ['base64', 'base64url'].map((form) => Buffer.from(`${before}${text}, and more`).toString(form)));
  return [...plain, ...escaped, ...hidden, bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
}

test('each of over 200 is found in each form', () => {
  assert.ok(SECRETS.length >= 200, `${SECRETS.length} are planted`);
  assert.equal(new Set(SECRETS.map(({ value }) => value)).size, SECRETS.length, 'each is another');
  for (const { value, parts, forms } of PATTERNS) {
    for (const text of [value, ...parts]) {
      assert.ok(text.length >= 8, `${text} is so short that it may be found by chance`);
      for (const form of written(text)) assert.ok(new Haystack(`before ${form} after`).find(forms), `${text} as ${form}`);
      const [before, said] = [`before ${text} after`, dictionary(1)];
      const frames = [[[0x56, 1], deflateRawSync(before)], [[0x56, 2, 1], deflateRawSync(before, { dictionary: said })]];
      for (const [header, rest] of frames) {
        const frame = Buffer.concat([Buffer.from(header), rest]);
        assert.ok(new Haystack(payloadSoFar(frame)).find(forms), `${text} in a frame`);
      }
    }
    assert.equal(new Haystack('nothing that anyone has planted').find(forms), undefined);
  }
});

/** The pages to come have all of it, and what reaches the intake is kept. */
async function plant(stage, headers) {
  serve(stage.site, planted, headers);
  await stage.page.addInitScript((values) => (window.planted = values), planted);
  return tap(stage);
}

function check(found) {
  assert.equal(found.length, 0, `${found.length} of ${SECRETS.length} have left the page:\n  ${found.join('\n  ')}\n`);
}

story('nothing that is planted in a page leaves it', async (stage) => {
  const heard = await plant(stage);
  const cohort = planted['name of a cohort'].map((value, index) => `tier${index}=${value}`).join();
  await visit(stage.options({ propagateTo: [stage.site.other], cohort, consoleErrors: true }));
  const records = await stage.all();
  // What the page said is nothing but what is planted in it.
  stage.uncaught = stage.console = [];

  for (const [name, least] of Object.entries(EVENTS)) {
    const { length } = records.events(name);
    assert.ok(length >= least, `${length} of ${name}`);
  }
  for (const name of ['lcp', 'inp', 'cls', 'fcp', 'ttfb']) assert.ok(records.vital(name), `${name} did not arrive`);
  for (const part of ['target', 'url', 'longest_script.function']) {
    const has = (vital) => vital[`vitrum.web_vital.attribution.${part}`];
    assert.ok(records.events('browser.web_vital').some(has), `no vital has its ${part}`);
  }
  assert.ok(records.spans.length >= 80, `${records.spans.length} requests`);
  const [caught] = records.events('exception').filter((failure) => failure['vitrum.error.context.it'] === '7' && failure['vitrum.flag.flag0']);
  assert.ok(caught?.['vitrum.error.breadcrumbs'].includes(' custom '), 'what the site says of an error is told');
  for (const source of ['worker', 'console', 'csp', 'resource']) {
    assert.ok(records.events('exception').some((failure) => failure['vitrum.error.source'] === source), `nothing of ${source}`);
  }
  const actions = records.views.filter(({ attributes }) => attributes['vitrum.action.type']);
  assert.ok(actions.length >= 30, `${actions.length} actions`);
  assert.deepEqual([...new Set(actions.map(({ name }) => name))].sort(), ['click', 'keydown', 'submit']);

  const added = addedTo(stage.site);
  assert.ok(added.length >= 100, `${added.length} headers were added`);
  for (const [name, value] of added) assert.match(value, HEADERS[name] ?? /^$/, `the header ${name} of a request of the page`);

  const left = bytesOf(heard, added);
  const isSearched = (body) => left.some(({ bytes }) => bytes.equals(body));
  assert.ok(stage.collector.captured().every(isSearched), 'all that the collector took is searched');
  const marker = formsOf(records.logs[0].attributes['session.id']);
  assert.ok(left.some(({ body, hay }) => body && hay.find(marker)), 'what is no secret is found');
  check(leaks(left));
});

story('what the browser adds to what the agent sends tells nothing, whatever the policy of the page', async (stage) => {
  const heard = await plant(stage, { 'referrer-policy': 'unsafe-url' });
  const { from, account } = addresses(stage.site);
  await stage.page.goto(from, { waitUntil: 'load' });
  await started(stage);
  await follow(stage, account);
  await started(stage);
  await stage.until('the account', (records) => records.events('browser.navigation').length >= 2);
  await stage.all();
  stage.uncaught = stage.console = [];
  check(leaks(bytesOf(heard, []).filter(({ what }) => what === 'head')));
});
