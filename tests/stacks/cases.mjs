// Where the frames of each case have to be, the innermost first: a source and a mark in it, and after `=` the function's name
// if the mark is not called so (nothing, if engines make one up). With `?` the frame may be absent. What no mark
// can say is written in full: from where, to where, URL, name; a `*` for a place that is not of lines and columns.

/** In most cases the innermost is this one. */
const FAIL = 'plain#fail';
const OF_MODULE = 'fail#fail';

const plain = (...marks) => ({ frames: [FAIL, ...marks.map((mark) => `plain#${mark}`)] });
const module = (...marks) => ({ frames: [OF_MODULE, ...marks.map((mark) => `module#${mark}`)] });
/** WebKit does not know the names of some functions. */
const byName = (mark, outer) => {
  const known = [FAIL, `plain#${mark}`, `plain#${outer}`];
  return { frames: { chromium: known, firefox: known, webkit: [FAIL, `plain#${mark}=`, `plain#${outer}`] } };
};
/** Code that `eval` made is told at the call, but in WebKit by its name only. */
const evaluated = (mark, count = 1) => {
  const call = `plain#${mark}=evaluates`;
  const made = Array(count).fill(`plain#${mark}=`);
  return { frames: { chromium: [FAIL, ...made, call], firefox: [FAIL, ...made, call], webkit: [FAIL, call] } };
};

