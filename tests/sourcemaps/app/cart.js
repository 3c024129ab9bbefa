// What a visitor wants to buy.

import { applyDiscount } from './lib/discount.js';

export class Cart {
  constructor(items) {
    this.items = items;
  }

  total(code) {
    let sum = 0;
    for (const { price } of this.items) sum += price;
    return applyDiscount(sum, code); // mark: total
  }
}
