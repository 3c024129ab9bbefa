// A visitor to whom all of it belongs: fills forms in, clicks, copies, goes from view to view, and leaves.

import { ask, employ, load } from './requests.mjs';
import { failWithNames, failWithout, failWithParts, failWithSayings, failWithTexts } from './failures.mjs';
import { planted } from './places.mjs';

const query = (place) => planted[place].map((value, index) => `v${index}=${encodeURIComponent(value)}`).join('&');
const segments = (place) => planted[place].map(encodeURIComponent).join('/');

/** A first address, with credentials; that from which the visitor comes to the account; and that of the account. */
export function addresses({ origin }) {
  const [user, password] = planted['credentials of the page'].map(encodeURIComponent);
  const first = `${origin.replace('//', `//${user}:${password}@`)}/api/first`;
  const from = `${origin}/api/from/${segments('referrer path')}?${query('referrer query value')}`;
  const names = planted['page query name'].map((name) => `${name}=1`).join('&');
  const matrix = planted['page matrix parameter'].map((value, index) => `;jsessionid${index}=${value}`).join('');
  const parameters = `${matrix}?${query('page query value')}&${names}#${query('page fragment value')}`;
  return { first, from, account: `${origin}/api/account/${segments('page path')}${parameters}` };
}

/** Has the page follow a link, and waits until the next one has loaded. */
export async function follow(stage, href) {
  await stage.run((href) => {
    make('a', { href, id: 'onward' }, undefined, 'Onward').style.cssText = 'position: fixed; top: 0; left: 0';
  }, href);
  await Promise.all([stage.page.waitForEvent('load'), stage.page.click('#onward')]);
}
export const started = (stage) => stage.held(() => window.witness.core === 1);

/** Clicks each of what the page makes for it; a request follows from each, so that each is told. */
async function click(stage) {
  const count = await stage.run(() => {
    const field = make('section', { id: 'field' });
    const buttons = [];
    const add = (name, attributes, text = 'Go') => {
      const button = make(name, attributes, make('div', {}, field), text);
      button.addEventListener('click', (event) => {
        event.preventDefault();
        fetch('/api/clicked').then((response) => response.text());
      });
      buttons.push(button);
    };
    const each = (place, action) => planted[`${place} of what is clicked`].forEach(action);
    each('id', (id) => add('button', { id }));
    each('class', (value) => add('button', { class: `plain ${value}` }));
    each('name', (name) => add('button', { name }));
    each('aria-label', (value) => add('button', { 'aria-label': value }));
    each('alt', (alt) => add('img', { alt, width: 20, height: 20 }));
    each('title', (title) => add('button', { title }));
    each('data attribute', (value) => add('button', { 'data-user': value }));
    each('href', (value) => add('a', { href: `/users/${value}?of=${value}` }));
    each('placeholder', (placeholder) => add('input', { placeholder }));
    each('text', (value) => add('button', {}, value));
    window.buttons = buttons;
    return buttons.length;
  });
  for (let index = 0; index < count; index++) {
    const handle = await stage.page.evaluateHandle((index) => window.buttons[index], index);
    await handle.asElement().click();
    // What follows from each is its own.
    await stage.page.waitForTimeout(15);
  }
}

/** Fills a form in, copies and pastes in it, and sends it by the Enter key. */
async function fill(stage) {
  await stage.run(() => {
    const form = make('form', { id: 'form', action: '/api/submitted' });
    form.onsubmit = (event) => {
      event.preventDefault();
      fetch('/api/submitted', { method: 'POST', body: new FormData(form) }).then((response) => response.text());
    };
    const search = ({ key }) => key === 'Enter' && fetch('/api/searched').then((response) => response.text());
    planted['id of what is typed into'].forEach((id) => (make('input', { id, name: 'typed', class: 'typed' }, form).onkeydown = search));
    planted['value of an input'].forEach((_, index) => make('input', { name: 'i' + index, class: 'text' }, form));
    planted['value of a password'].forEach(() => make('input', { type: 'password', class: 'password' }, form));
    planted['value of a textarea'].forEach(() => make('textarea', {}, form));
    planted.contenteditable.forEach(() => make('div', { contenteditable: '', class: 'editable' }, form, 'x'));
    planted['value of a hidden input'].forEach((value) => make('input', { type: 'hidden', name: 'hidden', value }, form));
    const select = make('select', { name: 'select' }, form);
    planted['value of an option'].forEach((value) => make('option', { value }, select, value));
    make('button', {}, form, 'Send');
  });
  const type = async (selector, values) => {
    const fields = await stage.page.$$(selector);
    for (const [index, value] of values.entries()) {
      await fields[index].click();
      await stage.page.keyboard.insertText(value.slice(0, -1));
      await stage.page.keyboard.type(value.slice(-1));
    }
  };
  await type('#form .text', planted['value of an input']);
  await type('#form .password', planted['value of a password']);
  await type('#form textarea', planted['value of a textarea']);
  await type('#form .editable', planted.contenteditable);
  for (const value of planted['value of an option']) await stage.page.selectOption('#form select', value);
  for (const [index, value] of planted.clipboard.entries()) {
    const field = (await stage.page.$$('#form .typed'))[index];
    await field.fill(value);
    await field.press('Control+A');
    await field.press('Control+X');
    await field.press('Control+V');
  }
  for (const field of await stage.page.$$('#form .typed')) {
    await field.press('Enter');
    await stage.page.waitForTimeout(50);
  }
}

