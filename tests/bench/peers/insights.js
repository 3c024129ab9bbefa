// Application Insights with routes, rejections, clicks and its compression, and without asking for a configuration.

import { ClickAnalyticsPlugin } from '@microsoft/applicationinsights-clickanalytics-js';
import { ApplicationInsights } from '@microsoft/applicationinsights-web';

const { endpoint } = document.currentScript.dataset;
const clicks = new ClickAnalyticsPlugin();
const insights = new ApplicationInsights({
  config: {
    connectionString: `InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=${endpoint}/`,
    enableAutoRouteTracking: true,
    enableUnhandledPromiseRejectionTracking: true,
    distributedTracingMode: 2,
    featureOptIn: { zipPayload: { mode: 3 } },
    extensions: [clicks],
    extensionConfig: { [clicks.identifier]: { autoCapture: true }, AppInsightsCfgSyncPlugin: { cfgUrl: '' } },
  },
});
insights.loadAppInsights();
insights.trackPageView();
