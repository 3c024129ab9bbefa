// PostHog with vitals, errors and automatic capture; without replay, flags and surveys. It compresses by itself.

import posthog from 'posthog-js';
import 'posthog-js/dist/exception-autocapture';
import 'posthog-js/dist/tracing-headers';
import 'posthog-js/dist/web-vitals-with-attribution';

const { endpoint } = document.currentScript.dataset;
posthog.init('phc_00000000000000000000000000000000', {
  api_host: endpoint,
  autocapture: true,
  capture_pageview: 'history_change',
  capture_pageleave: true,
  capture_performance: { web_vitals: true, network_timing: true },
  capture_exceptions: true,
  tracing_headers: [location.hostname],
  disable_session_recording: true,
  disable_surveys: true,
  advanced_disable_flags: true,
  disable_external_dependency_loading: true,
  opt_out_useragent_filter: true,
});
