// Holds what a page saw and what the server received against the same of a page without the agent.

import { knownOf } from './known.mjs';
import { withoutTrace } from './trace.mjs';

/** More differences of one check say nothing more. */
const MOST = 4;

/** What differs between two loads of any page: names of the run, ports, and what the browser makes up by chance. */
function normal(text, { name }, { own, other }) {
  for (const [origin, word] of [[own, 'own'], [other, 'other']]) text = text.replaceAll(origin.replace('http://', ''), word);
  return text
    .replaceAll(name, 'run')
    .replace(/blob:(null|https?:\/\/own)\/[0-9a-f-]{36}/g, 'blob:chance')
    .replace(/-{4}(WebKitFormBoundary\w{16}|geckoformboundary[0-9a-f]+)/g, 'boundary');
}

/** A request as it is compared. */
function told(request) {
  const { origin, method, kind, query, body = '' } = request;
  const isForm = /multipart/.test(body) || /form-data; boundary/.test(JSON.stringify(request.headers));
  const headers = withoutTrace(request).filter(([name]) => !(isForm && name === 'content-length'));
  return { origin, method, kind, query, headers, body: body.length > 1000 ? body.length : body };
}

/**
 * The requests of a check, in any order. Those that the browser itself may repeat count once, and so does a GET that fails,
 * which we repeat without our header (known.mjs says why); those that are given up in the turn they are made may come or not.
 */
function received(requests = []) {
  const certain = requests.filter(({ query }) => !query.includes('chance'));
  const lines = certain.map((request) => JSON.stringify(told(request))).sort();
  return lines.filter((line, index) => line !== lines[index - 1] || !/"kind":"gone"|"method":"(GET|HEAD)","kind":"fail"/.test(line)).map((line) => JSON.parse(line));
}

/** What came of a load: by subject and check, what the page saw and what the server received. */
export function observed(results, run, server) {
  const all = {};
  for (const [subject, checks] of Object.entries(results)) {
    for (const [name, { id, ...seen }] of Object.entries(checks)) {
      const served = subject === 'trace' ? [] : received(run.served.get(id));
      (all[subject] ??= {})[name] = JSON.parse(normal(JSON.stringify({ ...seen, served }), run, server));
    }
  }
  return all;
}

/** Where two values differ, as lines. */
function differences(without, withUs, path = '') {
  if (Object.is(without, withUs)) return [];
  const isBranch = (value) => typeof value === 'object' && value !== null;
  if (!isBranch(without) || !isBranch(withUs) || Array.isArray(without) !== Array.isArray(withUs)) {
    return [`${path || 'all'}: ${JSON.stringify(without)} without, ${JSON.stringify(withUs)} with`];
  }
  const keys = new Set([...Object.keys(without), ...Object.keys(withUs)]);
  return [...keys].flatMap((key) => differences(without[key], withUs[key], `${path}.${key}`));
}

const shortened = (lines) => [...lines.slice(0, MOST), ...(lines.length > MOST ? [`and ${lines.length - MOST} more`] : [])];

/** The checks of a subject that saw another thing than without us, by name. */
export function changed(without, withUs) {
  const names = [...new Set([...Object.keys(without), ...Object.keys(withUs)])];
  const all = names.map((name) => [name, differences(without[name], withUs[name])]);
  return new Map(all.filter(([, lines]) => lines.length).map(([name, lines]) => [name, shortened(lines)]));
}

/** The same but for what is known, which has to be there while the agent is, and to be all. */
export function changedBeyond(browser, subject, without, withUs, isThere) {
  const wrong = changed(without, withUs);
  if (!isThere) return wrong;
  for (const name of Object.keys(without)) {
    const known = knownOf(browser, subject, name);
    if (!known || !withUs[name]) continue;
    const more = differences(known.pardon(without[name]), known.pardon(withUs[name]));
    if (!wrong.has(name)) wrong.set(name, ['is as it should be, and has to leave known.mjs']);
    else if (more.length) wrong.set(name, shortened(more));
    else wrong.delete(name);
  }
  return wrong;
}

export const report = (wrong) => [...wrong].map(([name, lines]) => [`  ${name}`, ...lines.map((line) => `    ${line.slice(0, 600)}`)].join('\n')).join('\n');
