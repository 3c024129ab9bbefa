//! What an error says of where it came from. (A stand-in until the one that reads stacks is there.)

/// What is made of an error and its causes.
pub(crate) struct Read {
    pub(crate) fingerprint: u64,
    pub(crate) origin: Origin,
    pub(crate) text: Vec<u8>,
}

/// Whose error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(clippy::enum_variant_names, reason = "so the browser's word for it is")]
pub(crate) enum Origin {
    Page,
    ThirdParty,
    Extension,
    CrossOrigin,
}

/// `chain`: the error and its causes, outermost first: name, message, stack of each (at most 5). `page`: the document's URL.
pub(crate) fn read(chain: &[(&[u8], &[u8], &[u8])], page: &[u8]) -> Read {
    let (name, message, stack) = chain.first().copied().unwrap_or_default();
    let lines = stack.split(|byte| *byte == b'\n');
    let first = lines.clone().find(|line| line.contains(&b':') && line.contains(&b'/')).unwrap_or_default();
    let mut fingerprint = 0xcbf2_9ce4_8422_2325_u64;
    for byte in [name, b"\0", message, b"\0", first].concat() {
        fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let has = |text: &[u8]| !text.is_empty() && first.windows(text.len()).any(|part| part == text);
    let origin = if message == b"Script error." && stack.is_empty() {
        Origin::CrossOrigin
    } else if has(b"-extension://") {
        Origin::Extension
    } else if has(b"://") && !has(crate::url::origin(page)) {
        Origin::ThirdParty
    } else {
        Origin::Page
    };
    let mut text = stack.to_vec();
    for (name, message, stack) in chain.iter().skip(1) {
        for part in [b"\nCaused by: ", *name, b": ", message, b"\n", stack] {
            text.extend_from_slice(part);
        }
    }
    Read { fingerprint, origin, text }
}