export const CASES = {
  function: plain('outer'),
  undefinedProperty: { frames: ['plain#readsNothing'] },
  notAFunction: { frames: ['plain#callsNothing'] },
  unknownName: { frames: ['plain#namesNothing'] },
  anonymous: plain('anonymous='),
  nestedAnonymous: plain('arrow=', 'within=', 'holds'),
  method: plain('checkout', 'methodCase='),
  constructor: plain('Cart', 'constructorCase='),
  derived: plain('Cart', 'Basket', 'derivedCase='),
  getter: plain('total', 'getterCase='),
  setter: plain('setTotal=total', 'setterCase='),
  staticMethod: plain('create', 'staticCase='),
  privateMethod: plain('secret', 'reveal', 'privateCase='),
  generator: plain('items', 'generatorCase='),
  field: byName('onClick', 'fieldCase='),
  toPrimitive: plain('toString', 'primitiveCase='),
  symbolMethod: plain('iterator=', 'symbolCase='),
  arrayMap: plain('each', 'mapCase='),
  sort: plain('compare', 'sortCase='),
  replace: plain('replacer', 'replaceCase='),
  toJson: plain('toJSON', 'jsonCase='),
  parse: { frames: ['plain#parses'] },
  reflect: plain('reflectCase='),
  bound: plain('boundCase='),
  proxy: plain('trap=get', 'proxyCase='),
  tagged: plain('tag', 'taggedCase='),
  defaultParameter: plain('takes', 'defaultCase='),
  nameWithAt: plain('a@b.c:1', 'atCase='),
  nameWithBrackets: plain('a (b) c', 'bracketCase='),
  nameInUnicode: plain('größe漢', 'unicodeCase='),
  computedName: byName('madeUp', 'computedCase='),
  aliased: plain('original', 'aliasCase='),
  messageLikeFrames: plain('tellsFrames'),
  messageEmpty: plain('tellsNothing'),
  // In Firefox the constructor that nobody wrote has a frame.
  namedError: { frames: { chromium: ['plain#throwsNamed'], firefox: ['plain#throwsNamed=PaymentError', 'plain#throwsNamed'], webkit: ['plain#throwsNamed'] } },
  changedMessage: plain('changes'),
  domException: { frames: ['plain#asksWrongly'] },
  recursion: { frames: Array(5).fill('plain#deeper') },
  // In WebKit an asynchronous function has two, for what it begins and what it does.
  aggregate: { frames: { chromium: ['plain#waitsForAny'], firefox: ['plain#waitsForAny'], webkit: ['plain#waitsForAny', 'plain#waitsForAny'] } },
  evaluated: evaluated('evaluates'),
  evaluatedFunction: evaluated('evaluatesFunction', 2),
  evaluatedTwice: evaluated('evaluatesTwice', 2),
  newFunction: { frames: { chromium: [FAIL, 'plain#constructs=', 'plain#constructs'], firefox: [FAIL, 'plain#constructs=', 'plain#constructs'], webkit: [FAIL, 'plain#constructs'] } },
  evaluatedWithName: {
    frames: {
      chromium: [FAIL, '1:1 1:9 webpack-internal:///./src/cart.js eval', 'plain#evaluatesNamed=evaluates'],
      firefox: [FAIL, '1:1 1:9 webpack-internal:///./src/cart.js ', 'plain#evaluatesNamed=evaluates'],
      webkit: [FAIL, 'plain#evaluatesNamed=evaluates'],
    },
  },
  timerText: { frames: { chromium: [FAIL], firefox: [FAIL, 'plain#timerText='], webkit: [FAIL, '1:1 1:9 PAGE '] } },
  timer: plain('late'),
  microtask: plain('soon'),
  listener: plain('clicked', 'listenerCase='),
  // Firefox counts lines from the attribute, and WebKit does the columns.
  attribute: {
    frames: {
      chromium: [FAIL, '4:1 4:99 PAGE?customer=7 onclick', 'plain#attributeCase='],
      firefox: [FAIL, '1:1 1:9 PAGE?customer=7 onclick', 'plain#attributeCase='],
      webkit: [FAIL, '4:1 4:99 PAGE onclick', 'plain#attributeCase='],
    },
  },
  observer: plain('mutated'),
  element: plain('connectedCallback', 'elementCase='),
  module: module('inModule'),
  async: module('waits', 'startsWaiting?'),
  promiseAll: module('waits', 'waitsForAll?'),
  then: module('next'),
  executor: module('executor', 'builds'),
  asyncGenerator: module('pages', 'consumes?'),
  rejection: module('unheard'),
  staticBlock: module('block=', 'defines'),
  dynamicImport: { frames: [OF_MODULE, 'broken#broken='] },
  importNothing: { frames: [] },
  importBadly: { frames: [] },
  blob: { frames: ['1:1 1:99 blob: remote', 'module#usesBlob'] },
  data: { frames: ['1:1 1:99 data: remote', 'module#usesData'] },
  worker: { frames: ['worker#inWorker', 'worker#top='] },
  blobWorker: { frames: ['1:1 1:99 blob: inBlob', '1:1 1:99 blob: '] },
  fetchNowhere: { frames: ['module#fetches?'] },
  // WebKit tells no URL of it.
  wasmTrap: {
    frames: { chromium: ['* * APP/trap.wasm trap', 'module#traps'], firefox: ['* * APP/trap.wasm trap', 'module#traps'], webkit: ['module#traps'] },
  },
  wasmImport: {
    frames: {
      chromium: [OF_MODULE, '* * APP/trap.wasm through', 'module#goesThrough'],
      firefox: [OF_MODULE, '* * APP/trap.wasm through', 'module#goesThrough'],
      webkit: [OF_MODULE, 'module#goesThrough'],
    },
  },
  minifiedArrow: { frames: ['line#t', 'line#n', 'line#e', 'line#a='] },
  minifiedFunction: { frames: ['line#t', 'line#n', 'line#o', 'line#b='] },
  minifiedAnonymous: { frames: ['line#t', 'line#d=', 'line#c='] },
  oddPath: { frames: [FAIL, 'odd#fromOddPath'] },
  oddPathAnonymous: { frames: ['odd#inOddPath='] },
  thirdParty: { frames: ['other#fromElsewhere'] },
  muted: { frames: [] },
  inline: { frames: [FAIL, 'page#inPage'] },
  inlineAdded: {
    frames: {
      chromium: [FAIL, 'page#addsScript='],
      firefox: [FAIL, 'page#addsScript=', 'page#addsScript='],
      webkit: [FAIL, '1:1 1:9 PAGE ', 'page#addsScript='],
    },
  },
  fromFolder: { frames: ['file#inFolder'], in: 'file' },
  extension: { frames: ['extension#inContent'], in: 'extension' },
  extensionOfPage: { frames: [FAIL, 'extension#inExtension'], in: 'extension' },
};
