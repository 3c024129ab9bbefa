// Datadog RUM without replay, in compressed requests. Updates of a view as differences are its default, but not with a proxy.

import { datadogRum } from '@datadog/browser-rum';

const { endpoint } = document.currentScript.dataset;
datadogRum.init({
  applicationId: '00000000-0000-4000-8000-000000000000',
  clientToken: 'pub00000000000000000000000000000000',
  site: 'datadoghq.com',
  proxy: `${endpoint}/intake`,
  service: 'shop',
  version: '1.0.0',
  env: 'demo',
  sessionSampleRate: 100,
  sessionReplaySampleRate: 0,
  profilingSampleRate: 0,
  telemetrySampleRate: 0,
  traceSampleRate: 100,
  trackUserInteractions: true,
  trackResources: true,
  trackLongTasks: true,
  compressIntakeRequests: true,
  betaEnableViewUpdates: true,
  allowedTracingUrls: [location.origin],
});
