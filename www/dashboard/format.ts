// Writes durations, sizes, counts, times and addresses for people.

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const DAY_MS = 86_400_000;

export function formatMs(ms: number): string {
  if (Math.abs(ms) < 10) return `${trimmed(ms, 1)} ms`;
  if (Math.abs(ms) < 999.5) return `${Math.round(ms)} ms`;
  return `${trimmed(ms / 1000, 2)} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${trimmed(bytes / 1e3, 1)} kB` : `${trimmed(bytes / 1e6, 1)} MB`;
}

export function formatCount(value: number): string {
  return count.format(value);
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count.format(value)} ${Math.round(value) === 1 ? one : many}`;
}

/** The same for what may be estimated. */
export function countedAbout(isEstimate: boolean, value: number, one: string): string {
  return isEstimate ? `about ${counted(value, one)}` : counted(value, one);
}

export function formatShare(part: number, whole: number): string {
  return percent.format(whole === 0 ? 0 : part / whole);
}

export function formatDateTime(ms: number): string {
  return full.format(ms);
}

/** The clock alone on the same day, else with the date. */
export function formatMoment(ms: number, now = Date.now()): string {
  return new Date(ms).toDateString() === new Date(now).toDateString() ? clockSeconds.format(ms) : dayClock.format(ms);
}

/** An axis label as long as the span it stands in needs. */
export function formatTick(ms: number, spanMs: number): string {
  if (spanMs > 2 * DAY_MS) return day.format(ms);
  return clock.format(ms);
}

export function formatAgo(ms: number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return counted(Math.floor(seconds / 86_400), 'day') + ' ago';
}

/** The last part of an address's path; the host when there is none. */
export function shortAddress(address: string): string {
  const words = /^([A-Z]+) (.+)$/.exec(address);
  if (words !== null) return `${words[1]} ${shortAddress(words[2] ?? '')}`;
  const url = parsed(address);
  if (url === null) return address;
  return url.pathname.split('/').filter(Boolean).pop() ?? url.host;
}

function parsed(address: string): URL | null {
  if (!/^(https?:)?\//.test(address)) return null;
  try {
    return new URL(address, window.location.href);
  } catch {
    return null;
  }
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
