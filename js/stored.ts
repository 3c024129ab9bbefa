// What is kept of a session where all pages of the site find it: in `localStorage`, or for all sub-domains in a cookie.

const KEY = 'vitrum';
/** The longest session, in seconds: a cookie need not outlive it. */
const SECONDS = 86_400;

const bake = (text: string, domain: string): void => {
  document.cookie = `${KEY}=${text};domain=${domain};path=/;samesite=lax;max-age=${text ? SECONDS : 0}${location.protocol === 'https:' ? ';secure' : ''}`;
};

/** What is kept; nothing where storage is forbidden: there each page is a session of its own. */
export const recall = (domain?: string): string => {
  try {
    return (domain ? document.cookie.match(/(?:^|; )vitrum=(\w+)/)?.[1] : localStorage.getItem(KEY)) || '';
  } catch {
    return '';
  }
};

/** Keeps it; without a text nothing is kept any more. */
export const keep = (text: string, domain?: string): void => {
  try {
    if (domain) bake(text, domain);
    else if (text) localStorage.setItem(KEY, text);
    if (!text) localStorage.removeItem(KEY);
  } catch {
    // Forbidden or full.
  }
};
