// Where in a document the agent goes: before its first script, after what decides on the document's mode and encoding. The
// document's bytes are read as Latin-1, so that whatever they mean stays as it is.

const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^'">])*`;
/** What may come before: white space and a byte order mark, comments, the doctype and the like, the head's first words. */
const BEFORE = [
  /(?:\s|\xEF\xBB\xBF)+|<!--[^]*?-->|<(?!!--)[!?][^>]*>/y,
  // A policy that a document has in its head may forbid what comes after it.
  ...['html', 'head', 'meta(?![^>]*content-security-policy)'].map((name) => new RegExp(`<${name}(?=[\\s/>])${ATTRIBUTES}>`, 'iy')),
  new RegExp(`<title(?=[\\s/>])${ATTRIBUTES}>[^]*?</title\\s*>`, 'iy'),
];
/** A tag or a comment whose end has not come yet. */
const OPEN = /^<(?:!--(?![^]*?-->)[^]*|title\b(?![^]*<\/title\s*>)[^]*|(?!!--)[^>]*)$/i;

/** The place as a number of bytes; nothing if it shows only when more of the document has come. */
export function place(text, isWhole) {
  let at = 0;
  const passes = (pattern) => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    if (!isWhole && (at === text.length || OPEN.test(text.slice(at)))) return undefined;
    if (!BEFORE.some(passes)) return at;
  }
}

/** Whether an answer is a document in which the agent can be. Headers by their small names. */
export function takes(status, headers) {
  const type = headers['content-type'] ?? '';
  if (status < 200 || status === 204 || status === 205 || (status >= 300 && status < 400)) return false;
  return /^\s*text\/html\s*(;|$)/i.test(type) && !/utf-?16/i.test(type) && !headers['content-encoding'];
}
