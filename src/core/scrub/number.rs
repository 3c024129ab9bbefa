//! What is written in digits: numbers of phones, cards, accounts and persons, and addresses of the internet.

use super::{Scanner, byte};
use crate::template::kind;

/// The longest number with its signs: 19 digits of a card (ISO/IEC 7812) in groups, and some more.
const NUMBER_BYTES: usize = 40;

/// The longest IPv6 address (RFC 4291, with an IPv4 address at its end).
const ADDRESS_BYTES: usize = 45;

/// The length of what begins with this digit or `+`, and what it is; 0 if it may be any number.
///
/// Groups of digits with a sign between are taken one after the other, and the longest that is something counts:
///
/// - the four bytes of an IPv4 address. One that ends in 0 is a network's, or a version;
/// - a card: 13 to 19 digits of which the last is the check digit of the others (Luhn; ISO/IEC 7812-1, annex B). None begins
///   with 0, 1, 7 or 9, as times do and the greatest integers;
/// - a social security number of the United States, `ddd-dd-dddd`;
/// - a long number: 9 digits in one go, be it a phone's, an order's or an account's;
/// - a phone: at least 8 digits after `+` (ITU-T E.164), or 9 in groups that are not those of decimals, coordinates or versions.
pub(super) fn number(text: &[u8], start: usize) -> (usize, Scanner) {
    const DOT: u8 = 1;
    const SPACE: u8 = 2;
    const DASH: u8 = 4;
    const BRACKET: u8 = 8;
    let previous = |back: usize| start.checked_sub(back).map_or(0, |at| byte(text, at));
    let is_decimal = previous(1) == b'.' && kind(previous(2)) == 1;
    let is_international = byte(text, start) == b'+';
    let mut at = start + usize::from(is_international);
    let mut found = (0, Scanner::Phone);
    let (mut digits, mut groups, mut lens, mut signs) = (0, 0, 0_u32, 0);
    // Luhn's sum if the digit that comes next is doubled, and if it is not.
    let (mut doubling, mut plain) = (0, 0);
    // Whether it cannot be the byte of an address, and whether the groups are none of a phone.
    let (mut is_high, mut is_odd) = (is_decimal || kind(previous(1)) != 0, false);
    let first = byte(text, at);
    while at - start < NUMBER_BYTES {
        let (mut len, mut value) = (0, 0_u32);
        while kind(byte(text, at)) == 1 {
            let digit = u32::from(byte(text, at) - b'0');
            (doubling, plain) = (plain + digit, doubling + digit * 2 - if digit > 4 { 9 } else { 0 });
            value = value.wrapping_mul(10).wrapping_add(digit);
            len += 1;
            at += 1;
        }
        if len == 0 {
            break;
        }
        digits += len;
        groups += 1;
        lens = lens << 4 | len.min(15);
        is_high |= value > 255 || len > 3;
        is_odd |= len == 1 && (groups > 1 || value == 0);

        let sign = byte(text, at);
        let next = byte(text, at + 1);
        let is_longer = kind(sign) != 0 || sign == b'.' && kind(next) == 1;
        let is_address = groups == 4 && signs == DOT && !is_high && value > 0 && !is_longer;
        let is_card = signs & (DOT | BRACKET) == 0
            && (13..=19).contains(&digits)
            && matches!(first, b'2'..=b'6' | b'8')
            && doubling % 10 == 0
            && !(is_decimal && groups == 1);
        let is_phone = if is_international {
            digits > 7
        } else {
            digits > 8 && groups > 1 && !is_odd && signs & (DOT | SPACE) != DOT | SPACE && !(signs == DOT && groups == 2)
        };
        let scanner = match () {
            () if is_address => Some(Scanner::Ip),
            () if is_card => Some(Scanner::Card),
            () if lens == 0x324 && signs == DASH => Some(Scanner::Ssn),
            () if is_phone => Some(Scanner::Phone),
            () if digits > 8 && groups == 1 && !is_decimal && kind(previous(1)) == 0 && !matches!(sign, b'@' | b'%') => Some(Scanner::Number),
            () => None,
        };
        if let Some(scanner) = scanner {
            found = (at - start, scanner);
        }

        // One sign, or two of which one is a bracket.
        let is_bracket = |sign: u8| sign & !1 == b'(';
        signs |= match sign {
            b'.' => DOT,
            b' ' => SPACE,
            b'-' => DASH,
            b'(' | b')' => BRACKET,
            _ => break,
        };
        let is_pair = is_bracket(sign) && matches!(next, b' ' | b'-') || is_bracket(next) && sign != b'.';
        at += 1 + usize::from(is_pair);
    }
    found
}

/// The length of the IPv6 address that begins here, or 0 (RFC 4291, section 2.2). Without a digit it is a name with colons.
pub(super) fn address(text: &[u8], start: usize) -> usize {
    let (mut colons, mut gaps, mut len, mut digits) = (0, 0, 0, 0);
    let mut at = start;
    loop {
        let sign = byte(text, at);
        let is_dot = sign == b'.' && colons > 1;
        if sign == b':' || is_dot {
            colons += u32::from(!is_dot);
            gaps += u32::from(!is_dot && byte(text, at + 1) == b':');
            len = 0;
        } else if sign.is_ascii_hexdigit() {
            len += 1;
            digits += u32::from(kind(sign) == 1);
        } else {
            break;
        }
        at += 1;
        if len > 4 || gaps > 1 || at - start > ADDRESS_BYTES {
            return 0;
        }
    }
    if kind(byte(text, at)) != 0 {
        return 0;
    }
    // What closes a sentence is not its own.
    let is_closed = |at: usize| match byte(text, at - 1) {
        b':' => byte(text, at.saturating_sub(2)) != b':',
        last => last == b'.',
    };
    while at > start && is_closed(at) {
        colons -= u32::from(byte(text, at - 1) == b':');
        at -= 1;
    }
    if digits > 0 && (gaps == 1 || colons == 7) { at - start } else { 0 }
}

/// The length of the account number that begins here, or 0: two capitals of a country, two check digits, and 11 to 30 digits
/// and capitals, perhaps in groups with spaces. With the first four moved to the end, and letters as numbers from 10, it
/// leaves 1 when divided by 97 (ISO 13616-1, ISO/IEC 7064 MOD 97-10).
pub(super) fn account(text: &[u8], start: usize) -> usize {
    let is_head = (0..4).all(|at| kind(byte(text, start + at)) == if at < 2 { 2 } else { 1 });
    let (mut sum, mut count, mut at, mut found) = (0, 0, start + 4, 0);
    while is_head && count < 30 {
        at += usize::from(byte(text, at) == b' ');
        let sign = byte(text, at);
        if !matches!(kind(sign), 1 | 2) {
            break;
        }
        sum = append(sum, sign);
        count += 1;
        at += 1;
        let is_whole = count > 10 && kind(byte(text, at)) == 0;
        if is_whole && (start..start + 4).fold(sum, |sum, at| append(sum, byte(text, at))) == 1 {
            found = at - start;
        }
    }
    found
}

/// The remainder by 97 of a number with this sign written after it.
fn append(sum: u32, sign: u8) -> u32 {
    let shifted = if kind(sign) == 1 { sum * 10 + u32::from(sign & 15) } else { sum * 100 + u32::from(sign) - 55 };
    shifted % 97
}
