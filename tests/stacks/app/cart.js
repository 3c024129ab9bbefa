// Errors with the same words from functions side by side.
import { invariant } from './invariant.js';

const totals = (lines) => {
  const prices = lines.map((line) => line.price.amount * line.count);
  return prices.reduce((sum, price) => sum + price, 0);
};
const taxes = (lines) => {
  const rates = lines.filter((line) => line.count > 0);
  return rates.map((line) => line.price.amount * 0.19);
};
function reserve(lines) {
  for (const line of lines) invariant(line.isReserved);
  return lines.length;
}
function release(lines) {
  lines.forEach((line) => invariant(line.isReleased));
  return lines.length;
}
export class Cart {
  constructor(lines) {
    this.lines = lines;
  }
  checkout() {
    const count = reserve(this.lines);
    return count + totals(this.lines);
  }
  cancel() {
    const count = release(this.lines);
    return count + 1;
  }
  total() {
    const sum = totals(this.lines);
    return sum + 1;
  }
  tax() {
    const all = taxes(this.lines);
    return all.length;
  }
}
export const open = (id) => {
  const found = [new Cart([{ id, count: 1 }])].find((cart) => cart.lines[0].id === id);
  return found;
};
