// What both libraries told of the pages of a story.

import assert from 'node:assert/strict';
import { differences, LIBRARIES } from './compare.mjs';

const KEY = /^pair (\S+) (\S+)$/;

/** The reports from what pages have kept, in the order of their documents. */
export function read(kept) {
  const found = Object.entries(kept).flatMap(([key, text]) => {
    const [, origin, order] = KEY.exec(key) ?? [];
    return origin ? [{ origin: Number(origin), order, ...JSON.parse(text) }] : [];
  });
  const faults = found.filter(({ kind }) => kind === 'fault').map(({ value }) => value);
  assert.deepEqual(faults, [], 'the pages have no faults');
  found.sort((a, b) => a.origin - b.origin || a.order.localeCompare(b.order));
  const documents = [...new Set(found.map(({ origin }) => origin))];
  return found.map(({ origin, value }) => ({ ...value, document: documents.indexOf(origin) }));
}

export class Told {
  constructor(reports) {
    this.reports = reports;
    const [believed] = LIBRARIES;
    this.believed = reports.filter(({ library }) => library === believed);
    assert.notEqual(this.believed.length, 0, `${believed} told nothing`);
    assert.deepEqual(differences(reports), [], 'both libraries tell the same');
  }

  /** The reports of a metric, by the library that is believed. */
  of(name, { document, set = 0 } = {}) {
    const of = this.believed.filter((report) => report.name === name && report.set === set);
    return document === undefined ? of : of.filter((report) => report.document === document);
  }

  values(name, which) {
    return this.of(name, which).map(({ value }) => value);
  }

  /** The only report of a metric. */
  single(name, which) {
    const [report, ...more] = this.of(name, which);
    assert.ok(report && more.length === 0, `${name} was told ${this.of(name, which).length} times`);
    return report;
  }

  last(name, which) {
    const report = this.of(name, which).at(-1);
    assert.ok(report, `${name} was not told`);
    return report;
  }
}
