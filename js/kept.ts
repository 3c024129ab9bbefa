// Batches that could not be sent, in IndexedDB, for another time or another page of the site. It is opened only when needed,
// and closed again.

const NAME = 'vitrum';
/**
 * Says without opening it that there is something; and has what was to be put there when the page went, as nothing
 * that takes a moment is sure to be done then.
 */
const FLAG = 'vitrum-kept';
/** More is not kept: the oldest goes. */
const MOST_BYTES = 262_144;
/** What is older tells nobody anything. */
const MOST_MS = 86_400_000;
/** So many are taken at a time. */
const MANY = 8;
/** The signs of what waits to be put there: written and read at once, it has to be less. */
const MOST_SIGNS = 65_536;

/** When it was made, where it goes, its bytes. */
export type Kept = [made: number, path: number, body: Uint8Array];

/** What waits to be put there: the same, its bytes as text. */
type Waiting = [made: number, path: number, text: string];
const waiting = (): Waiting[] => {
  try {
    const list = JSON.parse(localStorage.getItem(FLAG) || '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
};
/** Nothing removes the flag; an empty list is one still. */
const flag = (list?: Waiting[]): void => {
  try {
    if (list) localStorage.setItem(FLAG, JSON.stringify(list));
    else localStorage.removeItem(FLAG);
  } catch {
    // Forbidden or full: then no other page will know.
  }
};
/**
 * Whether an earlier page may have left something. The database alone tells it, too: what is put there is there at once,
 * and the flag is written down by the browser some seconds later, if nobody kills it.
 */
export const isLeft = async (): Promise<boolean> => !!localStorage.getItem(FLAG) || (await indexedDB.databases()).some(({ name }) => name === NAME);

const once = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
/** Does this in one transaction: tabs that ask at once never have the same. */
const within = async <T>(action: (store: IDBObjectStore) => Promise<T>): Promise<T> => {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { autoIncrement: true });
  const base = await once(opening);
  // Who erases it must not wait for us.
  base.onversionchange = () => base.close();
  try {
    return await action(base.transaction(NAME, 'readwrite').objectStore(NAME));
  } finally {
    base.close();
  }
};

/**
 * Keeps a batch while the page goes. A database is opened in a while, and one that a page in the back/forward cache has open
 * keeps all other tabs waiting. Gives how many have made room for it.
 */
export const putAtOnce = ([made, path, body]: Kept): number => {
  const list = [...waiting(), [made, path, btoa(String.fromCharCode(...body))] satisfies Waiting];
  let signs = 0;
  const first = list.findLastIndex(([, , text]) => (signs += text.length) > MOST_SIGNS) + 1;
  flag(list.slice(first));
  return first;
};

/** Keeps a batch. Gives how many have made room for it. */
export const put = (kept: Kept): Promise<number> =>
  within(async (store) => {
    flag(waiting());
    store.add(kept);
    const [all, keys] = await Promise.all([once(store.getAll()), once(store.getAllKeys())]);
    let bytes = 0;
    let lost = 0;
    for (let index = all.length; index--; ) {
      bytes += (all[index] as Kept)[2].length;
      if (bytes > MOST_BYTES) {
        store.delete(keys[index]);
        lost++;
      }
    }
    return lost;
  });

/** Gives some of what is kept, the oldest first, which then is not kept any more; whether there is more; and how many were too old. */
export const take = (): Promise<[some: Kept[], isMore: boolean, lost: number]> =>
  within(async (store) => {
    const [all, keys, count] = await Promise.all([once<Kept[]>(store.getAll(null, MANY)), once(store.getAllKeys(null, MANY)), once(store.count())]);
    if (keys.length) store.delete(IDBKeyRange.upperBound(keys.at(-1)));
    const rest = waiting();
    for (const [made, path, text] of rest.splice(0, MANY)) all.push([made, path, Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))]);
    const isMore = count > keys.length || rest.length > 0;
    flag(isMore ? rest : undefined);
    const some = all.filter(([made]) => Date.now() - made < MOST_MS);
    return [some, isMore, all.length - some.length];
  });

/** Erases all of it. */
export const erase = (): void => {
  flag();
  indexedDB.deleteDatabase(NAME);
};
