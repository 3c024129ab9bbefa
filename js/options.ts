// The options of a site: what each may be, and what it is when it is not given or wrong.

import type { BeforeSend } from './hook.ts';

/** Whether data may be collected and sent. */
export type Consent = 'pending' | 'granted' | 'denied' | 'minimal';

/** What `init` takes; the script tag has the same as `data-` attributes (`data-sample-rate`). */
export interface Options {
  /** Base URL of the collector. Default: the page's own origin. */
  endpoint?: string;
  /** Another one, for when the first does not answer. Default: none. */
  fallbackEndpoint?: string;
  /** How batches travel: `vitrum` to the collector that comes with it, `otlp` to any receiver of OTLP/HTTP. Default: `vitrum`. */
  protocol?: 'vitrum' | 'otlp' | 'otlp-json';
  /** How OTLP is packed: `gzip` or `none`. Default: `gzip`. */
  compression?: 'gzip' | 'none';
  /** Headers of requests by `otlp`, such as keys: the browser asks the receiver whether it allows them. */
  headers?: Record<string, string>;
  /** Name of the site or application. Default: the page's host name. */
  service?: string;
  /** Version of the site. */
  version?: string;
  /** For example `production`. */
  environment?: string;
  /** Share of the sessions that are reported, 0 to 1. Default: 1. */
  sampleRate?: number;
  /**
   * Rules for that share, of which the first that fits counts: a share and what it is for, by names and values. Names are
   * `route`, `release`, `device` (mobile, desktop), `connection` (4g …) and those of `cohort`; in values `*` stands for any text and
   * `:name` for a part of a path: `1 route=/checkout/*`, `0.1 tier=free device=mobile`.
   */
  sampling?: string[];
  /** What the site calls the visitor's group: names and values, such as `tier`, `region`, `flag`; they go with all that is reported. */
  cohort?: Record<string, string | string[]> | string;
  /** How many records of a kind are reported a minute; the rest is counted. Default: 300. */
  perMinute?: number;
  /** Sees each record before it leaves, and may change it; one that it answers with `false` or `null` does not leave. */
  beforeSend?: BeforeSend;
  /** Default: `granted`. `tcf` and `google` ask the site's consent platform (IAB TCF) or Google's Consent Mode: pending until then. */
  consent?: Consent | 'tcf' | 'google';
  /** Whether `navigator.globalPrivacyControl` is a refusal, until the site says otherwise by `consent()`. Default: true. */
  globalPrivacyControl?: boolean;
  /** Whether `navigator.doNotTrack` is one, too. Default: false. */
  doNotTrack?: boolean;
  /** Whether automated browsers (`navigator.webdriver`) are reported, marked as synthetic. Default: true. */
  synthetic?: boolean;
  /** Minutes without a sign of life after which a session ends. Default: 30. */
  sessionIdle?: number;
  /** Minutes after which it ends in any case. Default: 240. */
  sessionMax?: number;
  /** The domain whose sub-domains share sessions, by a cookie. Default: none; sessions are those of the origin. */
  cookieDomain?: string;
  /**
   * Where trace headers go besides the page's own origin: beginnings of absolute URLs, up to a border of one of its parts
   * (`https://api.example`); `*` stands for any text within a part (`https://*.example/v1/`).
   */
  propagateTo?: string[];
  /** A `baggage` header for the same requests: names and values. */
  baggage?: Record<string, string> | string;
  /** Templates of paths (`/product/:name`, `/files/*`): what is reported instead of those that match. */
  routes?: string[];
  /** Names of URL parameters whose values are reported; of all others only the names are. */
  allowParams?: string[];
  /** Rules for URLs and texts, before all else: `drop:TEXT` (what has it in it is not told), `mask:TEXT` (it is `*`), `replace:TEXT=>TEXT`. */
  scrub?: string[];
  /** Whether UUIDs in the texts of errors are reported. Default: false. */
  keepUuids?: boolean;
  /** Whether `console.error` is told as an error, and `console.warn` among what was before one. Default: false. */
  consoleErrors?: boolean;
  /** Whether errors of the browser's extensions are left out; else they are marked. Default: false. */
  dropExtensionErrors?: boolean;
  /** Whether wrong options are refused with a sentence. Default: on `localhost` and other loopback hosts only. */
  debug?: boolean;
}

