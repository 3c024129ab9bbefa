// Finds a text among bytes, in whatever form it may have been written there.

const ascii = (code) => code.toString(16).padStart(4, '0');
const latin = (bytes) => Buffer.from(bytes).toString('latin1');
const eachByte = (text, write) => [...Buffer.from(text)].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
const eachUnit = (text, write) => text.replace(/[^]/g, (unit) => write(ascii(unit.charCodeAt(0))));
const reversed = (text) => [...text].reverse().join('');
const json = (text) => JSON.stringify(text).slice(1, -1);

/** Forms in which capitals make no difference to whoever reads them. */
const LOOSE = {
  raw: (text) => text,
  reversed,
  percent: encodeURIComponent,
  'percent, as a form has it': (text) => String(new URLSearchParams({ a: text })).slice(2),
  'percent, as a path has it': encodeURI,
  'percent, each byte': (text) => eachByte(text, (byte) => `%${byte}`),
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent twice, each byte': (text) => eachByte(text, (byte) => `%25${byte}`),
  'percent, reversed': (text) => reversed(encodeURIComponent(text)),
  hex: (text) => eachByte(text, (byte) => byte),
  'hex, with signs': (text) => eachByte(text, (byte) => `\\x${byte}`),
  'hex, reversed': (text) => eachByte(reversed(text), (byte) => byte),
  JSON: json,
  'JSON twice': (text) => json(json(text)),
  'JSON with slashes': (text) => json(text).replaceAll('/', '\\/'),
  'unicode escapes': (text) => eachUnit(text, (unit) => `\\u${unit}`),
  'unicode escapes of signs': (text) => text.replace(/\W/g, (sign) => `\\u${ascii(sign.charCodeAt(0))}`),
  'two bytes each': (text) => latin(Buffer.from(text, 'utf16le')),
  'signs of HTML': (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]),
};

/** What is the same of a text's base64 whatever stands before (so many bytes, modulo three) and after it. */
function base64(text, offset) {
  const bytes = Buffer.from(text);
  const all = Buffer.concat([Buffer.alloc(offset), bytes]);
  return all.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((all.length * 8) / 6));
}

/** All forms of a text: how the form is called, what it looks like, and whether capitals matter. */
export function formsOf(text) {
  const forms = Object.entries(LOOSE).map(([form, write]) => ({ form, pattern: latin(write(text)).toLowerCase(), isExact: false }));
  const variants = { '': text, ' of small letters': text.toLowerCase(), ' of capitals': text.toUpperCase(), ', reversed': reversed(text) };
  for (const [word, variant] of Object.entries(variants)) {
    for (const offset of [0, 1, 2]) {
      const standard = base64(variant, offset);
      forms.push({ form: `base64${word} at ${offset}`, pattern: standard, isExact: true });
      forms.push({ form: `base64url${word} at ${offset}`, pattern: standard.replaceAll('+', '-').replaceAll('/', '_'), isExact: true });
    }
  }
  const seen = new Set();
  return forms.filter(({ pattern, isExact }) => !seen.has(pattern + isExact) && seen.add(pattern + isExact));
}

/** Bytes to search in. */
export class Haystack {
  constructor(bytes) {
    this.exact = latin(bytes);
    this.loose = this.exact.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  /** The first of these forms that stands there, with what stands around it. */
  find(forms) {
    for (const { form, pattern, isExact } of forms) {
      const place = (isExact ? this.exact : this.loose).indexOf(pattern);
      if (place < 0) continue;
      const around = this.exact.slice(Math.max(0, place - 60), place + pattern.length + 40);
      return { form, around: around.replace(/[^ -~]+/g, '·') };
    }
  }
}
