//! Tables in what is packed (WIRE.md, "Packed"): the text of a table, its keys by their places and its cells in bytes.

use crate::names::Key;
use crate::pack::{NO_KEY, zigzag};
#[cfg(feature = "decode")]
use crate::pack::number;
use crate::table::{ABSENT, CELL, LINE, TEXTS};
#[cfg(feature = "decode")]
use crate::unpack::{Fault, zigzagged};
use crate::writer::varint;

/// A cell of what the record does not have, and one that says nothing. Any other is told by one less than its number: a
/// text's length, a number in zigzag.
const NOTHING: u64 = 0;
const SAME: u64 = 1;

/// Appends a table, if its text is as the agent writes it.
pub(crate) fn pack(out: &mut Vec<u8>, text: &[u8]) -> Option<()> {
    let lines = || text.split(|byte| *byte == LINE);
    let cells = |line: &[u8]| line.iter().filter(|byte| **byte == CELL).count();
    let rows = cells(lines().next()?);
    let before = out.len();
    varint(out, lines().count() as u64);
    varint(out, rows as u64);
    let mut last = NO_KEY;
    for line in lines() {
        if line_of(out, line, &mut last).is_none() || cells(line) != rows {
            out.truncate(before);
            return None;
        }
    }
    Some(())
}

fn line_of(out: &mut Vec<u8>, line: &[u8], last: &mut i64) -> Option<()> {
    let mut cells = line.split(|byte| *byte == CELL);
    let name = cells.next()?;
    let key = Key::ALL.iter().find(|key| key.bytes() == name)?;
    varint(out, zigzag(*key as i64 - core::mem::replace(last, *key as i64)));
    let is_text = TEXTS.contains(key);
    for cell in cells {
        match cell {
            [] => varint(out, SAME),
            [ABSENT] => varint(out, NOTHING),
            _ if is_text => {
                varint(out, cell.len() as u64 + SAME);
                out.extend_from_slice(cell);
            }
            _ => varint(out, zigzag(decimal(cell)?) + SAME),
        }
    }
    Some(())
}

/// A number other than 0 as the agent writes it.
fn decimal(cell: &[u8]) -> Option<i64> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    let mut number = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    // Written otherwise, it would come back as another text.
    let is_own = !matches!(digits, [] | [b'0', ..]) && number < i64::MAX >> 1;
    is_own.then_some(if digits.len() < cell.len() { -number } else { number })
}

/// Takes a table, and gives its text, if that is no longer than this.
#[cfg(feature = "decode")]
pub(crate) fn unpack(rest: &mut &[u8], limit_bytes: usize) -> Result<Vec<u8>, Fault> {
    let number = |rest: &mut &[u8]| number(rest).ok_or(Fault::Malformed);
    let (lines, rows) = (number(rest)?, number(rest)?);
    let (mut text, mut last) = (Vec::new(), NO_KEY);
    for _ in 0..lines {
        if !text.is_empty() {
            text.push(LINE);
        }
        last = last.wrapping_add(zigzagged(number(rest)?));
        let key = usize::try_from(last).ok().and_then(|at| Key::ALL.get(at)).ok_or(Fault::Malformed)?;
        text.extend_from_slice(key.bytes());
        for _ in 0..rows {
            if text.len() > limit_bytes {
                return Err(Fault::TooLarge);
            }
            text.push(CELL);
            match number(rest)? {
                NOTHING => text.push(ABSENT),
                SAME => {}
                told if TEXTS.contains(key) => {
                    let len = usize::try_from(told - SAME).map_err(|_| Fault::Malformed)?;
                    let (cell, after) = rest.split_at_checked(len).ok_or(Fault::Malformed)?;
                    *rest = after;
                    text.extend_from_slice(cell);
                }
                told => text.extend_from_slice(zigzagged(told - SAME).to_string().as_bytes()),
            }
        }
        if text.len() > limit_bytes {
            return Err(Fault::TooLarge);
        }
    }
    Ok(text)
}

#[cfg(all(test, feature = "decode"))]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn packed(text: &str) -> Option<Vec<u8>> {
        let mut out = b"before".to_vec();
        let is = pack(&mut out, text.as_bytes());
        assert!(is.is_some() || out == b"before", "what could not be packed has left nothing");
        is.map(|()| out.split_off(6))
    }

    #[test]
    fn a_table_comes_back_as_it_was() {
        for text in [
            "url.full\ta\t\t-\thttps://\u{e9}\nbrowser.resource_timing.fetch_start\t1\t\t-\t-1",
            "http.response.status_code",
            "http.response.status_code\t4611686018427387902\t-4611686018427387902\t64\t-64\t63",
            "vitrum.resource_group.origin\t0\t01",
        ] {
            let packed = packed(text).unwrap();
            let mut rest = &packed[..];
            assert_eq!(unpack(&mut rest, 1000).as_deref(), Ok(text.as_bytes()));
            assert_eq!(rest, b"");
            for end in 0..packed.len() {
                assert_eq!(unpack(&mut &packed[..end], 1000), Err(Fault::Malformed), "{text} up to {end}");
            }
            assert_eq!(unpack(&mut &packed[..], text.len() - 1), Err(Fault::TooLarge));
        }
    }

    #[test]
    fn what_would_come_back_otherwise_is_left_as_it_is() {
        for text in ["", "no.such.key\t1", "http.response.status_code\t0", "http.response.status_code\t07", "http.response.status_code\t+7", "http.response.status_code\t--7", "http.response.status_code\t1.5", "http.response.status_code\t9223372036854775807", "url.full\ta\nurl.full\ta\tb"] {
            assert_eq!(packed(text), None, "{text:?}");
        }
    }
}
