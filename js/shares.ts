// What share of sessions is reported where the page is now: the rate of the site, or that of the first of its rules that
// fits. The loader needs it before the core is there, for the flag of trace headers; so it is here, and once.

let rate = 1;
let rules: string[] = [];
let cohort = '';
let release = '';
let begun = 1;

/** What rules can ask for: names with their values. */
const facts = (): string[] => {
  const { userAgentData, connection } = navigator as any;
  const isMobile = userAgentData ? userAgentData.mobile : matchMedia('(pointer:coarse)').matches;
  return [
    'route=' + location.pathname,
    'release=' + release,
    'device=' + (isMobile ? 'mobile' : 'desktop'),
    'connection=' + connection?.effectiveType,
    ...cohort.split(',').flatMap((pair) => {
      const [name, values = ''] = pair.split('=');
      return values.split(' ').map((value) => name + '=' + value);
    }),
  ];
};
/** `:name` stands for a part of a path, `*` for any text. */
export const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/:\w+|\W/g, (part) => (part === '*' ? '.*' : part[1] ? '[^/]+' : '\\' + part))}$`);
const fits = (condition: string): boolean => {
  const pattern = patternOf(condition);
  return facts().some((fact) => pattern.test(fact));
};
const now = (): number => {
  for (const rule of rules) {
    const [share, ...conditions] = rule.split(' ');
    if (conditions.every(fits)) return +share;
  }
  return rate;
};

/** Takes the site's rate and its rules: `0.1 tier=free route=/docs/*`. */
export const setShares = (...given: [rate: number, rules: string[], cohort: string, release: string]): void => {
  [rate, rules, cohort, release] = given;
  begun = now();
};
/** The share where the page began, and where it is now. */
export const shares = (): [begun: number, now: number] => [begun, now()];
