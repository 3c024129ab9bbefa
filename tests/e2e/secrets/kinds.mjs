// What is personal or secret, made by the number: no two are the same, and each is the same in every run.

import { createHash } from 'node:crypto';

/** Bytes that only this text and number give; and digits and letters of them. */
const drawn = (text, number) => createHash('sha256').update(`${text} ${number}`).digest();
const hex = (text, number, length) => drawn(text, number).toString('hex').slice(0, length);
const mixed = (text, number, length) => {
  const bytes = Buffer.concat([drawn(text, number), drawn(text, -number - 1)]);
  return bytes.toString('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, length);
};
const digits = (text, number, length) => String(drawn(text, number).readBigUInt64BE() % 10n ** BigInt(length)).padStart(length, '4');

const SYLLABLES = 'bra dor fin gul hem jor kas lun mir nol per quo rud sel tov wex'.split(' ');
const syllables = (number) => [8, 4, 0].map((bits) => SYLLABLES[(number >> bits) & 15]).join('');
/** A surname that nobody has, of letters only. */
const surname = (number) => `${syllables(number)}wick`;
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** A card's number with the digit that Luhn asks for. */
function card(number) {
  const head = '4' + digits('card', number, 14);
  const sum = [...head].reverse().reduce((sum, digit, place) => sum + (place % 2 ? +digit : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]), 0);
  return head + ((10 - (sum % 10)) % 10);
}

/** An account's number with the two digits that ISO 7064 asks for. */
function iban(number) {
  const account = '5' + digits('account', number, 17);
  const check = 98n - (BigInt(account + '131400') % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

const fours = (text) => text.replace(/.{4}(?=.)/g, '$& ');
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (number) => {
  const claims = base64url({ sub: hex('subject', number, 12), n: number });
  return [base64url({ alg: 'HS256', typ: 'JWT' }), claims, drawn('jwt', number).toString('base64url')];
};
const uuid = (number) => hex('uuid', number, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-a$4-$5');

/**
 * Each gives the value and, where less than all of it tells of someone too, those parts. Keys are put together here, so
 * that no scanner of repositories takes them for real ones.
 */
export const KINDS = {
  email: (n) => [`${surname(n)}.anna@post.example`, surname(n)],
  /** So short that what quotes the beginning of a text has all of the name. */
  'short email': (n) => [`${syllables(n)}@post.example`, syllables(n)],
  'tagged email': (n) => [`anna+${surname(n)}@mail.post.example`, surname(n)],
  'international phone': (n) => [`+49 151 ${digits('phone', n, 8)}`, digits('phone', n, 8)],
  'American phone': (n) => [digits('phone', n, 7).replace(/(...)(....)/, '(555) $1-$2')],
  'dashed phone': (n) => [`+1-202-${digits('phone', n, 7).replace(/(...)/, '$1-')}`],
  'plain phone': (n) => [`0049171${digits('phone', n, 8)}`, digits('phone', n, 8)],
  ipv4: (n) => [`203.${100 + (n >> 6)}.${100 + (n & 63)}.${100 + (n % 150)}`],
  ipv6: (n) => [`2001:db8:${hex('ipv6', n, 24).match(/..../g).join(':')}`.replace(/:0+(?=\w)/g, ':')],
  'short ipv6': (n) => [`2a02:8109:${hex('ipv6', n, 4).replace(/^0+/, '1')}:${(n + 4096).toString(16)}::${(n + 256).toString(16)}`],
  card: (n) => [card(n)],
  'spaced card': (n) => [fours(card(n)), card(n)],
  'dashed card': (n) => [fours(card(n)).replaceAll(' ', '-'), card(n)],
  iban: (n) => [iban(n)],
  'spaced iban': (n) => [fours(iban(n)), iban(n)],
  ssn: (n) => [digits('ssn', n, 6).replace(/(..)(....)/, '512-$1-$2')],
  jwt: (n) => [jwt(n).join('.'), ...jwt(n).slice(1)],
  bearer: (n) => [`Bearer ${mixed('bearer', n, 36)}`, mixed('bearer', n, 36)],
  'Stripe key': (n) => ['sk_' + `live_${mixed('stripe', n, 24)}`, mixed('stripe', n, 24)],
  'GitHub key': (n) => ['gh' + `p_${mixed('github', n, 36)}`, mixed('github', n, 36)],
  'AWS key': (n) => ['AK' + `IA${mixed('aws', n, 16).toUpperCase()}`],
  'Google key': (n) => ['AI' + `za${mixed('google', n, 35)}`],
  'Slack key': (n) => ['xo' + `xb-${digits('slack', n, 12)}-${mixed('slack', n, 24)}`, mixed('slack', n, 24)],
  password: (n) => [`${capital(surname(n))}!${digits('password', n, 3)}&x`, surname(n)],
  session: (n) => [mixed('session', n, 26).toLowerCase()],
  /** Letters only: drawn by chance all the same. */
  'token of letters': (n) => [mixed('letters', n, 43).replace(/\d/g, '').slice(0, 24)],
  token: (n) => [`${mixed('token', n, 20)}7`],
  'order number': (n) => [`8${digits('order', n, 9)}`],
  uuid: (n) => [uuid(n)],
  md5: (n) => [hex('md5', n, 32)],
  sha1: (n) => [hex('sha1', n, 40)],
  sha256: (n) => [hex('sha256', n, 64)],
  name: (n) => [`Ottilie ${capital(surname(n))}`, surname(n)],
  address: (n) => [`${capital(surname(n))}weg ${n}, 04109 Leipzig`, surname(n)],
};
