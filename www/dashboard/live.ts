// Listens to the collector's event stream and says when something new is stored.

export type LiveState = 'connecting' | 'live' | 'reconnecting';

const QUIET_MS = 500;
const RETRY_MS = 3000;

export function listenLive(onStored: () => void, onState: (state: LiveState) => void): void {
  let pending: number | undefined;
  let retry: number | undefined;
  let source: EventSource | undefined;
  let wasAway = false;

  const stored = (): void => {
    // One beacon often brings a few commits; waiting a moment makes them one refresh.
    pending ??= window.setTimeout(() => {
      pending = undefined;
      onStored();
    }, QUIET_MS);
  };

  const connect = (): void => {
    const stream = (source = new EventSource('/api/live'));
    stream.addEventListener('stored', stored);
    stream.addEventListener('open', () => {
      onState('live');
      if (wasAway) stored();
      wasAway = false;
    });
    stream.addEventListener('error', () => {
      wasAway = true;
      onState('reconnecting');
      // The browser retries a dropped stream by itself, but gives up on an answer that is no stream.
      if (stream.readyState === EventSource.CLOSED) retry = window.setTimeout(connect, RETRY_MS);
    });
  };

  const disconnect = (): void => {
    wasAway = true;
    window.clearTimeout(retry);
    source?.close();
  };

  // A browser has few connections for one host: dashboards in other tabs would take them all.
  const follow = (): void => {
    disconnect();
    if (document.hidden) return;
    onState('connecting');
    connect();
  };

  document.addEventListener('visibilitychange', follow);
  follow();
}
