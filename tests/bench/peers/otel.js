// OpenTelemetry's SDK of traces with the four instrumentations for browsers, in Protocol Buffers. It has no compression in browsers.

import { ZoneContextManager } from '@opentelemetry/context-zone';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { UserInteractionInstrumentation } from '@opentelemetry/instrumentation-user-interaction';
import { XMLHttpRequestInstrumentation } from '@opentelemetry/instrumentation-xml-http-request';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';

const { endpoint } = document.currentScript.dataset;
const resource = resourceFromAttributes({ 'service.name': 'shop', 'service.version': '1.0.0', 'deployment.environment.name': 'demo' });
const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))];
new WebTracerProvider({ resource, spanProcessors }).register({ contextManager: new ZoneContextManager() });
const ignoreUrls = [new RegExp(`^${endpoint}`)];
registerInstrumentations({
  instrumentations: [
    new DocumentLoadInstrumentation(),
    new FetchInstrumentation({ ignoreUrls }),
    new XMLHttpRequestInstrumentation({ ignoreUrls }),
    new UserInteractionInstrumentation(),
  ],
});
