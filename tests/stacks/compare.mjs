// Reads the collected stacks with parsers that others wrote, and tells on how many of the frames that are expected they and
// the pages agree, and where they do not. The parsers are installed for this alone, into target/parsers:
// npm install --prefix target/parsers error-stack-parser@2 stacktracey@2; node tests/stacks/compare.mjs

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const from = createRequire(resolve('target/parsers/package.json'));
const ErrorStackParser = from('error-stack-parser');
const StackTracey = from('stacktracey');
const PARSERS = {
  'error-stack-parser': (error) => ErrorStackParser.parse(error).map((frame) => [frame.functionName ?? '', frame.fileName ?? '', frame.lineNumber, frame.columnNumber]),
  stacktracey: (error) => new StackTracey(error.stack).items.map((frame) => [frame.callee, frame.file, frame.line, frame.column]),
};

const unescaped = (text) => text.replace(/\\(.)/g, (_, sign) => ({ n: '\n', r: '\r' })[sign] ?? sign);
const within = (from, to, at) => {
  const [[a, b], [c, d]] = [from, to].map((place) => place.split(':').map(Number));
  return (at[0] > a || (at[0] === a && (at[1] ?? b) >= b)) && (at[0] < c || (at[0] === c && (at[1] ?? d) <= d));
};

for (const [name, parse] of Object.entries(PARSERS)) {
  let [right, all] = [0, 0];
  const wrong = [];
  for (const browser of ['chromium', 'firefox', 'webkit']) {
    for (const block of readFileSync(`tests/stacks/collected/${browser}.txt`, 'utf8').trimEnd().split('\n\n').slice(1)) {
      const lines = block.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
      const { case: title, message, stack } = Object.fromEntries(lines.filter(([word]) => word !== 'f'));
      const expected = lines.filter(([word]) => word === 'f').map(([, rest]) => /^(\S+) (\S+) (\S+) (\S+) ?(.*)$/.exec(rest).slice(1));
      let told = [];
      try {
        told = parse({ message: unescaped(message), stack: unescaped(stack) });
      } catch (failure) {
        if (expected.length) wrong.push(`${browser} ${title}: ${failure.message}`);
      }
      for (const [doubt, start, end, url, called] of expected) {
        // Its frames are looked for anywhere, as it tells more of them than those with a URL.
        const found = told.find(([callee, file, line, column]) => {
          const isThere = start === '*' || within(start, end, [line, column]);
          return file && (file.split('#')[0] === url || file === url.split('?')[0] || file.startsWith(url)) && isThere && callee.includes(called);
        });
        if (!found && doubt === 'maybe') continue;
        all++;
        if (found) right++;
        else wrong.push(`${browser} ${title}: ${called || '(no name)'} in ${url}`);
      }
    }
  }
  console.log(`${name}: ${right} of ${all} frames\n  ${wrong.join('\n  ')}`);
}
