// The agents that the bench of peers holds against each other: the package of each, what its back end answers, and by what one
// sees in what it sent that it told a kind of thing. The scripts beside this file start them.

import { readFileSync } from 'node:fs';

/** What a visit of the shop has, in the order of the table. A `CLS` counts if it is that of the visit, which is not 0. */
export const KINDS = ['page load', 'resources', 'LCP', 'INP', 'CLS', 'FCP', 'TTFB', 'requests', 'a failed request', 'trace header', 'error', 'rejection', 'route change', 'clicks'];

/** Who tells the same things as Vitrum tells these, at least. */
export const SAME = ['resources', 'LCP', 'INP', 'CLS', 'requests', 'error', 'rejection'];

/** Files that nothing else of the visit names: scripts and styles, and pictures that come when the page has loaded. */
const RESOURCES = ['style.css', 'markup.js', 'basket.js', 'tumbler.svg', 'carafe.svg', 'vase.svg', 'bowl.svg'];

/** By the line of the shop's code that throws: a stack has the name of the file and, not far from it, that number. */
const line = (text) => readFileSync('www/shop/try.js', 'utf8').split('\n').findIndex((found) => found.includes(text)) + 1;
const stack = (text) => new RegExp(`try\\.js[^\\n]{0,80}?\\b${line(text)}\\b`);

/** What of one visit was told, from 0 to 1, by what left as text and the trace headers of the shop's requests. */
export function told(agent, text, headers) {
  const share = (list, test) => list.filter(test).length / list.length;
  const found = {
    ...Object.fromEntries(KINDS.map((kind) => [kind, Number(agent.marks[kind]?.test(text) ?? false)])),
    resources: share(RESOURCES, (name) => text.includes(`/${name}`)),
    'trace header': share(headers, (header) => header !== undefined),
    error: Number(text.includes('Cannot read properties of undefined') && stack('discount.voucher').test(text)),
    rejection: Number(text.includes('The store has no free shelf') && stack('no free shelf').test(text)),
  };
  return found;
}

/** OTLP in JSON: the number of an attribute may be a text there. */
const status = (code) => new RegExp(`status_code","value":\\{"\\w+":"?${code}"?\\}`);
/** In Protocol Buffers an attribute is its key, and a value with a type and a length. */
const vital = (name, value = '') => new RegExp(`browser\\.web_vital\\.name\\x12.\\n.${name}[^]{0,30}browser\\.web_vital\\.value\\x12${value}`);
const VITRUM = {
  'page load': /browser\.navigation_timing\.dom_complete/,
  ...Object.fromEntries(['LCP', 'INP', 'FCP', 'TTFB'].map((name) => [name, vital(name.toLowerCase())])),
  CLS: vital('cls', '\\x09!'),
  requests: /http\.response\.status_code\x12\x03\x18\xc8\x01/,
  'a failed request': /http\.response\.status_code\x12\x03\x18\xf4\x03/,
  'route change': /browser\.navigation\.same_document\x12\x02\x10\x01/,
  clicks: /vitrum\.action\.type/,
};

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

