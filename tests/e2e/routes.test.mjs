// A page changes its URL without a load: a new path is a new view, anything else is the same view still.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const told = (attributes) => [
  new URL(attributes['url.full']).pathname,
  attributes['browser.navigation.type'],
  attributes['browser.navigation.same_document'],
  attributes['browser.navigation.hash_change'],
];

story('each change of the route is told', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    const popped = () => new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
    history.pushState(null, '', '/shop/cart');
    await fetch('/api/cart/ok');
    history.replaceState(null, '', '/shop/cart?step=2');
    location.hash = 'payment';
    history.replaceState({ scroll: 10 }, '');
    let back = popped();
    history.back();
    await back;
    back = popped();
    history.back();
    await back;
    await fetch('/api/home/ok');
    setTimeout(() => Promise.reject('after the way back'));
  });
  const records = await stage.until('the last error', (records) => records.events('exception'));

  const views = records.events('browser.navigation');
  assert.deepEqual(views.map(told), [
    ['/stories/plain.html', undefined, false, false],
    ['/shop/cart', 'push', true, false],
    ['/shop/cart', 'replace', true, false],
    ['/shop/cart', 'push', true, true],
    ['/shop/cart', 'traverse', true, true],
    ['/stories/plain.html', 'traverse', true, false],
  ]);
  const ids = views.map((view) => view['vitrum.view.id']);
  const [home, cart, ...rest] = ids;
  assert.deepEqual(rest.slice(0, 3), [cart, cart, cart], 'query and fragment make no view');
  assert.equal(new Set([home, cart, ids.at(-1)]).size, 3, 'a path that comes again is a new view');
  for (const view of views) {
    assert.equal(view['url.template'], new URL(view['url.full']).pathname);
    assert.equal(view['session.id'], views[0]['session.id']);
  }

  const { origin } = stage.site;
  const [inCart, atHome] = ['/api/cart/ok', '/api/home/ok'].map((path) => records.request(origin + path));
  assert.equal(inCart.attributes['vitrum.view.id'], cart);
  assert.equal(atHome.attributes['vitrum.view.id'], ids.at(-1));
  assert.notEqual(inCart.traceId, atHome.traceId, 'each view has its own trace');
  assert.equal(records.event('exception')['vitrum.view.id'], ids.at(-1));
});

story('the vitals stay with the view of the document', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => history.pushState(null, '', '/elsewhere'));
  await stage.leave();
  const records = await stage.until('the CLS', (records) => records.vital('cls'));
  const [document, route] = records.events('browser.navigation').map((view) => view['vitrum.view.id']);
  assert.notEqual(document, route);
  for (const vital of records.events('browser.web_vital')) {
    assert.equal(vital['vitrum.view.id'], document, vital['browser.web_vital.name']);
    assert.equal(vital['url.template'], '/stories/plain.html');
  }
});
