// What the two screens share: fetching the newest data, one request at a time, and saying so when it fails.

import { Refused } from './api';
import { element, replaceContent } from './element';

/** An answer that takes longer is not waited for: it would keep all later ones away. */
const PATIENCE_MS = 30_000;

export interface Screen {
  root: HTMLElement;
  refresh(): void;
}

export class Loader<T> {
  readonly notice = element('div', { class: 'notices', role: 'status', 'aria-live': 'polite' });
  private running: AbortController | undefined;
  private loaded = false;
  private isAgainWanted = false;

  constructor(
    private readonly load: (signal: AbortSignal) => Promise<T>,
    private readonly onData: (data: T) => void,
    private readonly onMissing?: () => void,
  ) {}

  /** For other data than what was shown: the wait for it is announced. */
  restart(): void {
    this.loaded = false;
    this.reload();
  }

  /** For other data than what may be on its way, which nobody waits for any more. */
  reload(): void {
    this.running?.abort();
    this.start();
  }

  /** For the same data, newer: on a busy collector, ending what is on its way each time would let nothing arrive. */
  refresh(): void {
    if (this.running === undefined) this.start();
    else this.isAgainWanted = true;
  }

  private start(): void {
    const running = (this.running = new AbortController());
    this.isAgainWanted = false;
    if (!this.loaded) replaceContent(this.notice, element('p', { class: 'notice quiet' }, 'Loading…'));
    const settle = (act: () => void): void => {
      if (running.signal.aborted) return;
      this.running = undefined;
      act();
      if (this.isAgainWanted) this.start();
    };
    this.load(AbortSignal.any([running.signal, AbortSignal.timeout(PATIENCE_MS)])).then(
      (data) =>
        settle(() => {
          this.loaded = true;
          replaceContent(this.notice);
          this.onData(data);
        }),
      (reason: unknown) => settle(() => this.fail(reason)),
    );
  }

  private fail(reason: unknown): void {
    if (reason instanceof Refused && reason.status === 404 && this.onMissing !== undefined) {
      this.loaded = true;
      replaceContent(this.notice);
      this.onMissing();
      return;
    }
    const sentence = reason instanceof Refused ? reason.message : 'The collector cannot be reached.';
    const stale = this.loaded ? ' What you see is from before.' : ' Is it still running?';
    const retry = element('button', { type: 'button', 'data-key': 'retry', click: () => this.reload() }, 'Try again');
    replaceContent(
      this.notice,
      element('p', { class: 'notice bad', role: 'alert' }, element('span', {}, sentence + stale), retry),
    );
  }
}
