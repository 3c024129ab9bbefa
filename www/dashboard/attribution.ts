// What explains a vital: the element, the parts that its value is made of, and the rest that was seen with it.

import type { Row, VitalName } from './api';
import { detailNumber, detailText } from './detail';
import { formatMs, shortAddress } from './format';

export interface Part {
  name: string;
  ms: number;
}

export interface Attribution {
  /** Selector of the element. */
  target: string | null;
  /** Together the value. */
  parts: Part[];
  notes: [string, string][];
}

const PREFIX = 'vitrum.web_vital.attribution.';

/** In the order of time. */
const PARTS: Record<VitalName, [string, string][]> = {
  lcp: [
    ['First byte', 'time_to_first_byte'],
    ['Load delay', 'resource_load_delay'],
    ['Load', 'resource_load_duration'],
    ['Render delay', 'element_render_delay'],
  ],
  inp: [
    ['Input delay', 'input_delay'],
    ['Processing', 'processing_duration'],
    ['Presentation', 'presentation_delay'],
  ],
  cls: [],
  fcp: [
    ['First byte', 'time_to_first_byte'],
    ['To the paint', 'first_byte_to_fcp'],
  ],
  ttfb: [
    ['Waiting', 'waiting_duration'],
    ['Cache', 'cache_duration'],
    ['DNS', 'dns_duration'],
    ['Connection', 'connection_duration'],
    ['Request', 'request_duration'],
  ],
};

export function attributionOf(name: VitalName, detail: Row['detail']): Attribution {
  const number = (key: string): number | null => detailNumber(detail, PREFIX + key);
  const text = (key: string): string | null => detailText(detail, PREFIX + key);
  const parts = PARTS[name].flatMap(([title, key]) => {
    const ms = number(key);
    return ms === null ? [] : [{ name: title, ms }];
  });
  const url = text('url');
  const script = text('longest_script.source_url') ?? text('longest_script.invoker');
  const share = number('longest_script.intersecting_duration');
  const called = text('longest_script.function');
  const shift = number('largest_shift_value');
  const shiftTime = number('largest_shift_time');
  const notes: [string, string | number | null][] = [
    ['Resource', url && shortAddress(url)],
    ['Interaction', text('interaction_type')],
    [
      'Longest script',
      script && [shortAddress(script), called && `${called}()`, share && formatMs(share)].filter(Boolean).join(' · '),
    ],
    ['Largest shift', shift && [shift.toFixed(3), shiftTime && `at ${formatMs(shiftTime)}`].filter(Boolean).join(' ')],
    ['Page was', loadState(text('load_state'))],
  ];
  return { target: text('target'), parts, notes: notes.filter((note): note is [string, string] => Boolean(note[1])) };
}

/** Only what is worth telling: most happens when the page has loaded. */
function loadState(state: string | null): string | null {
  return state === null || state === 'complete' ? null : state.replaceAll('-', ' ');
}
