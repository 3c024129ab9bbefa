// What no wrapper that adds a header can do without, each with its reason. Such a check must differ, or it has to leave
// this list; and it must differ in nothing else: `pardon` takes the reason out of what was seen.

/** A frame in a file of the agent. */
const isOurs = (line) => /\/(dist|npm)(~[^/]*)?\//.test(line);

/** Without those frames, wherever there are stacks. */
const withoutFrames = (value) => {
  if (Array.isArray(value)) return value.filter((line) => !(typeof line === 'string' && isOurs(line))).map(withoutFrames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutFrames(part)]));
};

/** Without what Firefox has of a stack apart, and without one of the error's own. */
const withoutPlace = (value) => {
  if (Array.isArray(value)) return value.filter((part) => part?.[0] !== 'stack').map(withoutPlace);
  if (typeof value !== 'object' || value === null) return value;
  const { place, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, withoutPlace(part)]));
};

export const KNOWN = [
  {
    why: 'In Firefox a stack that is set becomes the error’s own, and the place of a DOMException is nobody’s to set.',
    browsers: ['Firefox'],
    subject: 'fetch_errors',
    checks: /^what an error is made of$/,
    pardon: withoutPlace,
  },
  {
    why: 'As above.',
    browsers: ['Firefox'],
    subject: 'xhr_errors',
    checks: /^what an error is made of$/,
    pardon: withoutPlace,
  },
  {
    why: 'The function that complains is called through its proxy.',
    browsers: ['Chromium'],
    subject: 'shapes',
    checks: /^texts of things that are no functions of the browser$/,
    pardon: (seen) => JSON.parse(JSON.stringify(seen).replaceAll('at Object.toString', 'at Function.toString')),
  },
  {
    why: 'Whether a header is there already has to be looked up, and a proxy notices; what the browser reads then is what the page gave.',
    subject: 'fetch_arguments',
    checks: /^(a Proxy as init meets the same|a Proxy as headers meets the same|pairs of headers are read in the same order)$/,
    pardon: () => 'anything',
  },
  {
    why: 'Our frame is taken out of the stack of what is thrown within a call: so the stack is looked at, and made, which an error of the page may notice.',
    subject: 'fetch_errors',
    checks: /^an error of the page goes through untouched$/,
    pardon: () => 'anything',
  },
  {
    why: 'As above.',
    browsers: ['Chromium'],
    subject: 'fetch_errors',
    checks: /^(a stack is made as often as before|a page that makes the stacks itself sees the same calls)$/,
    pardon: () => 'anything',
  },
  {
    why: 'As above.',
    subject: 'xhr_errors',
    checks: /^an error of the page goes through untouched$/,
    pardon: () => 'anything',
  },
  {
    why: 'So that no frame of the page is missing where ours is taken out, there is room for one more while a call lasts.',
    subject: 'fetch_errors',
    checks: /^the limit of a stack that a conversion sees$/,
    pardon: () => 'anything',
  },
  {
    why: 'As above.',
    subject: 'xhr_errors',
    checks: /^the limit of a stack that listeners and conversions see$/,
    pardon: () => 'anything',
  },
  {
    why: 'The end of a request is heard by one more `then` on the browser’s promise: a turn of microtasks, and a look for its constructor.',
    subject: 'fetch_promises',
    checks: /^(nobody looks for its constructor|resolves in the same order as others of the page|of an abort rejects in the turn of the abort)$/,
    pardon: () => 'anything',
  },
  {
    why: 'Code of ours runs when a function is called, so its text is not kept by the engine. Only this realm’s toString can be taught it.',
    subject: 'shapes',
    checks: /^(?!XMLHttpRequest: |XMLHttpRequest\.prototype\.abort).*: its text by another realm’s toString$/,
    pardon: ({ value, ...seen }) => ({ ...seen, value: value.replace(/^function \w+/, 'function ').replace(/\s+/g, ' ') }),
  },
  {
    why: 'What the page does within a call of ours has the frame of that call on its stack.',
    subject: 'fetch_arguments',
    checks: /^the stack that an accessor of init sees$/,
    pardon: withoutFrames,
  },
  {
    why: 'As above: events of the same task.',
    subject: 'xhr_events',
    checks: /^(stacks in listeners have no more frames|a listener that throws is told to the page)$/,
    pardon: withoutFrames,
  },
  {
    why: 'As above.',
    subject: 'xhr_errors',
    checks: /^the stack that a conversion sees$/,
    pardon: withoutFrames,
  },
  {
    why: 'The browser takes the place of an exception and of a complaint from the frame that made the call, which is ours.',
    subject: 'fetch_errors',
    checks: /^a complaint of the policy/,
    pardon: () => 'anything',
  },
  {
    why: 'As above.',
    subject: 'xhr_errors',
    checks: /^(a complaint of the policy|an exception that nobody catches)/,
    pardon: () => 'anything',
  },
  {
    why: 'A header that goes along with a redirect to another origin needs a preflight there; whereto a server redirects is not known before.',
    subject: 'fetch_responses',
    checks: /^a redirect to the other origin$/,
    pardon: () => 'anything',
  },
  {
    why: 'As above.',
    subject: 'xhr_requests',
    checks: /^a redirect to the other origin$/,
    pardon: () => 'anything',
  },
];

/** The entry for a check in this browser, if there is one. */
export const knownOf = (browser, subject, name) =>
  KNOWN.find((entry) => entry.subject === subject && entry.checks.test(name) && (entry.browsers ?? [browser]).includes(browser));
