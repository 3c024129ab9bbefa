// What the user does that requests may follow: clicks, submitted forms, and the Enter key.

import { selector } from './entries.ts';
import { Kind } from './kinds.ts';
import { guarded, tell } from './packet.ts';

const TYPES = ['click', 'submit', 'keydown'];

const onAction = guarded((event: Event): void => {
  if (!event.isTrusted || (event.type === 'keydown' && (event as KeyboardEvent).key !== 'Enter')) return;
  tell(Kind.Action, [event.timeStamp], [event.type, selector(event.composedPath()[0] as Node)]);
});

export const watchActions = (): void => TYPES.forEach((type) => addEventListener(type, onAction, { capture: true, passive: true }));

export const unwatchActions = (): void => TYPES.forEach((type) => removeEventListener(type, onAction, true));
