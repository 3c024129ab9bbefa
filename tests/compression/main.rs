//! What the agent compresses is read by another program than ours: zlib, as Node.js has it, with the dictionary's file.

use std::path::Path;
use std::process::Command;
use vitrum_core::{deflate, gzip};
use vitrum_tests::root;
use vitrum_wire::beacon;
use vitrum_wire::dictionary::{CURRENT, of};
use vitrum_wire::frame::{Encoding, packed_header, header};
use vitrum_wire::{Batch, Key, Name, Record, Severity, Value, pack};

/// The next of a row of numbers drawn by chance (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// A batch of at least so many bytes, of any names with any numbers and texts: as a message, and packed.
fn batch(len: usize, state: &mut u64) -> (Vec<u8>, Vec<u8>) {
    let (mut records, mut record) = (Vec::new(), Record::default());
    for number in 0.. {
        if records.len() >= len {
            break;
        }
        let name = Name::ALL[next(state) as usize % Name::ALL.len()];
        record.begin_log(name, (next(state) % (1 << 40)) << 17, if name == Name::Exception { Severity::Error } else { Severity::Info });
        record.attribute(Key::RecordId, Value::Text(format!("0123456789abcdef.{number}").as_bytes()));
        for _ in 0..next(state) % 12 {
            let key = Key::ALL[next(state) as usize % Key::ALL.len()];
            // What a table holds is no text like any other.
            let key = if key == Key::Table { Key::Url } else { key };
            let (number, text) = ((next(state) % 5000) as f64, next(state).to_string());
            let is_text = next(state).is_multiple_of(3);
            record.attribute(key, if is_text { Value::Text(text.as_bytes()) } else { Value::Number(number) });
        }
        record.append_to(&mut records);
    }
    let batch = Batch { id: b"0123456789abcdef.b0", resource: b"", logs: &records, spans: b"" };
    (batch.encode(), pack(&batch))
}

/// From nothing to 64 KB: batches, noise, one byte over and over, and the dictionary itself.
fn texts() -> Vec<Vec<u8>> {
    let (mut state, mut texts) = (2026, Vec::new());
    let dictionary = of(CURRENT).expect("the current one is known");
    for len in [0, 1, 2, 3, 7, 47, 48, 49, 255, 1000, 4096, 8191, 32_767, 32_768, 32_769, 65_535, 65_536] {
        let (message, packed) = batch(len, &mut state);
        texts.extend([message, packed]);
        texts.push((0..len).map(|_| next(&mut state) as u8).collect());
        texts.push(vec![b'V'; len]);
        texts.push(dictionary.iter().copied().cycle().take(len).collect());
    }
    texts
}

fn write(folder: &Path, name: String, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("a folder for tests can be written");
}

#[test]
fn zlib_reads_what_the_agent_compresses() {
    let folder = tempfile::tempdir().expect("a folder for tests can be made");
    let texts = texts();
    let dictionary = of(CURRENT);
    for (number, text) in texts.iter().enumerate() {
        let mut forms = [header(Encoding::Deflate).to_vec(), packed_header(CURRENT).to_vec(), Vec::new()];
        deflate(&mut forms[0], None, text);
        deflate(&mut forms[1], dictionary, text);
        gzip(&mut forms[2], text);
        write(folder.path(), format!("{number}.text"), text);
        for (bytes, form) in forms.iter().zip(["deflate", "dictionary", "gzip"]) {
            write(folder.path(), format!("{number}.{form}"), bytes);
        }
    }
    let output = Command::new("node").args(["tests/compression/zlib.mjs".as_ref(), folder.path()]).current_dir(root()).output();
    let output = output.expect("node can be started");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(told.trim(), format!("{} texts in 3 forms", texts.len()));
}

#[test]
fn the_collector_reads_what_the_agent_compresses() {
    let mut state = 7;
    for len in [0, 1, 100, 1000, 8000, 32_768, 65_536] {
        let (text, packed) = batch(len, &mut state);
        let (mut plain, mut shorter) = (header(Encoding::Deflate).to_vec(), packed_header(CURRENT).to_vec());
        deflate(&mut plain, None, &text);
        deflate(&mut shorter, of(CURRENT), &packed);
        let limit_bytes = 2 * text.len();
        let opened = beacon::open(&shorter, limit_bytes);
        assert!(opened.is_ok() && opened == beacon::open(&plain, limit_bytes), "{len}: {:?}", opened.err());
        assert!(len == 0 || shorter.len() + 100.min(len / 2) < plain.len(), "{len}: {} and {}", shorter.len(), plain.len());
    }
}
