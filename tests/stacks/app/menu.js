// Closures, timers and promises, of which nothing has a name.
import { invariant, times } from './invariant.js';

const later = (action) => new Promise(() => setTimeout(action, 0));
export const openMenu = () => {
  times(1, () => invariant(false));
  return 1;
};
export const closeMenu = () => {
  times(2, (index) => {
    if (index === 1) invariant(false);
  });
  return 2;
};
export const hover = () =>
  later(() => {
    invariant(false);
    return 3;
  });
export const leave = () =>
  later(() => {
    const items = [];
    if (items.length === 0) throw new Error('something is wrong');
    return 4;
  });
export const select = async () => {
  await null;
  invariant(false);
  return 5;
};
export const submit = async () => {
  const answer = await Promise.resolve({ ok: false });
  if (!answer.ok) throw new Error('something is wrong');
  return 6;
};
