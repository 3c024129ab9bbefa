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
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isMinutes = (value: unknown): boolean => typeof value === 'number' && value > 0;
const isText = (value: unknown): boolean => typeof value === 'string' && value.length < 256;

/** The header of W3C Baggage: as it is, or from names and values. */
const baggageOf = (value: any): string =>
  typeof value === 'string' ? value : Object.keys(value).map((name) => `${name}=${encodeURIComponent(value[name])}`).join();

/** Names and values, divided by commas; one name may have several, divided by spaces. */
const cohortOf = (value: any): string =>
  typeof value === 'string' ? value : Object.keys(value).map((name) => `${name}=${[value[name]].flat().join(' ')}`).join();

/** Each option: what it must be, the check, and the default. */
const RULES: Record<keyof Options, [string, (value: any) => boolean, () => unknown]> = {
  endpoint: ['an http(s) URL', isUrl, () => new URL('/', document.baseURI).href],
  fallbackEndpoint: ['an http(s) URL', isUrl, () => ''],
  protocol: ['vitrum, otlp or otlp-json', (value) => /^(vitrum|otlp(-json)?)$/.test(value), () => 'vitrum'],
  compression: ['gzip or none', (value) => /^(gzip|none)$/.test(value), () => 'gzip'],
  headers: ['names and texts of headers', (value) => !!new Headers(value), () => ({})],
  service: ['a text of up to 255 characters', isText, () => location.hostname],
  version: ['a text of up to 255 characters', isText, () => ''],
  environment: ['a text of up to 255 characters', isText, () => ''],
  sampleRate: ['a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1, () => 1],
  sampling: ['a list of rules such as "0.1 tier=free route=/docs/*"', (value) => Array.isArray(value) && value.every((rule) => /^([01]|0?\.\d+)( [\w-]+=\S+)+$/.test(rule)), () => []],
  cohort: ['names and values, without commas', (value) => /^([\w-]{1,64}=[^,=]{0,255}(,|$))*$/.test(cohortOf(value)), () => ''],
  perMinute: ['a number above 0', isMinutes, () => 300],
  beforeSend: ['a function', (value) => typeof value === 'function', () => undefined],
  consent: ['one of ' + [...CONSENTS, ...SOURCES].join(', '), (value) => [...CONSENTS, ...SOURCES].includes(value), () => 'granted'],
  globalPrivacyControl: ['true or false', isFlag, () => true],
  doNotTrack: ['true or false', isFlag, () => false],
  synthetic: ['true or false', isFlag, () => true],
  sessionIdle: ['a number of minutes, above 0', isMinutes, () => 30],
  sessionMax: ['a number of minutes, above 0', isMinutes, () => 240],
  cookieDomain: ["the page's domain or one above it", (value) => typeof value === 'string' && ('.' + location.hostname).endsWith('.' + value), () => ''],
  propagateTo: ['a list of absolute http(s) URLs', (value) => Array.isArray(value) && value.every((url) => /^https?:\/\/[^/]/.test(url) && isUrl(url.replaceAll('*', '0'))), () => []],
  baggage: ['names and texts for the header of W3C Baggage', (value) => /^([\w!#$%&'*+.^`|~-]+=[^\s",;\\]*(,|$))*$/.test(baggageOf(value)), () => ''],
  routes: ['a list of paths that begin with a slash', (value) => Array.isArray(value) && value.every((path) => /^\/[^?#\n]*$/.test(path)), () => []],
  allowParams: ['a list of names', (value) => Array.isArray(value) && value.every((name) => /^[^\s=&]+$/.test(name)), () => []],
  scrub: ['a list of rules drop:…, mask:… or replace:…=>…', (value) => Array.isArray(value) && value.every((rule) => /^((drop|mask):.+|replace:.+=>.*)$/.test(rule)), () => []],
  keepUuids: ['true or false', isFlag, () => false],
  consoleErrors: ['true or false', isFlag, () => false],
  dropExtensionErrors: ['true or false', isFlag, () => false],
  debug: ['true or false', isFlag, () => /^(localhost|127\.[\d.]+|\[::1\])$|\.localhost$/.test(location.hostname)],
};

/** Whether the user has refused by a setting of the browser that the site honours. */
const isRefusedBy = (globalPrivacyControl: boolean, doNotTrack: boolean): boolean =>
  (globalPrivacyControl && !!(navigator as any).globalPrivacyControl) || (doNotTrack && navigator.doNotTrack === '1');

/** Checks the options. In development the first that is wrong is an error that says so; else it is replaced and counted. */
export const check = (options: Options): Settings => {
  options ||= {};
  const settings: Record<string, any> = { bad: 0 };
  let complaint = '';
  for (const name of Object.keys({ ...options, ...RULES }) as (keyof Options)[]) {
    const rule = RULES[name];
    const value = options[name];
    let isGood = false;
    try {
      isGood = rule && (value === undefined || rule[1](value));
    } catch {
      // A URL that cannot be parsed.
    }
    if (!isGood) {
      settings.bad++;
      const given = Array.isArray(value) || typeof value === 'string' ? JSON.stringify(value) : String(value);
      complaint ||= rule
        ? `vitrum: the option "${name}" is ${given}, but must be ${rule[0]}. Vitrum was not started.`
        : `vitrum: there is no option "${name}" (given: ${given}); there are ${Object.keys(RULES).join(', ')}. Vitrum was not started.`;
    }
    if (rule) settings[name] = isGood && value !== undefined ? value : rule[2]();
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
