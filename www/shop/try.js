// The buttons of the "Try it" panel: each makes one thing happen that a monitoring agent should see.

import { discount } from './basket.js';
import { element, say } from './markup.js';

/** Layout shifts within 500 ms of an input are the visitor's own doing and do not count: wait longer. */
const BANNER_MS = 600;

/** A port where nothing listens. */
const COURIER = 'http://127.0.0.1:9/';

const ACTS = { recommend, broken, offline, banner, error, reject };

export function wireTryPanel() {
  for (const [name, act] of Object.entries(ACTS)) {
    document.querySelector(`[data-testid="${name}"]`).addEventListener('click', act);
  }
}

async function recommend() {
  say('Thinking about it…');
  const begun = performance.now();
  const response = await fetch('/api/recommendations');
  const products = await response.json();
  say(`After ${Math.round(performance.now() - begun)} ms: ${products.map(({ name }) => name).join(', ')}.`);
}

async function broken() {
  const response = await fetch('/api/broken');
  say(`The warehouse answered with ${response.status}.`);
}

async function offline() {
  try {
    await fetch(COURIER);
  } catch {
    say('The courier cannot be reached.');
  }
}

function banner() {
  say('The offer is coming…');
  window.setTimeout(() => {
    document
      .getElementById('banner')
      .replaceChildren(
        element('p', { class: 'offer' }, element('strong', {}, 'Today only: '), 'two coupes for the price of one.'),
      );
    say('There it is, and everything moved down.');
  }, BANNER_MS);
}

function error() {
  say('The voucher broke. The error is on its way to the dashboard.');
  say(`Redeemed: ${discount.voucher.code}`);
}

function reject() {
  say('The reservation was refused, and nobody caught it.');
  void Promise.reject(new Error('The store has no free shelf'));
}
