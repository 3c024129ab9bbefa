// The shop's three pages.

import * as basket from './basket.js';
import { element, picture, say } from './markup.js';

/** How long sorting blocks the page: long enough for an interaction that needs improvement. */
const SORTING_MS = 250;

export function homePage(page) {
  const shelf = element('ul', { class: 'shelf', 'aria-busy': 'true' });
  let products = [];
  let isCheapestFirst = false;
  const fill = () => shelf.replaceChildren(...products.map(card));
  const sort = () => {
    isCheapestFirst = !isCheapestFirst;
    block(SORTING_MS);
    products.sort((a, b) => (isCheapestFirst ? a.price - b.price : a.id - b.id));
    fill();
    say(isCheapestFirst ? 'Sorted by price. It took its time.' : 'Sorted as we like it. It took its time.');
  };
  page.replaceChildren(
    element(
      'section',
      { class: 'hero' },
      element('img', { src: '/pictures/hero.svg', alt: '', width: 1600, height: 700, fetchpriority: 'high' }),
      element(
        'div',
        {},
        element('h1', {}, 'Glass that keeps the evening light'),
        element('p', {}, 'Made by mouth and hand, one piece at a time.'),
      ),
    ),
    element(
      'div',
      { class: 'shelf-head' },
      element('h2', {}, 'The collection'),
      element('button', { type: 'button', 'data-testid': 'sort', click: sort }, 'Sort by price'),
    ),
    shelf,
  );
  shelf.append(
    ...Array.from({ length: 6 }, () =>
      element('li', { class: 'waiting', 'aria-hidden': 'true' }, element('div', { class: 'frame' })),
    ),
  );
  void load('/api/products', page).then((answer) => {
    if (answer === undefined) return;
    products = answer;
    shelf.removeAttribute('aria-busy');
    fill();
  });
}

export function productPage(page, id) {
  page.replaceChildren(element('p', { class: 'loading' }, 'Fetching it from the shelf…'));
  void load(`/api/products/${id}`, page).then((product) => {
    if (product === undefined) return;
    document.title = `${product.name} · Glasshouse`;
    const put = () => {
      basket.add(product);
      say(`${product.name} is in your basket.`);
    };
    page.replaceChildren(
      element('p', {}, element('a', { href: '/' }, '← The collection')),
      element(
        'article',
        { class: 'product' },
        picture(product, 480),
        element(
          'div',
          {},
          element('h1', {}, product.name),
          element('p', { class: 'price' }, basket.price(product.price)),
          element('p', {}, product.text),
          element('button', { type: 'button', class: 'main', click: put }, 'Put into basket'),
          element('p', { class: 'small' }, 'Delivered in three days. Broken on the way? We send another.'),
        ),
      ),
    );
  });
}

export function checkoutPage(page) {
  const items = basket.contents();
  const pay = (event) => {
    event.preventDefault();
    const body = JSON.stringify({ items: items.map(({ id }) => id) });
    fetch('/api/checkout', { method: 'POST', body, headers: { 'content-type': 'application/json' } }).then(
      (response) =>
        say(response.ok ? 'Paid. Thank you.' : `The bank said no (${response.status}): this is a demo card.`),
      () => say('The shop cannot be reached.'),
    );
  };
  const lines = items.map((item) =>
    element('li', {}, element('span', {}, item.name), element('span', {}, basket.price(item.price))),
  );
  page.replaceChildren(
    element('h1', {}, 'Checkout'),
    element(
      'div',
      { class: 'checkout' },
      element(
        'section',
        { 'aria-label': 'Basket' },
        element('h2', {}, 'Your basket'),
        items.length === 0 ? element('p', {}, 'Still empty.') : element('ul', { class: 'lines' }, ...lines),
        element('p', { class: 'total' }, element('span', {}, 'Total'), element('strong', {}, basket.price(basket.total()))),
      ),
      element(
        'form',
        { submit: pay },
        element('h2', {}, 'Payment'),
        element(
          'label',
          {},
          'Name on the card',
          element('input', { autocomplete: 'off', name: 'holder', value: 'Demo Visitor' }),
        ),
        element(
          'label',
          {},
          'Card number',
          element('input', { autocomplete: 'off', name: 'card', inputmode: 'numeric', value: '4000 0000 0000 0002' }),
        ),
        element('button', { class: 'main', 'data-testid': 'pay' }, 'Pay'),
      ),
    ),
  );
}

export function missingPage(page) {
  page.replaceChildren(
    element('h1', {}, 'Nothing on this shelf'),
    element('p', {}, element('a', { href: '/' }, 'Back to the collection')),
  );
}

function card(product) {
  const testid = product.id === 3 ? 'open-product' : undefined;
  return element(
    'li',
    {},
    element(
      'a',
      { href: `/product/${product.id}`, 'data-testid': testid },
      element('div', { class: 'frame' }, picture(product, 480)),
      element('span', { class: 'name' }, product.name),
      element('span', { class: 'price' }, basket.price(product.price)),
    ),
  );
}

/** Undefined when it failed, or when the visitor is on another page by now. */
async function load(address, page) {
  const asked = window.location.pathname;
  try {
    const response = await fetch(address);
    if (window.location.pathname !== asked) return undefined;
    if (response.ok) return await response.json();
    missingPage(page);
  } catch {
    say('The shop cannot be reached.');
  }
  return undefined;
}

function block(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
