// The sample shop: each of its ways to fail throws at a line that the test knows by its mark.

import { Cart } from './cart.js';
import { applyDiscount, discountOf } from './lib/discount.js';
import { labelOf, labelsOf } from './label.js';
import { Receipt } from './receipt.js';

function checkout(items, code) {
  const cart = new Cart(items);
  const sum = cart.total(code); // mark: checkout
  return sum + discountOf(code);
}

const preview = (items) => {
  const labels = labelsOf(items); // mark: preview
  return labels.join();
};

async function pay(items) {
  await Promise.resolve();
  return new Receipt(checkout(items, 'none')).print(labelOf); // mark: pay
}

function wrapped(items) {
  try {
    return checkout(items, undefined); // mark: wrapped
  } catch (cause) {
    throw new Error('The shop is closed', { cause }); // mark: closed
  }
}

const items = [{ name: 'glass', price: 3 }, { name: 'ä😀', price: 4 }];

// Each is called in more than one place, so that no minifier puts it into its caller.
window.ways = {
  checkout: () => checkout(items, undefined), // mark: way checkout
  preview: () => preview([...items, null]), // mark: way preview
  pay: () => pay(items),
  wrapped: () => wrapped(items), // mark: way wrapped
  fine: () => [checkout(items, 'half'), preview(items), wrapped([]), applyDiscount(1, 'half'), new Receipt(1).sum, pay(items).catch(String), labelsOf([])],
};
