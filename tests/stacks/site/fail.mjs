// What modules fail by.
export function fail(message = 'planned') /*<fail*/{
  throw new Error(message);
}/*>*/
