// What a code takes off a price.

const SHARES = { half: 0.5, none: 1 };

export function applyDiscount(sum, code) {
  if (sum === 0) return 0;
  const share = SHARES[code.toLowerCase()]; // mark: discount
  return sum * share;
}

export const discountOf = (code) => {
  const known = Object.keys(SHARES);
  return known.includes(code) ? 0 : 1;
};
