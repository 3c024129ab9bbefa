// What the comparison of reports finds: everything that is unequal, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './compare.mjs';

const entry = { is: 'entry', number: 3, entryType: 'paint', name: 'first-contentful-paint', startTime: 120.5, duration: 0 };

/** What one library tells of a page: a paint, a layout that moves twice, and a return from the cache. */
function told(library) {
  const report = (name, value, delta, more = {}) => ({
    ...{ library, document: 0, set: 0, name, value, delta, id: `${library}-${name}`, rating: 'good', entries: [], attribution: {} },
    ...{ navigationType: 'navigate', during: 'none', visibility: 'visible' },
    ...{ returned: 0, frame: 16, at: 200 },
    ...more,
  });
  const kept = { navigationType: 'back-forward-cache', id: `${library}-FCP-again`, returned: 1000, frame: 1028, at: 1060 };
  return [
    report('FCP', 120.5, 120.5, { entries: [entry], attribution: { fcpEntry: entry, timeToFirstByte: 40 } }),
    report('CLS', 0.05, 0.05, { during: 'visibilitychange' }),
    report('CLS', 0.12, 0.07, { during: 'visibilitychange', rating: 'needs-improvement' }),
    report('FCP', 30, 30, { ...kept, attribution: { firstByteToFCP: 30 } }),
  ];
}

/** The differences when the second library tells something else. */
function after(change) {
  // By way of text, as reports come, so that each object is there once.
  const second = JSON.parse(JSON.stringify(told('vitrum')));
  const changed = change(second) ?? second;
  return differences([...told('web-vitals'), ...changed]);
}

const one = (lines, pattern) => {
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], pattern);
};

test('equal reports have no differences, whatever the ids and the order of the libraries', () => {
  assert.deepEqual(after(() => {}), []);
  assert.deepEqual(differences([...told('vitrum'), ...told('web-vitals')]), []);
});

test('a rounding is no difference', () => {
  assert.deepEqual(after(([fcp, cls]) => void ((fcp.value += 0.04), (cls.value += 1e-9))), []);
});

test('each value has to be equal', () => {
  one(after(([fcp]) => void (fcp.value += 0.1)), /^FCP of document 0, options 0, report 0: value is 120.5 and 120.6$/);
  one(after(([, cls]) => void (cls.value += 0.001)), /value/);
  one(after(([, , cls]) => void (cls.delta = 0.12)), /report 1: delta/);
  one(after(([, , cls]) => void (cls.rating = 'good')), /rating/);
  one(after(([fcp]) => void (fcp.navigationType = 'reload')), /navigationType/);
});

test('what is missing or too much is found', () => {
  one(after(([fcp]) => void delete fcp.attribution.timeToFirstByte), /attribution.timeToFirstByte is 40 and undefined/);
  one(after(([fcp]) => void (fcp.attribution.more = 1)), /attribution.more is undefined and 1/);
  one(after(([fcp]) => void fcp.entries.pop()), /entries.0/);
});

test('entries have to be the same objects', () => {
  one(after(([fcp]) => void (fcp.entries[0].number = 9)), /entries.0.number is 3 and 9/);
  one(after(([fcp]) => void delete fcp.entries[0].is), /entries.0.is/);
});

test('a report has to come in the same event', () => {
  one(after(([, cls]) => void (cls.during = 'none')), /during is "visibilitychange" and "none"/);
  one(after(([, cls]) => void (cls.visibility = 'hidden')), /visibility/);
});

test('reports have to be as many, in the same order', () => {
  one(after(([fcp, ...rest]) => rest.slice(0, -1).concat(fcp)), /^FCP .* told it 2 times \(120.5, 30\), vitrum 1 times \(120.5\)$/);
  one(after((reports) => [...reports, { ...reports[2], delta: 0, id: reports[2].id }]), /^CLS .* vitrum 3 times/);
  assert.notEqual(after(([fcp, first, second, back]) => [fcp, second, first, back]).length, 0);
  one(after((reports) => [...reports, { ...reports[1], name: 'LCP', id: 'another' }]), /^LCP .* web-vitals told it 0 times/);
});

test('each instance has an id of its own, and all its reports have that one', () => {
  one(after(([, , cls]) => void (cls.id = 'another')), /instance is 0 and 1/);
  one(after(([fcp, , , back]) => void (back.id = fcp.id)), /instance is 1 and 0/);
  assert.match(after(([fcp, first, second]) => void (first.id = second.id = fcp.id)).join(), /the id vitrum-FCP is of vitrum FCP 0 0 and of vitrum CLS 0 0/);
  assert.match(after(([fcp]) => void (fcp.id = '')).join(), /has the id ""/);
});

test('after a return each library looks at the clock, in the same frame and before it tells', () => {
  const looks = (value, more) => after(([, , , back]) => void Object.assign(back, { value, delta: value, attribution: { firstByteToFCP: value } }, more));
  assert.deepEqual(looks(50), []);
  one(looks(50, { frame: 1045 }), /frame is 1028 and 1045/);
  one(looks(20), /value is "a look at the clock" and 20/);
  one(looks(70), /value is "a look at the clock" and 70/);
  one(looks(50, { delta: 30 }), /delta is 0 and -20/);
  one(looks(50, { attribution: { firstByteToFCP: 30 } }), /firstByteToFCP is 0 and -20/);
});

test('a long frame may be forgotten by web-vitals only, and only one that the interaction had to wait for', () => {
  const frame = (number, startTime) => ({ is: 'entry', number, entryType: 'long-animation-frame', startTime, duration: 80 });
  const inp = (library, frames, more = {}) => {
    const made = frames.length ? { totalScriptDuration: 60, totalPaintDuration: 20 } : {};
    const attribution = { interactionTime: 1000, inputDelay: 10, processingDuration: 60, longAnimationFrameEntries: frames, ...made, ...more };
    return { ...told(library)[0], name: 'INP', entries: [], attribution, id: `${library}-INP` };
  };
  const compared = (theirs, ours, more) => differences([inp('web-vitals', theirs), inp('vitrum', ours, more)]);
  const [first, second, later] = [frame(1, 1005), frame(2, 1060), frame(3, 1100)];
  assert.deepEqual(compared([], [first]), []);
  assert.deepEqual(compared([second], [first, second]), []);
  assert.notDeepEqual(compared([first], []), []);
  assert.notDeepEqual(compared([], [later]), []);
  assert.notDeepEqual(compared([second], [first, later]), []);
  one(compared([], [first], { inputDelay: 20 }), /inputDelay is 10 and 20/);
  one(compared([first], [first], { totalPaintDuration: 30 }), /totalPaintDuration is 20 and 30/);
});

test('reports of different documents and options are not of one series', () => {
  const other = told('web-vitals').map((report) => ({ ...report, document: 1, id: `${report.id}-1` }));
  const lines = differences([...told('web-vitals'), ...told('vitrum'), ...other]);
  assert.deepEqual(lines.map((line) => line.split(':')[0]), ['FCP of document 1, options 0', 'CLS of document 1, options 0']);
});