/** The options, checked. */
export interface Settings {
  endpoint: string;
  fallbackEndpoint: string;
  protocol: 'vitrum' | 'otlp' | 'otlp-json';
  compression: 'gzip' | 'none';
  headers: Record<string, string>;
  service: string;
  version: string;
  environment: string;
  sampleRate: number;
  sampling: string[];
  cohort: string;
  perMinute: number;
  beforeSend?: BeforeSend;
  consent: number;
  /** Who is asked for it, if anyone. */
  source: string;
  doNotTrack: boolean;
  globalPrivacyControl: boolean;
  synthetic: boolean;
  sessionIdle: number;
  sessionMax: number;
  cookieDomain: string;
  propagateTo: string[];
  baggage: string;
  routes: string[];
  allowParams: string[];
  scrub: string[];
  keepUuids: boolean;
  consoleErrors: boolean;
  dropExtensionErrors: boolean;
  debug: boolean;
  /** How many were wrong and replaced. */
  bad: number;
}

/** In the order of `Consent` in src/core/consent.rs. */
export const CONSENTS = ['pending', 'granted', 'denied', 'minimal'];
/** Who can be asked. */
const SOURCES = ['tcf', 'google'];

const isUrl = (value: unknown): boolean => typeof value === 'string' && /^https?:/.test(new URL(value, document.baseURI).protocol);

/** The header of W3C Baggage: as it is, or from names and values. */
const baggageOf = (value: any): string =>
  typeof value === 'string' ? value : Object.keys(value).map((name) => `${name}=${encodeURIComponent(value[name])}`).join();

/** Names and values, divided by commas; one name may have several, divided by spaces. */
const cohortOf = (value: any): string =>
  typeof value === 'string' ? value : Object.keys(value).map((name) => `${name}=${[value[name]].flat().join(' ')}`).join();

/** What an option must be, the check of that, and what a text of an attribute is then: the text itself, if nothing is said. */
type Form = [must: string, isGood: (value: any) => boolean, fromText?: (text: string) => unknown];

/** An empty or wrong number stays the text it is, for the check to tell of. */
const numberOf = (text: string): unknown => (text && +text >= 0 ? +text : text);
const number = (must: string, isGood: (value: number) => boolean): Form => [must, (value) => typeof value === 'number' && isGood(value), numberOf];
const list = (must: string, isGood: (text: string) => boolean, divider = /[\s,]+/): Form => [
  'a list of ' + must,
  (value) => Array.isArray(value) && value.every(isGood),
  (text) => text.split(divider).filter(Boolean),
];
/** Rules may have spaces and commas in them. */
const rules = (must: string, pattern: RegExp): Form => list(must, (rule) => pattern.test(rule), /\s*[\n|]\s*/);
const words = (must: string, ...all: string[]): Form => [must, (value) => all.includes(value)];
const FLAG: Form = ['true or false', (value) => typeof value === 'boolean', (text) => text !== 'false'];
const TEXT: Form = ['a text of up to 255 characters', (value) => typeof value === 'string' && value.length < 256];
const URL_: Form = ['an http(s) URL', isUrl];
const MINUTES = number('a number of minutes, above 0', (value) => value > 0);

