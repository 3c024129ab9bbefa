// What many call, and what throws for all of them.
export function invariant(condition) {
  if (!condition) throw new Error('something is wrong');
}
export const times = (count, action) => {
  for (let index = 0; index < count; index++) action(index);
};
