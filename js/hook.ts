// `beforeSend`: shows the site what is about to leave, and writes down what it makes of it. Loaded only where a site has such
// a function. It reads OTLP as src/wire writes it; fields that the site cannot change go on as they are.

import { fieldsOf, integer, text, view } from './protobuf.ts';

/** What the site is shown. Everything in it is scrubbed already; what the site puts there leaves as it is. */
export interface Outgoing {
  /** A log record (`event`) or a span. */
  readonly kind: 'event' | 'span';
  /** Name of the event, as WIRE.md has it, or of the span. */
  name: string;
  /** When it happened or began, in milliseconds since the epoch. */
  readonly time: number;
  attributes: Record<string, string | number | boolean>;
}
/** May change what it is shown. What it answers with `false` or `null`, or throws over, does not leave. */
export type BeforeSend = (event: Outgoing) => unknown;

const KEY = 1;
const VALUE = 2;
/** Of `LogRecord` and `Span`: name, time, attributes. */
const PLACES = { event: [12, 1, 6], span: [5, 7, 9] };
/** Field of `ScopeLogs` and `ScopeSpans` that a record is. */
const RECORD = 2;

/** What an `AnyValue` holds: a text, a truth, a whole number or another. */
const READ: Record<number, (content: Uint8Array) => string | number | boolean> = {
  1: text,
  2: (content) => content[0] > 0,
  3: integer,
  4: (content) => view(content).getFloat64(0, true),
};

const varint = (value: bigint): number[] => (value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...varint(value / 128n)]);
const field = (number: number, content: Iterable<number>): number[] => {
  const bytes = [...content];
  return [...varint(BigInt(number * 8 + 2)), ...varint(BigInt(bytes.length)), ...bytes];
};
const encoded = (value: string): Uint8Array => new TextEncoder().encode(value);
const written = (value: unknown): number[] | undefined => {
  if (typeof value === 'string') return field(1, encoded(value));
  if (typeof value === 'boolean') return [16, +value];
  if (typeof value !== 'number') return;
  if (Number.isSafeInteger(value)) return [24, ...varint(BigInt.asUintN(64, BigInt(value)))];
  return [33, ...new Uint8Array(new Float64Array([value]).buffer)];
};

/** A record as the site wants it; nothing if it drops it. */
const reviewed = (kind: Outgoing['kind'], record: Uint8Array, hook: BeforeSend): number[] | undefined => {
  const [NAME, TIME, ATTRIBUTE] = PLACES[kind];
  const fields = fieldsOf(record);
  const contentOf = (number: number): Uint8Array => fields.find((one) => one[0] === number)![1];
  const attributes = Object.create(null);
  for (const [number, content] of fields) {
    if (number !== ATTRIBUTE) continue;
    const [[, key], [, any]] = fieldsOf(content);
    const [[type, value]] = fieldsOf(any);
    attributes[text(key)] = READ[type](value);
  }
  const event: Outgoing = { kind, name: text(contentOf(NAME)), time: Number(view(contentOf(TIME)).getBigUint64(0, true) / 1000n) / 1000, attributes };
  const answer = hook(event);
  if (answer === false || answer === null) return;
  const out = fields.flatMap(([number, , whole]) => (number === ATTRIBUTE || number === NAME ? [] : [...whole]));
  out.push(...field(NAME, encoded(String(event.name))));
  for (const [key, value] of Object.entries(event.attributes)) {
    const content = written(value);
    if (content) out.push(...field(ATTRIBUTE, [...field(KEY, encoded(key)), ...field(VALUE, content)]));
  }
  return out;
};

/** Log records and spans as the site wants them: how many bytes are log records, how many records it has dropped, the bytes. */
export const review = (logs: Uint8Array, spans: Uint8Array, hook: BeforeSend): [logsLength: number, dropped: number, bytes: Uint8Array] => {
  let dropped = 0;
  const of = (kind: Outgoing['kind'], records: Uint8Array): number[] =>
    fieldsOf(records).flatMap(([, record]) => {
      let kept: number[] | undefined;
      try {
        kept = reviewed(kind, record, hook);
      } catch (error) {
        // The page's own error. What it could not look at does not leave.
        reportError(error);
      }
      if (kept) return field(RECORD, kept);
      dropped++;
      return [];
    });
  const events = of('event', logs);
  return [events.length, dropped, new Uint8Array([...events, ...of('span', spans)])];
};
