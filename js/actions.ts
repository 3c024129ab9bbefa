// What the user does that requests may follow: clicks, submitted forms, and the Enter key.

import { selector } from './entries.ts';
import { Kind } from './kinds.ts';
import { guarded, tell } from './packet.ts';
import { sign, wallTime } from './terms.ts';

const TYPES = ['click', 'submit', 'keydown'];

const onAction = guarded((event: Event): void => {
  if (!event.isTrusted || (event.type === 'keydown' && (event as KeyboardEvent).key !== 'Enter')) return;
  tell(Kind.Action, [event.timeStamp], [event.type, selector(event.composedPath()[0] as Node)]);
});

/** What shows that the user is there. Told at most so often: a session ends no more than that too early. */
const SIGNS = ['pointerdown', 'keydown', 'scroll', 'visibilitychange'];
const SIGNS_MS = 5000;
let told = 0;
const onSign = guarded(({ isTrusted }: Event): void => {
  const wall = wallTime();
  if (!isTrusted || document.visibilityState === 'hidden' || Math.abs(wall - told) < SIGNS_MS) return;
  told = wall;
  sign();
});

export const watchActions = (): void => {
  SIGNS.forEach((type) => addEventListener(type, onSign, { capture: true, passive: true }));
  TYPES.forEach((type) => addEventListener(type, onAction, { capture: true, passive: true }));
};

export const unwatchActions = (): void => {
  SIGNS.forEach((type) => removeEventListener(type, onSign, true));
  TYPES.forEach((type) => removeEventListener(type, onAction, true));
};