/** Clicks a button that keeps the browser busy, in a function and a script with names of their own. */
async function wait(stage, index) {
  await stage.run((index) => {
    const [name] = planted['id of a slow button'];
    const button = make('button', { id: name, class: 'slow' }, undefined, 'Wait');
    button.style.cssText = 'position: fixed; top: 0; left: 0';
    const path = `${location.origin}/scripts/${encoded('script of a long task, path')}/slow.js?${query('script of a long task, query')}`;
    const work = `of_${planted['function of a long task'][index]}`;
    window.done = false;
    make(
      'script',
      {},
      document.head,
      `function ${work}() { const start = performance.now(); while (performance.now() - start < ${250 + 250 * index}); window.done = true; }
      document.querySelector('.slow').onclick = ${work};\n//# sourceURL=${path}`,
    );
  }, index);
  await stage.page.click('.slow');
  await stage.held(() => window.done);
  await stage.run(() => new Promise((resolve) => setTimeout(() => resolve(document.querySelector('.slow').remove()), 300)));
}

/** What a page does besides. */
function live() {
  for (const value of planted['message by postMessage']) postMessage({ value }, '*');
  for (const detail of planted['detail of an event']) dispatchEvent(new CustomEvent('account', { detail }));
  for (const name of planted['name of an event']) dispatchEvent(new Event(name));
  for (const name of planted['name of a mark']) performance.mark(name);
  for (const detail of planted['detail of a mark']) performance.mark('plain', { detail });
  for (const name of planted['name of a measure']) performance.measure(name);
  const tell = (name, attributes) => (window.agent ? window.agent.event(name, attributes) : window.vitrum.push(['event', name, attributes]));
  for (const text of planted['text of an event of the site']) tell('bought', { text });
  for (const name of planted['name of an event of the site']) tell(name);
  scrollTo(0, 200);
  scrollTo(0, 0);
}

/** Goes from route to route; gives each the time to be painted. */
async function go() {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const [email, card] = planted['history.state'];
  for (const value of planted['pushState path']) {
    history.pushState({ email }, '', `/account/${encodeURIComponent(value)}/view`);
    await painted();
  }
  for (const value of planted['pushState query']) history.pushState({ card }, '', `/search?q=${encodeURIComponent(value)}`);
  for (const value of planted['replaceState path']) history.replaceState(null, '', `/replaced/${value}`);
  for (const value of planted['replaceState query']) history.replaceState(null, '', `/replaced?q=${encodeURIComponent(value)}`);
  for (const value of planted['hash route']) {
    location.hash = `/orders/${value}`;
    await painted();
    location.hash = value;
    location.hash = `/orders/${value}?of=${value}`;
  }
  await fetch('/api/routed');
}

/** The whole visit. */
export async function visit(stage) {
  const { first, from, account } = addresses(stage.site);
  await stage.page.goto(first, { waitUntil: 'load' });
  // Whether the agent starts there is not asked here: only what it tells if it does.
  await stage.page.waitForTimeout(1000);
  await stage.page.goto(from, { waitUntil: 'load' });
  await started(stage);
  await wait(stage, 0);
  await follow(stage, account);
  await started(stage);
  await stage.run(failWithTexts);
  await click(stage);
  await fill(stage);
  await stage.run(live);
  const { other } = stage.site;
  await stage.run(load, { other });
  await stage.run(employ);
  // Each of these is a view of its own, as views tell of so many failures and resources only.
  for (const [path, part] of [['asking', ask], ['failing', failWithParts], ['named', failWithNames], ['without', failWithout], ['said', failWithSayings]]) {
    await stage.run((path) => history.pushState(null, '', `/api/${path}`), path);
    await stage.run(part, { other });
    // More failures than so many a second would only be counted.
    await stage.page.waitForTimeout(2500);
  }
  await stage.run(go);
  await follow(stage, `/api/next/${segments('target of a link, path')}?${query('target of a link, query')}`);
  await started(stage);
  await wait(stage, 1);
  await stage.leave();
}
