// Asks those who know what the user allows, where a site has them: a consent platform by IAB's TCF, or Google's Consent
// Mode. Loaded only where the option `consent` says so.

/** What the site's own code calls must not fail by us. It is a file of its own, and knows no core to count in. */
const guarded =
  <A extends unknown[]>(action: (...args: A) => void) =>
  (...args: A): void => {
    try {
      action(...args);
    } catch {
      // It is as if nothing was said.
    }
  };

/** Takes a state of consent, as a number of `Consent` in src/core/consent.rs. */
type Tell = (state: number) => void;
const [GRANTED, DENIED, MINIMAL] = [1, 2, 3];

/** The platform may come late: it is looked for so often, each half a second. */
const LOOKS = 240;
/** Purposes of the TCF v2.2: to store and read on a device, and to measure the performance of content. */
const [STORE, MEASURE] = [1, 8];

const askTcf = (tell: Tell): (() => void) => {
  let looks = 0;
  let timer: ReturnType<typeof setTimeout>;
  let listener: number | undefined;
  let isOver = false;
  const platform = (...args: unknown[]): void => guarded(() => (window as any).__tcfapi(...args))();
  const hear = guarded((data: any, success: boolean): void => {
    if (!success || isOver) return;
    listener = data.listenerId;
    if (data.gdprApplies === false) return tell(GRANTED);
    if (!/^(tcloaded|useractioncomplete)$/.test(data.eventStatus)) return;
    const { consents, legitimateInterests } = data.purpose || {};
    if (!consents?.[MEASURE] && !legitimateInterests?.[MEASURE]) tell(DENIED);
    else tell(consents?.[STORE] ? GRANTED : MINIMAL);
  });
  const look = (): void => {
    if (typeof (window as any).__tcfapi === 'function') platform('addEventListener', 2, hear);
    else if (looks++ < LOOKS) timer = setTimeout(look, 500);
  };
  look();
  return () => {
    isOver = true;
    clearTimeout(timer);
    if (listener !== undefined) platform('removeEventListener', 2, () => {}, listener);
  };
};

const askGoogle = (tell: Tell): (() => void) => {
  const layer = ((window as any).dataLayer ||= []);
  // A default for some regions says that the others are not for all. Where the user is nobody here knows: then only answers count.
  let isRegional = false;
  // Each is the arguments of a call of `gtag`. A default that is no consent is none yet: the user has not been asked.
  const take = (entry: any): void => {
    if (entry?.[0] !== 'consent' || (isRegional && entry[1] !== 'update')) return;
    const said = entry[2]?.analytics_storage;
    if (said === 'granted') tell(GRANTED);
    else if (said && entry[1] === 'update') tell(DENIED);
  };
  // Anything may be pushed there.
  const hear = guarded((entries: any[]): void => {
    isRegional ||= entries.some((entry) => entry?.[0] === 'consent' && entry[2]?.region);
    entries.forEach(take);
  });
  hear([...layer]);
  const { push } = layer;
  const ours = (layer.push = function (this: unknown, ...entries: unknown[]) {
    hear(entries);
    return push.apply(this, entries);
  });
  return () => {
    if (layer.push === ours) layer.push = push;
  };
};

/** Asks one of them, now and whenever the user changes it. Returns what ends that. */
export const ask = (source: string, tell: Tell): (() => void) => (source === 'tcf' ? askTcf : askGoogle)(tell);
