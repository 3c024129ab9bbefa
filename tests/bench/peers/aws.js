// CloudWatch RUM with all requests and resources, clicks, and W3C trace headers; it compresses by itself.

import { AwsRum } from 'aws-rum-web';

const { endpoint } = document.currentScript.dataset;
new AwsRum('00000000-0000-4000-8000-000000000000', '1.0.0', 'us-west-2', {
  endpoint,
  signing: false,
  allowCookies: true,
  cookieAttributes: { secure: false },
  sessionSampleRate: 1,
  enableXRay: true,
  enableW3CTraceId: true,
  telemetries: [
    'errors',
    ['performance', { eventLimit: 100 }],
    ['http', { recordAllRequests: true, addXRayTraceIdHeader: true }],
    ['interaction', { events: [{ event: 'click', element: document }] }],
  ],
});
