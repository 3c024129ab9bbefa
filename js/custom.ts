// What the site itself tells: an event with a name, and texts, numbers and truths; and what explains errors to come: words and flags.

import { Kind, Loss } from './kinds.ts';
import { guarded, tell } from './packet.ts';

/** What an event of the site's may say. */
export type Attributes = Record<string, string | number | boolean>;

/** More are not taken. */
const MOST = 32;
/** The parts of an event, as `Kind::Custom` in src/core/observation.rs has them. */
const PARTS: Record<string, number> = { string: 1, number: 2, boolean: 3 };
const END = 4;

/** Tells an event of the site's; what is none of the three, or has a strange name, is left out and counted. */
export const custom = guarded((at: number, name: string, attributes: Attributes = {}): void => {
  const rows = [at, 0, 0];
  const texts = [String(name), ''];
  let bad = 0;
  for (const [key, value] of Object.entries(attributes)) {
    const part = PARTS[typeof value];
    if (!part || !/^[\w.-]{1,64}$/.test(key) || rows.length > MOST * 3) {
      bad++;
      continue;
    }
    rows.push(at, part, part > 1 ? +value : 0);
    texts.push(key, part > 1 ? '' : String(value));
  }
  tell(Kind.Custom, [...rows, at, END, 0], texts);
  if (bad) tell(Kind.Lost, [Loss.Option, bad]);
});

/** Tells what happened, for errors that may follow. */
export const crumb = guarded((at: number, text: string): void => tell(Kind.Crumb, [at, 0], [text]));

/** Tells that a flag has this value, or (without one) none any more. */
export const flag = guarded((name: string, value?: string | number | boolean | null): void => {
  if (/^[\w.-]{1,64}$/.test(name)) tell(Kind.Flag, [0], [name, String(value ?? '')]);
  else tell(Kind.Lost, [Loss.Option, 1]);
});
