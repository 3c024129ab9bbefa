// Sentry with browserTracing and no replay. It has no compression of what it sends without replay.

import { browserTracingIntegration, init } from '@sentry/browser';

const { endpoint } = document.currentScript.dataset;
init({
  dsn: `${endpoint.replace('://', '://00000000000000000000000000000000@')}/1`,
  release: '1.0.0',
  environment: 'demo',
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
  propagateTraceparent: true,
});
