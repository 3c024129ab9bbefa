// `protocol: 'otlp-json'`: what leaves can be read in the browser's own tools. Loaded only where a site asks for it. OTLP in JSON, as
// opentelemetry-proto's specification has it: names in lower camel case, ids in hexadecimal digits, 64 bits as text.

import { fieldsOf, integer, text, view } from './protobuf.ts';

type Read = (content: Uint8Array) => unknown;
/** By the numbers of the fields: name, how it is read, and whether there may be many. */
type Message = Record<number, [name: string, read: Read, many?: true]>;

const message =
  (fields: () => Message): Read =>
  (content) => {
    const read: Record<string, any> = {};
    for (const [number, bytes] of fieldsOf(content)) {
      const [name, of, many] = fields()[number] || [];
      if (!name) continue;
      if (many) (read[name] ||= []).push(of!(bytes));
      else read[name] = of!(bytes);
    }
    return read;
  };

const hexadecimal: Read = (content) => Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('');
const nanos: Read = (content) => String(view(content).getBigUint64(0, true));
const double: Read = (content) => view(content).getFloat64(0, true);
const truth: Read = (content) => content[0] > 0;
const int64: Read = (content) => String(integer(content));

const any = message(() => ({ 1: ['stringValue', text], 2: ['boolValue', truth], 3: ['intValue', int64], 4: ['doubleValue', double] }));
const attribute = message(() => ({ 1: ['key', text], 2: ['value', any] }));
const holder = message(() => ({ 1: ['attributes', attribute, true] }));
const scope = message(() => ({ 1: ['name', text] }));
const log = message(() => ({
  1: ['timeUnixNano', nanos],
  2: ['severityNumber', integer],
  6: ['attributes', attribute, true],
  9: ['traceId', hexadecimal],
  10: ['spanId', hexadecimal],
  12: ['eventName', text],
}));
const status = message(() => ({ 3: ['code', integer] }));
const link = message(() => ({ 1: ['traceId', hexadecimal], 2: ['spanId', hexadecimal] }));
const span = message(() => ({
  1: ['traceId', hexadecimal],
  2: ['spanId', hexadecimal],
  4: ['parentSpanId', hexadecimal],
  5: ['name', text],
  6: ['kind', integer],
  7: ['startTimeUnixNano', nanos],
  8: ['endTimeUnixNano', nanos],
  9: ['attributes', attribute, true],
  13: ['links', link, true],
  15: ['status', status],
}));
const request = (resources: string, scopes: string, records: string, record: Read): Read =>
  message(() => ({
    1: [
      resources,
      message(() => ({ 1: ['resource', holder], 2: [scopes, message(() => ({ 1: ['scope', scope], 2: [records, record, true] })), true] })),
      true,
    ],
  }));
const logs = request('resourceLogs', 'scopeLogs', 'logRecords', log);
const traces = request('resourceSpans', 'scopeSpans', 'spans', span);

/** A request of OTLP as text; `isTraces` says which of the two it is. */
export const json = (body: Uint8Array, isTraces: boolean): string => JSON.stringify((isTraces ? traces : logs)(body), null, 2);
