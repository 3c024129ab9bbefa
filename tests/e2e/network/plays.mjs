// Loads the page in its states, and keeps what came of each load.

import { rmSync } from 'node:fs';
import { observed } from './compare.mjs';
import { folders, pageOf, STATES } from './pages.mjs';
import { Server } from './server.mjs';

/** What is played everywhere: checks in the page itself, and stories in frames that have patches of others. */
export const SUBJECTS = {
  checks: [
    'shapes',
    'fetch_arguments',
    'fetch_errors',
    'fetch_abort',
    'fetch_body',
    'fetch_requests',
    'fetch_responses',
    'fetch_promises',
    'xhr_events',
    'xhr_errors',
    'xhr_requests',
    'beacons',
    'event_sources',
    'web_sockets',
    'trace',
  ],
  patches: ['below', 'above', 'frames'],
};

/** When the agent has gone, it is enough to look where it was. */
const AFTER = ['shapes', 'fetch_errors', 'fetch_promises', 'xhr_errors', 'trace', 'stopped'];
export const subjectsOf = (state) => {
  if (/stopped/.test(state)) return { checks: AFTER, patches: [] };
  // A story moves the agent itself, from its early state on.
  if (state === 'early') return { checks: SUBJECTS.checks, patches: [] };
  return { checks: state === 'bare' ? [...SUBJECTS.checks, 'stopped'] : SUBJECTS.checks, patches: SUBJECTS.patches };
};

const names = async (room, list) => Object.fromEntries(await Promise.all(list.map(async (name) => [name, (await import(`./${room}/${name}.mjs`)).stories])));

export class Plays {
  #loads = new Map();
  /** Those that are under way. */
  #underWay = new Set();

  /** `visit` goes to an address in a browser, and returns what leaves it; `atOnce` is how many pages it may have. */
  static async start({ visit, atOnce }) {
    const plays = Object.assign(new Plays(), { visit, atOnce, folders: await folders() });
    plays.server = await Server.start(plays.folders);
    plays.stories = await names('patches', SUBJECTS.patches);
    return plays;
  }

  /** What a page in this state saw; each is loaded once. */
  of(state) {
    if (!this.#loads.has(state)) this.#loads.set(state, this.load(state, subjectsOf(state)));
    return this.#loads.get(state);
  }

  /** One more load, when its turn has come; `wrapper` is a script in the agent's place. */
  async load(...what) {
    while (this.#underWay.size >= this.atOnce) await Promise.race(this.#underWay);
    const load = this.#load(...what);
    const over = load.catch(() => {}).then(() => this.#underWay.delete(over));
    this.#underWay.add(over);
    return load;
  }

  async #load(state, subjects, wrapper) {
    const run = this.server.open(pageOf(state, this.server, { ...subjects, wrapper }, this.stories));
    const leave = await this.visit(run.url);
    try {
      const results = await run.done;
      const traced = new Map(Object.keys(results.trace ?? {}).map((name, index) => [name, run.served.get(`trace.${index}`) ?? []]));
      return { all: observed(results, run, this.server), traced, is: { ...STATES[state], isEarly: state === 'early' } };
    } finally {
      await leave();
    }
  }

  close() {
    this.server.close();
    rmSync(this.folders.npm, { recursive: true });
  }
}
