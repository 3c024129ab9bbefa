// The records of some batches, each once, and the questions that stories ask of them.

/** Up to where a vital is good, and from where on poor. Source: web.dev, "Web Vitals". */
const THRESHOLDS = { ttfb: [800, 1800], fcp: [1800, 3000], lcp: [2500, 4000], cls: [0.1, 0.25] };
/** What a value is called: a machine that has much else to do has slow pages. */
export const ratingOf = (name, value) => (value <= THRESHOLDS[name][0] ? 'good' : value <= THRESHOLDS[name][1] ? 'needs-improvement' : 'poor');

export class Records {
  constructor(batches) {
    this.batches = batches;
    const logs = batches.flatMap(({ logs, resource }) => logs.map((log) => ({ ...log, resource })));
    const spans = batches.flatMap(({ spans, resource }) => spans.map((span) => ({ ...span, resource })));
    // A batch that was under way when the page hid is sent again.
    this.logs = [...new Map(logs.map((log) => [log.attributes['log.record.uid'], log])).values()];
    const each = [...new Map(spans.map((span) => [span.traceId + span.spanId, span])).values()];
    /** Of requests; and of views and actions. */
    this.spans = each.filter(({ kind }) => kind === 'SPAN_KIND_CLIENT');
    this.views = each.filter(({ kind }) => kind !== 'SPAN_KIND_CLIENT');
  }

  /** The attributes of the events of this name, in the order in which they happened. */
  events(name) {
    const named = this.logs.filter((log) => log.name === name);
    return named.sort((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano))).map(({ attributes }) => attributes);
  }

  /** The attributes of the only event of this name. */
  event(name) {
    return only(this.events(name), name);
  }

  /** The last value of a vital. */
  vital(name) {
    return this.events('browser.web_vital').findLast((attributes) => attributes['browser.web_vital.name'] === name);
  }

  /** The events of loaded resources whose path ends so. */
  resources(ending) {
    return this.events('browser.resource_timing').filter((attributes) => attributes['url.full'].split('?')[0].endsWith(ending));
  }

  /** The requests whose URL is this. */
  requests(url) {
    return this.spans.filter(({ attributes }) => attributes['url.full'] === url);
  }

  /** The only one of these. */
  request(url) {
    return only(this.requests(url), url);
  }

  /** What there is, for the message of a failure. */
  summary() {
    const telling = ['browser.web_vital.name', 'exception.message', 'url.full'];
    const line = ({ name, attributes }) => `${name} ${telling.map((key) => attributes[key]).find(Boolean) ?? ''}`;
    return [...this.logs, ...this.spans].map(line).join('\n  ');
  }
}

function only(list, what) {
  if (list.length !== 1) throw new Error(`there are ${list.length} of ${what}, not one`);
  return list[0];
}