/** Each option: what it may be, and the default. */
const RULES: Record<keyof Options, [Form, unknown?]> = {
  endpoint: [URL_, '/'],
  fallbackEndpoint: [URL_, ''],
  protocol: [words('vitrum, otlp or otlp-json', 'vitrum', 'otlp', 'otlp-json'), 'vitrum'],
  compression: [words('gzip or none', 'gzip', 'none'), 'gzip'],
  headers: [['names and texts of headers', (value) => !!new Headers(value)], {}],
  service: [TEXT, globalThis.location?.hostname],
  version: [TEXT, ''],
  environment: [TEXT, ''],
  sampleRate: [number('a number from 0 to 1', (value) => value >= 0 && value <= 1), 1],
  sampling: [rules('rules such as "0.1 tier=free route=/docs/*"', /^([01]|0?\.\d+)( [\w-]+=\S+)+$/), []],
  cohort: [['names and values, without commas', (value) => /^([\w-]{1,64}=[^,=]{0,255}(,|$))*$/.test(cohortOf(value))], ''],
  perMinute: [number('a number above 0', (value) => value > 0), 300],
  beforeSend: [['a function', (value) => typeof value === 'function']],
  consent: [words('one of ' + [...CONSENTS, ...SOURCES].join(', '), ...CONSENTS, ...SOURCES), 'granted'],
  globalPrivacyControl: [FLAG, true],
  doNotTrack: [FLAG, false],
  synthetic: [FLAG, true],
  sessionIdle: [MINUTES, 30],
  sessionMax: [MINUTES, 240],
  cookieDomain: [["the page's domain or one above it", (value) => typeof value === 'string' && ('.' + location.hostname).endsWith('.' + value)], ''],
  propagateTo: [list('absolute http(s) URLs', (url) => /^https?:\/\/[^/]/.test(url) && isUrl(url.replaceAll('*', '0'))), []],
  baggage: [['names and texts for the header of W3C Baggage', (value) => /^([\w!#$%&'*+.^`|~-]+=[^\s",;\\]*(,|$))*$/.test(baggageOf(value))], ''],
  routes: [list('paths that begin with a slash', (path) => /^\/[^?#\n]*$/.test(path)), []],
  allowParams: [list('names', (name) => /^[^\s=&]+$/.test(name)), []],
  scrub: [rules('rules drop:…, mask:… or replace:…=>…', /^((drop|mask):.+|replace:.+=>.*)$/), []],
  keepUuids: [FLAG, false],
  consoleErrors: [FLAG, false],
  dropExtensionErrors: [FLAG, false],
  debug: [FLAG, /^(localhost|127\.[\d.]+|\[::1\])$|\.localhost$/.test(globalThis.location?.hostname)],
};
const NAMES = Object.keys(RULES) as (keyof Options)[];

/** The options of a tag, from its `data-` attributes. */
export const optionsOf = (data: DOMStringMap): Options => {
  const options: Record<string, unknown> = {};
  for (const name of NAMES) {
    const text = data[name];
    const [[, , fromText]] = RULES[name];
    if (text !== undefined) options[name] = fromText ? fromText(text) : text;
  }
  return options;
};

/** Whether the user has refused by a setting of the browser that the site honours. */
const isRefusedBy = (globalPrivacyControl: boolean, doNotTrack: boolean): boolean =>
  (globalPrivacyControl && !!(navigator as any).globalPrivacyControl) || (doNotTrack && navigator.doNotTrack === '1');

/** Checks the options. In development the first that is wrong is an error that says so; else it is replaced and counted. */
export const check = (options: Options): Settings => {
  options ||= {};
  const settings: Record<string, any> = { bad: 0 };
  let complaint = '';
  for (const name of new Set([...Object.keys(options), ...NAMES] as (keyof Options)[])) {
    const [[must, isGood] = [], standard] = Object.hasOwn(RULES, name) ? RULES[name] : [];
    const value = options[name];
    let isRight = false;
    try {
      isRight = !!isGood && (value === undefined || isGood(value));
    } catch {
      // A URL that cannot be parsed.
    }
    if (!isRight) {
      settings.bad++;
      const given = Array.isArray(value) || typeof value === 'string' ? JSON.stringify(value) : String(value);
      complaint ||= must
        ? `vitrum: the option "${name}" is ${given}, but must be ${must}. Vitrum was not started.`
        : `vitrum: there is no option "${name}" (given: ${given}); there are ${NAMES.join(', ')}. Vitrum was not started.`;
    }
    if (must) settings[name] = isRight && value !== undefined ? value : standard;
  }
  if (complaint && settings.debug) throw new TypeError(complaint);
  const base = (url: string): string => url && new URL(url, document.baseURI).href.replace(/\/$/, '');
  [settings.endpoint, settings.fallbackEndpoint] = [base(settings.endpoint), base(settings.fallbackEndpoint)];
  settings.baggage = baggageOf(settings.baggage);
  settings.cohort = cohortOf(settings.cohort);
  settings.source = SOURCES.includes(settings.consent) ? settings.consent : '';
  const isRefused = isRefusedBy(settings.globalPrivacyControl, settings.doNotTrack) || (!settings.synthetic && navigator.webdriver);
  // Minimal tells of no person anyway, and a consent platform has asked this one.
  if (isRefused && /^(pending|granted)$/.test(settings.consent)) settings.consent = 'denied';
  settings.consent = Math.max(0, CONSENTS.indexOf(settings.consent));
  return settings as Settings;
};
