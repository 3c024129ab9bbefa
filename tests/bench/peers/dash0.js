// Dash0's SDK with its compression, which it calls experimental.

import { init } from '@dash0/sdk-web';

const { endpoint } = document.currentScript.dataset;
init({
  serviceName: 'shop',
  serviceVersion: '1.0.0',
  environment: 'demo',
  endpoint: { url: endpoint, authToken: 'auth_0' },
  propagators: [{ type: 'traceparent', match: [new RegExp(`^${location.origin}`)] }],
  enableTransportCompression: true,
});
