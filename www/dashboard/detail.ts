// Reads a row's detail, which is what its sender said of it.

import type { Row } from './api';

export function detailText(detail: Row['detail'], key: string): string | null {
  const value = detail[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Finds a number by the last part of its attribute's name. */
export function detailNumber(detail: Row['detail'], name: string): number | null {
  const key = Object.keys(detail).find((known) => known === name || known.endsWith(`.${name}`));
  const value = key === undefined ? undefined : detail[key];
  return typeof value === 'number' ? value : null;
}
