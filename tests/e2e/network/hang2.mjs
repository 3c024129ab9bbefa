import { Plays, SUBJECTS, subjectsOf } from './plays.mjs';
import { chromium } from './visits.mjs';
const t = Date.now(); const say = (...a) => console.log(Date.now() - t, ...a);
const b = await chromium.open();
const p = await Plays.start(b.visit);
say('started');
await p.load('npm', subjectsOf('npm')); say('npm');
await b.close(); say('browser closed');
p.close(); say('closed');
