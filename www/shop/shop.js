// Starts the shop and moves between its pages with the History API.

import { checkoutPage, homePage, missingPage, productPage } from './pages.js';
import { say } from './markup.js';
import { wireTryPanel } from './try.js';

const page = document.getElementById('page');

function show() {
  const { pathname } = window.location;
  const product = /^\/product\/(\d+)$/.exec(pathname)?.[1];
  document.title = 'Glasshouse';
  if (pathname === '/') homePage(page);
  else if (product !== undefined) productPage(page, product);
  else if (pathname === '/checkout') checkoutPage(page);
  else missingPage(page);
}

function go(address) {
  window.history.pushState(null, '', address);
  say('');
  show();
  window.scrollTo(0, 0);
  page.focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest('a');
  if (link === null || link.origin !== window.location.origin || link.target !== '') return;
  event.preventDefault();
  if (link.pathname !== window.location.pathname) go(link.pathname);
  else window.scrollTo(0, 0);
});
window.addEventListener('popstate', show);

wireTryPanel();
show();
