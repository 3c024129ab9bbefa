// How a request or a span ended: whether it went well, failed, took too long, or was given up by the page itself.

import type { Row } from './api';
import { detailNumber, detailText } from './detail';

export type Outcome = 'ok' | 'failed' | 'timed-out' | 'aborted';

export const OUTCOME_WORDS: Record<Outcome, string> = {
  ok: 'OK',
  failed: 'Failed',
  'timed-out': 'Timed out',
  aborted: 'Aborted',
};

/** An abort is the page's own wish, so its span is not one that failed. */
export function outcomeOf(row: Row): Outcome {
  const error = detailText(row.detail, 'error.type');
  if (error === 'TimeoutError') return 'timed-out';
  if (error === 'AbortError') return 'aborted';
  return row.failed ? 'failed' : 'ok';
}

/** As short as it can be told: the status, else the word for it. Nothing where all is well. */
export function outcomeText(row: Row): string {
  const outcome = outcomeOf(row);
  if (outcome === 'ok' || row.kind === 'error') return '';
  const status = detailNumber(row.detail, 'http.response.status_code');
  if (outcome === 'failed' && status !== null) return String(status);
  return OUTCOME_WORDS[outcome].toLowerCase();
}
