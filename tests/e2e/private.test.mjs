// What a page's URLs, requests and errors hold of its visitors does not leave; what they are called does.

import assert from 'node:assert/strict';
import { payload } from './frame.mjs';
import { story } from './stage.mjs';

/** Each stands as a value somewhere in the story below. */
const SECRETS = 'someone example.com secret123 token456 signature789 mail012 stack345 route678 from901 picture234 password567 rejected890 cause123 context456 crumb789 flag012 console345 image567'.split(' ');

story('values of parameters never leave, their names do', async (stage) => {
  const { origin } = stage.site;
  await stage.options({ consoleErrors: true }).watch('plain.html?email=someone@example.com&page=2#access_token=secret123', { referer: `${origin}/from?mail=from901` });
  await stage.run(async () => {
    await fetch('/api/ok?token=token456&page=3');
    await fetch('/api/gone?password=password567').catch(() => {});
    const picture = new Image();
    picture.src = '/stories/glass.svg?sig=signature789';
    await picture.decode();
    const inline = new Image();
    inline.src = `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" id="picture234"/>`;
    await inline.decode();
    history.pushState(null, '', '/account?user=route678');
    setTimeout(() => {
      throw new Error(`GET ${location.origin}/letters?to=mail012 failed`);
    });
    setTimeout(() => Promise.reject(new Error('see /letters?key=rejected890&x=1', { cause: new Error('as /letters?of=cause123 did') })));
    const call = (name, ...args) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args]));
    call('addBreadcrumb', `went to ${location.origin}/letters?to=crumb789 at password=crumb789`);
    call('setFlag', 'from', 'https://shop.example/?flag=flag012');
    console.error('no /letters?to=console345', 'password: console345');
    call('captureError', new Error('caught'), { url: '/letters?to=context456', auth: 'Bearer context456.context456.context456' });
    document.body.append(Object.assign(new Image(), { src: '/stories/nothing.png?to=image567' }));
    // The names of scripts stand in stacks.
    const script = document.createElement('script');
    script.text = 'setTimeout(() => { throw new Error("from a script") })\n//# sourceURL=/widget.js?key=stack345';
    document.head.append(script);
  });
  await stage.until('the errors', (records) => records.events('exception').length >= 6);
  await stage.leave();
  const records = await stage.until('the CLS', (records) => records.vital('cls'));

  const bodies = stage.collector.captured();
  assert.equal(bodies.length, records.batches.length);
  for (const body of bodies) {
    const bytes = payload(body);
    for (const secret of SECRETS) assert.equal(bytes.indexOf(secret), -1, `${secret} has left the page`);
  }

  const [view, account] = records.events('browser.navigation');
  assert.equal(view['url.full'], `${origin}/stories/plain.html?email&page#access_token`);
  assert.equal(view['url.template'], '/stories/plain.html');
  assert.equal(view['vitrum.referrer'], `${origin}/from?mail`);
  assert.equal(account['url.full'], `${origin}/account?user`);
  records.request(`${origin}/api/ok?token&page`);
  records.request(`${origin}/api/gone?password`);
  assert.equal(records.resources('/stories/glass.svg')[0]['url.full'], `${origin}/stories/glass.svg?sig`);
  const messages = records.events('exception').map((failure) => failure['exception.message']);
  assert.ok(messages.includes(`GET ${origin}/letters?to failed`), messages.join());
  assert.ok(messages.includes('see /letters?key&x'), messages.join());
  const caught = records.events('exception').find((failure) => failure['exception.message'] === 'caught');
  assert.equal(caught['vitrum.error.context.url'], '/letters?to');
  assert.equal(caught['vitrum.flag.from'], 'https://shop.example/?flag');
  assert.ok(caught['vitrum.error.breadcrumbs'].includes(` custom went to ${origin}/letters?to at `), caught['vitrum.error.breadcrumbs']);
  const scripted = records.events('exception').find((failure) => failure['exception.message'] === 'from a script');
  assert.match(scripted['exception.stacktrace'], /\/widget\.js\?key:\d+:\d+/);
});

story('what is masked is told by the element that masks it, and what is named by its name', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      `<form id="outer" data-vitrum-mask><div data-vitrum-mask><button type="button" id="inner" class="within">a</button></div></form>
       <section data-vitrum-name="checkout"><button type="button" class="pay">b</button></section>`,
    );
    for (const button of document.querySelectorAll('button')) button.onclick = () => fetch('/api/ok');
  });
  await stage.page.click('#inner');
  await stage.page.click('.pay');
  await stage.leave();
  const records = await stage.until('the clicks', (records) => records.views.filter(({ name }) => name === 'click').length === 2 && records);
  const selectors = records.views.filter(({ name }) => name === 'click').map(({ attributes }) => attributes['browser.css_selector']);
  assert.deepEqual(selectors, ['#outer', '#checkout>button.pay']);
});

story('a site says which values may leave', async (stage) => {
  await stage.options({ allowParams: ['page'] }).watch('plain.html?email=someone@example.com&page=2');
  const records = await stage.until('the view', (records) => records.events('browser.navigation'));
  assert.match(records.event('browser.navigation')['url.full'], /plain\.html\?email&page=2$/);
  assert.match(records.batches[0].resource['vitrum.scrubbed'], /value \d/);
});
