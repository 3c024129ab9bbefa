// What a test file says of itself: META lines of scripts, meta elements of documents, flags in its name.

/** The META lines that a script opens with, as pairs. */
export function scriptMeta(text) {
  const found = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, key, value] = /^\/\/\s*META:\s*(\w*)=(.*)$/.exec(line) ?? [];
    if (key === undefined) break;
    found.push([key, value]);
  }
  return found;
}

/** The meta elements of a document that have a name, and the sources of its scripts, as pairs. */
export function documentMeta(text) {
  const found = [];
  for (const [tag, element] of text.replace(/<!--[^]*?-->/g, '').matchAll(/<(meta|script)\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi)) {
    const attributes = attributesOf(tag);
    if (element.toLowerCase() === 'script') found.push(['script', attributes.src ?? '']);
    else if (attributes.name) found.push([attributes.name.toLowerCase(), attributes.content ?? '']);
  }
  return found;
}

function attributesOf(tag) {
  const found = {};
  for (const [, name, , double, single, bare] of tag.matchAll(/([\w:-]+)\s*=\s*("([^"]*)"|'([^']*)'|([^\s"'>]+))/g)) {
    found[name.toLowerCase()] ??= (double ?? single ?? bare).replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  }
  return found;
}

/** The globals that a script with these META lines is for. */
export function globals(meta) {
  const named = meta.find(([key]) => key === 'global')?.[1].split(',').map((name) => name.trim()).filter(Boolean) ?? [];
  return named.length ? named : ['window', 'dedicatedworker'];
}

/** The queries with which a test is run, each a run of its own. */
export function variants(meta) {
  const named = meta.filter(([key]) => key === 'variant').map(([, value]) => value);
  return named.length ? named : [''];
}

export const isLong = (meta) => meta.some(([key, value]) => key === 'timeout' && value === 'long');

/** A name's parts: `send-manual.https.any.js` is of the type `manual`, has the flags `https` and `any`, and is a `js`. */
export function nameParts(name) {
  const parts = name.split('.');
  const [stem] = parts;
  const dash = stem.lastIndexOf('-');
  return { type: dash > 0 ? stem.slice(dash + 1) : '', flags: parts.slice(1, -1), ending: parts.length > 1 ? parts.at(-1).toLowerCase() : '' };
}
