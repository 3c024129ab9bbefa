// The app: what it does by number, so that no name of a property tells which it is.
/* EARLY */
import * as drawing from 'zrender';
import { open } from './cart.js';
/* BETWEEN */
import { closeMenu, hover, leave, openMenu, select, submit } from './menu.js';
import { highlight, parse, suggest } from './search.js';
/* LATE */

const runs = [
  () => { open(1).checkout(); return 0; },
  () => { open(2).cancel(); return 0; },
  () => { open(3).total(); return 0; },
  () => { open(4).tax(); return 0; },
  () => { openMenu(); return 0; },
  () => { closeMenu(); return 0; },
  () => hover(),
  () => leave(),
  () => select(),
  () => submit(),
  () => { parse('x', 1); return 0; },
  () => { parse('x', 2); return 0; },
  () => { parse(String(Math.random()), 3); return 0; },
  () => { suggest('red shoes'); return 0; },
  () => { highlight({ children: {} }); return 0; },
];
globalThis.drawing = drawing;
globalThis.cases = runs;
globalThis.isReady = true;
