// What the two screens share: fetching the newest data, one request at a time, and saying so when it fails.

import { Refused } from './api';
import { element, replaceContent } from './element';

export interface Screen {
  root: HTMLElement;
  refresh(): void;
}

export class Loader<T> {
  readonly notice = element('div', { class: 'notices', role: 'status', 'aria-live': 'polite' });
  private running: AbortController | undefined;
  private loaded = false;

  constructor(
    private readonly load: (signal: AbortSignal) => Promise<T>,
    private readonly onData: (data: T) => void,
    private readonly onMissing?: () => void,
  ) {}

  /** For other data than what was shown: the wait for it is announced. */
  restart(): void {
    this.loaded = false;
    this.refresh();
  }

  refresh(): void {
    this.running?.abort();
    const running = (this.running = new AbortController());
    if (!this.loaded) replaceContent(this.notice, element('p', { class: 'notice quiet' }, 'Loading…'));
    this.load(running.signal).then(
      (data) => {
        if (running.signal.aborted) return;
        this.loaded = true;
        replaceContent(this.notice);
        this.onData(data);
      },
      (reason: unknown) => {
        if (!running.signal.aborted) this.fail(reason);
      },
    );
  }

  private fail(reason: unknown): void {
    if (reason instanceof Refused && reason.status === 404 && this.onMissing !== undefined) {
      replaceContent(this.notice);
      this.onMissing();
      return;
    }
    const sentence = reason instanceof Refused ? reason.message : 'The collector cannot be reached.';
    const stale = this.loaded ? ' What you see is from before.' : ' Is it still running?';
    const retry = element('button', { type: 'button', 'data-key': 'retry', click: () => this.refresh() }, 'Try again');
    replaceContent(
      this.notice,
      element('p', { class: 'notice bad', role: 'alert' }, element('span', {}, sentence + stale), retry),
    );
  }
}
