// The vitals among a page view's rows.

import type { Row, VitalName } from './api';
import { detailNumber } from './detail';
import { VITAL_NAMES } from './vitals';

/** A vital is sent again whenever it changed: the last record of each name counts. */
export function latestVitals(rows: Row[]): Map<VitalName, Row> {
  const latest = new Map<VitalName, Row>();
  for (const row of rows) {
    const name = row.kind === 'vital' ? vitalName(row) : undefined;
    if (name !== undefined) latest.set(name, row);
  }
  return latest;
}

export function vitalName(row: Row): VitalName | undefined {
  const said = String(row.detail['browser.web_vital.name'] ?? row.label).toLowerCase();
  return VITAL_NAMES.find((name) => said.startsWith(name));
}

export function vitalValue(row: Row): number {
  return detailNumber(row.detail, 'browser.web_vital.value') ?? row.duration_ms;
}
