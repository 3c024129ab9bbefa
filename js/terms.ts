// The terms of the site and its user, on the page's side: what is allowed now, and what is remembered of a session.

import { Kind, Loss } from './kinds.ts';
import type { Settings } from './options.ts';
import { guarded, tell } from './packet.ts';
import { keep, recall } from './stored.ts';

/** A tab that holds the lock for longer is not waited for. */
const TURN_MS = 1000;
/** What is stored is not known to tabs in other processes at once: the next has its turn a little later. */
const SETTLED_MS = 50;
const MINUTE = 60_000;
const GRANTED = 1;
const DENIED = 2;

let settings: Settings | undefined;
let isStarted = false;
let isOver = false;
/** The last change of consent, and the last user: what comes late is of no interest any more. */
let changes = 0;
let users = 0;
let stopAsking = (): void => {};

/** What is remembered of a session, if that may be read. */
export const remembered = (): string => (settings?.consent === GRANTED ? recall(settings.cookieDomain) : '');
/** What the core wants to be remembered, or forgotten. */
export const remember = (text: string): void => keep(text, settings?.cookieDomain);

/** The time since the epoch. The clock of a page may stand still while the machine sleeps, and `Date` may be the page's own. */
export const wallTime = (): number => {
  const own = performance.timeOrigin + performance.now();
  try {
    return Math.max(own, Date.now()) || own;
  } catch {
    return own;
  }
};
/** Whether what is remembered is of a session that lives: the digits at its end are its last sign of life. */
const isAlive = (): boolean => wallTime() - parseInt(remembered().slice(-12) || '0', 16) < settings!.sessionIdle * MINUTE;
/** Calls when no other tab of the site reads and writes what is remembered; at the latest when the page goes. */
const inTurn = (action: () => void): void => {
  let isDone = false;
  const once = guarded(() => {
    removeEventListener('pagehide', once, true);
    if (!isDone) action();
    isDone = true;
  });
  addEventListener('pagehide', once, true);
  const turn = (): Promise<void> => {
    once();
    return new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  };
  // Not there in insecure contexts, and refused in sandboxes.
  if (navigator.locks) navigator.locks.request('vitrum', { signal: AbortSignal.timeout?.(TURN_MS) }, turn).catch(once);
  else once();
};

/** Calls where a session may begin: two tabs that do so at once are in one. At once if there is one already. */
const atStart = (action: () => void): void => (isAlive() ? action() : inTurn(action));

/** Tells that the user is there. */
export const sign = (): void => tell(Kind.Active, [performance.now(), wallTime()], [remembered()]);

/** These settings are what the user's word changes from now on. */
export const hearOf = (given: Settings): void => {
  settings = given;
};

/** Starts by this, on these settings; at once, unless a session may be remembered. */
export const startOn = (given: Settings, action: () => void): Promise<void> => {
  if (given.source) {
    import('./consents.ts')
      .then(({ ask }) => {
        if (!isOver) stopAsking = ask(given.source, (state) => allow(state, given.source));
      })
      // Without it nobody says yes.
      .catch(() => tell(Kind.Lost, [Loss.Callback, 1]));
  }
  return new Promise((resolve) => {
    const start = guarded((): void => {
      isStarted = true;
      resolve();
      if (!isOver) action();
    });
    if (given.consent === GRANTED) atStart(start);
    else start();
  });
};

/** Takes in a change of consent, and who said so; a state that is none (-1) is counted. */
export const allow = guarded((state: number, source: string): void => {
  if (state < 0) return tell(Kind.Lost, [Loss.Option, 1]);
  if (!settings || isOver) return;
  settings.consent = state;
  const change = ++changes;
  // The start is waiting for its turn, and will see it.
  if (!isStarted) return;
  const say = (): void => {
    if (change === changes) tell(Kind.Consent, [state], [source, remembered()]);
  };
  if (state !== GRANTED) return say();
  // The page expects its call to hold at once; whether another tab has begun a session meanwhile is seen after that.
  if (source !== 'api') return atStart(say);
  say();
  inTurn(sign);
});

/** Takes in who the user is. It never rejects: nobody waits for it. */
export const name = async (id?: string | null, how?: { hash?: boolean }): Promise<void> => {
  const user = ++users;
  const hash = how?.hash !== false;
  let text = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  if (text && hash) {
    try {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(settings?.service + '\0' + text));
      text = Array.from(new Uint8Array(digest), (byte) => (byte + 256).toString(16).slice(1)).join('');
    } catch {
      // Not there in insecure contexts: then the user has no name.
      text = '';
      tell(Kind.Lost, [Loss.Option, 1]);
    }
  }
  if (user === users) guarded(() => tell(Kind.User, [+hash], [text]))();
};

/** Tells the core that the user wants to be forgotten; nothing is allowed after that. */
export const forgetUser = guarded((): void => {
  changes++;
  users++;
  tell(Kind.Forget, [performance.now()]);
  if (settings) settings.consent = DENIED;
});

/** Ends what the user has allowed. */
export const leaveTerms = (): void => {
  isOver = true;
  stopAsking();
};
