// Listens to the collector's event stream and says when something new is stored.

export type LiveState = 'connecting' | 'live' | 'reconnecting';

const QUIET_MS = 500;
const RETRY_MS = 3000;

export function listenLive(onStored: () => void, onState: (state: LiveState) => void): void {
  let pending: number | undefined;
  let wasLost = false;

  const stored = (): void => {
    // One beacon often brings a few commits; waiting a moment makes them one refresh.
    pending ??= window.setTimeout(() => {
      pending = undefined;
      onStored();
    }, QUIET_MS);
  };

  const connect = (): void => {
    const source = new EventSource('/api/live');
    source.addEventListener('stored', stored);
    source.addEventListener('open', () => {
      onState('live');
      if (wasLost) stored();
      wasLost = false;
    });
    source.addEventListener('error', () => {
      wasLost = true;
      onState('reconnecting');
      // The browser retries a dropped stream by itself, but gives up on an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) window.setTimeout(connect, RETRY_MS);
    });
  };

  onState('connecting');
  connect();
}
