// Runs in the page: waits until the agent is what it is to be, plays the checks one after the other, and hands over what
// they saw.

import { Tools } from './tools.mjs';

/** More than any check needs. */
const PATIENCE_MS = 15_000;
const { conformance } = window;

/** Numbers and the like that JSON would lose. */
const telling = (_, value) => {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return `(${String(value)})`;
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return `(${value})`;
  return value;
};

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, { late: true }));

/** What nobody has caught, by the check that was under way. */
let loose = [];
addEventListener('error', (event) => setTimeout(() => event.defaultPrevented || loose.push(`error: ${event.message}`)));
addEventListener('unhandledrejection', (event) => setTimeout(() => event.defaultPrevented || loose.push(`rejection: ${event.reason}`)));

async function play(subject, room) {
  const { checks } = await import(`../${room}/${subject}.mjs`);
  const seen = {};
  for (const [index, [name, check]] of Object.entries(checks).entries()) {
    const tools = new Tools(`${subject}.${index}`, conformance);
    loose = [];
    const outcome = Promise.resolve(tools).then(check);
    const value = await Promise.race([outcome.then((value) => ({ value })).catch((error) => ({ failed: tools.error(error) })), late()]);
    if (value.late) await conformance.native.fetch.call(window, `${conformance.backstage}/${conformance.run}/free`);
    await tools.turns(2);
    seen[name] = { ...value, loose, id: tools.id };
    tools.clear();
  }
  return seen;
}

/** A story has a frame of its own, in which a script runs before the agent. */
async function tell(subject, room) {
  const { stories } = await import(`../${room}/${subject}.mjs`);
  const names = Object.keys(stories);
  const seen = await Promise.all(
    names.map((name, index) => {
      const frame = document.createElement('iframe');
      if (stories[name].sandbox) frame.sandbox = 'allow-scripts';
      const told = new Promise((resolve) =>
        addEventListener('message', ({ source, data }) => source === frame.contentWindow && resolve(data)),
      );
      frame.src = `page.html?subject=${subject}&story=${index}`;
      document.body.append(frame);
      return Promise.race([told, late()]);
    }),
  );
  return Object.fromEntries(names.map((name, index) => [name, { ...seen[index], id: `${subject}.${index}` }]));
}

const { subject, story } = conformance;
await conformance.ready();
if (story === undefined) {
  const results = {};
  for (const subject of conformance.checks) results[subject] = await play(subject, 'checks');
  for (const subject of conformance.patches) results[subject] = await tell(subject, 'patches');
  await conformance.native.fetch.call(window, `${conformance.backstage}/${conformance.run}/done`, { method: 'POST', body: JSON.stringify(results, telling) });
} else {
  const { stories } = await import(`../patches/${subject}.mjs`);
  const tools = new Tools(`${subject}.${story}`, conformance);
  const value = await Promise.resolve(tools)
    .then(Object.values(stories)[story].then)
    .then((value) => ({ value }))
    .catch((error) => ({ failed: tools.error(error) }));
  await tools.turns(2);
  parent.postMessage(JSON.parse(JSON.stringify({ ...value, loose }, telling)), '*');
}
