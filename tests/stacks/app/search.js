// The same function with errors of different kinds, and the same error in functions of other files.
export function parse(query, kind) {
  if (kind === 1) throw new TypeError('something is wrong');
  if (kind === 2) throw new RangeError('something is wrong');
  if (kind === 3) throw new Error(`no result for "${query}"`);
  return query;
}
export const suggest = (query) => {
  const words = query.split(' ').map((word) => word.toLowerCase());
  if (words.length > 0) throw new Error('something is wrong');
  return words;
};
export const highlight = (element) => {
  const marks = element.children.map((child) => child.textContent);
  return marks.length;
};
