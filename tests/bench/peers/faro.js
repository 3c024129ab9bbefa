// Grafana Faro with its tracing, all resources, and its compression.

import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk';
import { TracingInstrumentation } from '@grafana/faro-web-tracing';

const { endpoint } = document.currentScript.dataset;
initializeFaro({
  url: `${endpoint}/collect`,
  app: { name: 'shop', version: '1.0.0', environment: 'demo' },
  instrumentations: [...getWebInstrumentations(), new TracingInstrumentation()],
  trackResources: true,
  requestCompression: true,
  webVitalsInstrumentation: { trackAttributionSources: true },
  experimental: { trackNavigation: true },
});