export const AGENTS = [
  { name: 'Vitrum', answer: [204], marks: VITRUM },
  { name: 'Vitrum, OTLP in gzip', tag: 'data-protocol="otlp"', answer: [200, PROTOBUF_TYPE, ''], marks: VITRUM },
  {
    name: 'Elastic APM RUM',
    script: 'elastic',
    package: '@elastic/apm-rum',
    answer: [202, JSON_TYPE, ''],
    marks: {
      'page load': /"t":"page-load"/,
      LCP: /"lp":\d/,
      // Of a page that hides and stays; what is told while it goes does not leave.
      INP: /"inp_value":\d/,
      CLS: /"cls":0\.1/,
      FCP: /"fp":\d/,
      TTFB: /"fb":\d/,
      requests: /"mt":"GET","sc":200/,
      'a failed request': /"mt":"GET","sc":500/,
      'route change': /"t":"route-change"/,
      clicks: /"t":"user-interaction"/,
    },
  },
  {
    name: 'Dash0 SDK',
    script: 'dash0',
    package: '@dash0/sdk-web',
    answer: [200, JSON_TYPE, '{}'],
    marks: {
      'page load': /"browser\.navigation_timing"/,
      LCP: /"stringValue":"LCP"/,
      INP: /"stringValue":"INP"/,
      CLS: /"stringValue":"CLS"\}\},\{"key":"value","value":\{"doubleValue":0\.1/,
      FCP: /"stringValue":"FCP"/,
      TTFB: /"key":"responseStart"/,
      requests: status(200),
      'a failed request': status(500),
      'route change': /"pushState"[^]*"key":"type","value":\{"doubleValue":1\}/,
    },
  },
  {
    name: 'CloudWatch RUM',
    script: 'aws',
    package: 'aws-rum-web',
    answer: [200, JSON_TYPE, '{}'],
    marks: {
      'page load': /performance_navigation_event/,
      LCP: /largest_contentful_paint_event/,
      INP: /interaction_to_next_paint_event/,
      CLS: /cumulative_layout_shift_event".{0,200}value\\":0\.1/,
      FCP: /first_contentful_paint_event/,
      TTFB: /time_to_first_byte_event/,
      requests: /http_event"[^}]*\}"[^]{0,300}status\\":200/,
      'a failed request': /http_event"[^}]*\}"[^]{0,300}status\\":500/,
      'route change': /parentPageInteractionId/,
      clicks: /rum\.dom_event/,
    },
  },
  {
    name: 'PostHog',
    script: 'posthog',
    package: 'posthog-js',
    answer: [200, JSON_TYPE, '{"status":1}'],
    marks: {
      LCP: /web_vitals_LCP_value/,
      INP: /web_vitals_INP_value/,
      CLS: /web_vitals_CLS_value/,
      FCP: /web_vitals_FCP_value/,
      'route change': /"navigation_type":"pushState"/,
      clicks: /"\$autocapture"/,
    },
  },
  {
    name: 'OpenTelemetry, traces',
    script: 'otel',
    package: '@opentelemetry/sdk-trace-web',
    answer: [200, PROTOBUF_TYPE, ''],
    marks: {
      'page load': /documentLoad/,
      FCP: /firstContentfulPaint/,
      TTFB: /documentFetch[^]{0,600}responseStart/,
      requests: VITRUM.requests,
      'a failed request': VITRUM['a failed request'],
      'route change': /Navigation: \/product\/3/,
      clicks: /event_type\x12\x07\n\x05click/,
    },
  },
  {
    name: 'Datadog RUM',
    script: 'datadog',
    package: '@datadog/browser-rum',
    answer: [202, JSON_TYPE, '{"request_id":"00000000-0000-4000-8000-000000000000"}'],
    marks: {
      'page load': /"dom_content_loaded":\d/,
      LCP: /"largest_contentful_paint":\d/,
      INP: /"interaction_to_next_paint":\d/,
      CLS: /"cumulative_layout_shift":0\.1/,
      FCP: /"first_contentful_paint":\d/,
      TTFB: /"first_byte":\d/,
      requests: /"type":"fetch"/,
      'a failed request': /"status_code":500/,
      'route change': /"loading_type":"route_change"/,
      clicks: /"type":"action"/,
    },
  },
  {
    name: 'Grafana Faro',
    script: 'faro',
    package: '@grafana/faro-web-sdk',
    answer: [202, JSON_TYPE, '{}'],
    marks: {
      'page load': /faro\.performance\.navigation/,
      LCP: /"lcp":\d/,
      INP: /"inp":\d/,
      CLS: /"cls":0\.1/,
      FCP: /"fcp":\d/,
      TTFB: /"ttfb":\d/,
      requests: status(200),
      'a failed request': status(500),
      'route change': /"faro\.navigation"/,
      clicks: /faro\.user\.action/,
    },
  },
  {
    name: 'OpenTelemetry browser SDK',
    script: 'browser-sdk',
    package: '@opentelemetry/browser-sdk',
    answer: [200, JSON_TYPE, '{}'],
    marks: {
      'page load': /"browser\.navigation_timing"/,
      LCP: /"stringValue":"lcp"/,
      INP: /"stringValue":"inp"/,
      CLS: /"stringValue":"cls"\}\},\{"key":"browser\.web_vital\.value","value":\{"doubleValue":0\.1/,
      FCP: /"stringValue":"fcp"/,
      TTFB: /"stringValue":"ttfb"/,
      requests: status(200),
      'a failed request': status(500),
      'route change': /same_document","value":\{"boolValue":true/,
      clicks: /browser\.user_action\.click/,
    },
  },
  {
    name: 'Sentry',
    script: 'sentry',
    package: '@sentry/browser',
    answer: [200, JSON_TYPE, '{}'],
    marks: {
      'page load': /browser\.dom_content_loaded_event/,
      LCP: /web_vital\.lcp\.value":\{"value":\d/,
      INP: /web_vital\.inp\.value":\{"value":\d/,
      CLS: /web_vital\.cls\.value":\{"value":0\.1/,
      FCP: /web_vital\.fcp\.value":\{"value":\d/,
      TTFB: /web_vital\.ttfb\.value":\{"value":\d/,
      requests: /response\.status_code":\{"value":200/,
      'a failed request': /response\.status_code":\{"value":500/,
      'route change': /"sentry\.op":\{"value":"navigation"/,
      // With the errors that follow them.
      clicks: /"ui\.click"/,
    },
  },
  {
    name: 'Application Insights',
    script: 'insights',
    package: '@microsoft/applicationinsights-web',
    answer: [200, JSON_TYPE, '{"itemsReceived":1,"itemsAccepted":1,"errors":[]}'],
    marks: {
      'page load': /PageviewPerformanceData/,
      requests: /"resultCode":"200"/,
      'a failed request': /"resultCode":"500"/,
      'route change': /"PageviewData"[^]*"url":"[^"]*\/product\/3"/,
      clicks: /"ClickEvent"/,
    },
  },
];
