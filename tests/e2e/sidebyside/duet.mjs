// The harness of these stories: two libraries measure the same pages, and have to tell the same of them.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Site } from '../site.mjs';
import { Answers } from './answers.mjs';
import { alone, Chromium } from './chromium.mjs';
import { read, Told } from './told.mjs';
import { PAGES, Visitor } from './visitor.mjs';

/** Long enough for the slowest machine; what takes longer has failed. */
const DEADLINE_MS = 30_000;
/** For what is left to be ended then. */
const TIMEOUT_MS = 2 * DEADLINE_MS;

const ROOTS = { sidebyside: 'tests/e2e/sidebyside', 'web-vitals': 'node_modules/web-vitals/dist' };

/** Where pages import the libraries from. */
const MODULES = { 'web-vitals': '/web-vitals/web-vitals.attribution.js', vitrum: '/dist/index.js' };

let browser;
after(async () => (await browser)?.close());

/** What pages have in their head: the options for the libraries, and who has them measure. */
function markup(setting) {
  const text = JSON.stringify({ libraries: MODULES, ...setting }).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="pair">${text}</script><script type="module" async src="/sidebyside/pair.mjs"></script>`;
}

/** How each story is played: once, as it is. Who records stories has pages with more in their head, and keeps what they kept. */
let takes = () => [{ head: '', keep: () => {} }];
export const playAs = (given) => (takes = given);

/** A site with what these stories ask of one. */
export async function build(setting, head = '') {
  const answers = new Answers();
  const site = await Site.start(undefined, { roots: ROOTS, answers: answers.table });
  site.markup = head + markup(setting);
  return { site, answers };
}

/** A story that waits for what never comes fails, and can be cleared away. */
async function inTime(playing) {
  const clock = new AbortController();
  const deadline = pause(DEADLINE_MS, undefined, { signal: clock.signal }).then(() => {
    throw new Error(`the story did not end within ${DEADLINE_MS} ms`);
  });
  try {
    await Promise.race([playing, deadline]);
  } finally {
    clock.abort();
    deadline.catch(() => {});
  }
}

/**
 * Plays a story, which ends with leaving; then all that both libraries have told is compared. They measure once for each
 * set of options: from the beginning, or with `late` when the story says `start`.
 */
export function duet(name, { sets = [{}], late = false }, play) {
  for (const { head, keep } of takes(name)) {
    test(name, { timeout: TIMEOUT_MS }, async () => {
      browser ??= Chromium.start();
      const { site, answers } = await build({ sets, late }, head);
      const visitor = new Visitor(await browser, site, answers.gates);
      try {
        await inTime(play(visitor));
        assert.ok(visitor.told, 'the story ends with leaving');
        keep(visitor.kept, { site, sets });
      } finally {
        await visitor.close();
        site.close();
      }
    });
  }
}

/** A story whose pages act by themselves, in a browser that nobody is attached to. They end with tell.html. */
export function duetAlone(name, page, play) {
  const sets = [{}];
  for (const { head, keep } of takes(name)) {
    test(name, { timeout: TIMEOUT_MS }, async () => {
      const { site, answers } = await build({ sets }, head);
      const programs = await alone(site.origin + PAGES + page);
      try {
        await inTime(play(answers.gates, async () => new Told(read(await answers.sent))));
        keep(await answers.sent, { site, sets });
      } finally {
        await programs.end();
        site.close();
      }
    });
  }
}
