// What the visitor put into the basket, for as long as the document lives, and what it costs.

const items = [];

export function add(product) {
  items.push(product);
  document.getElementById('basket-count').textContent = `(${items.length})`;
}

export function contents() {
  return items;
}

export function total() {
  return items.reduce((sum, { price }) => sum + price, 0);
}

export function price(amount) {
  return `€ ${amount}`;
}

/** Nobody ever sets a voucher: redeeming one is the demo's bug. */
export const discount = { voucher: undefined };
