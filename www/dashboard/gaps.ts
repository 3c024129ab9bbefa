// What did not arrive: the numbers that are absent among those of the pages.

import type { Gaps } from './api';
import { counted, formatCount } from './format';

/** One line; nothing where no page has told its numbers. */
export function gapsNote({ pages, pages_with_gaps, records, batches }: Gaps): string {
  if (pages === 0) return '';
  const from = `from ${counted(pages_with_gaps, 'page')} of ${formatCount(pages)}`;
  if (records.missing > 0) {
    return `${counted(records.missing, 'record')} of ${formatCount(records.sent)} did not arrive, ${from}`;
  }
  // A batch may have nothing but spans, which have no number.
  if (batches.missing > 0) {
    return `${counted(batches.missing, 'batch', 'batches')} of ${formatCount(batches.sent)} did not arrive, ${from}`;
  }
  return `Nothing is missing of ${counted(records.sent, 'record')}`;
}
