// Elastic APM's RUM agent with sessions, and the version of its format that has short names.

import { init } from '@elastic/apm-rum';

const { endpoint } = document.currentScript.dataset;
init({ serviceName: 'shop', serviceVersion: '1.0.0', environment: 'demo', serverUrl: endpoint, apiVersion: 3, session: true });
