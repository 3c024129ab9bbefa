// How things are called on the page. A sign beyond ASCII, 😀, stands before what throws: columns are counted in UTF-16.

export const labelOf = (item) => {
  const sign = '😀';
  return sign + item.name.toUpperCase(); // mark: label
};

export function labelsOf(items) {
  const quoted = items.map((item) => `“${labelOf(item)}”`); // mark: quoted
  return quoted;
}
