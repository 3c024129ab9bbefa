//! What the site itself knows of its secrets: rules, one a line, in the order in which they are tried.
//!
//! `drop:literal` leaves nothing of a text that has the literal in it, `mask:literal` makes a `*` of it, and
//! `replace:literal=>words` puts the words there. Capitals matter. What is no rule does nothing.

use super::{Scanner, Scrubber};
use crate::url::{after, tally};

impl Scrubber {
    /// The text as the rules leave it to the scanners. It takes time in proportion to the text and to the rules.
    pub(crate) fn ruled(&mut self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let mut found = None;
            for rule in self.rules.split(|byte| *byte == b'\n') {
                tally(1);
                let (literal, words): (&[u8], Option<&[u8]>) = match rule {
                    [b'd', b'r', b'o', b'p', b':', literal @ ..] => (literal, None),
                    [b'm', b'a', b's', b'k', b':', literal @ ..] => (literal, Some(b"*")),
                    [b'r', b'e', b'p', b'l', b'a', b'c', b'e', b':', both @ ..] => {
                        let arrow = both.windows(2).position(|pair| pair == b"=>").unwrap_or(0);
                        both.split_at_checked(arrow).map_or((b"", None), |(literal, words)| (literal, words.get(2..)))
                    }
                    _ => continue,
                };
                if !literal.is_empty() && rest.starts_with(literal) {
                    found = Some((literal, words));
                    break;
                }
            }
            let Some((literal, words)) = found else {
                out.push(first);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let Some(words) = words else {
                self.count(Scanner::Rule);
                return Vec::new();
            };
            out.extend_from_slice(words);
            rest = after(rest, literal);
            self.count(Scanner::Rule);
        }
        out
    }
}
