//! Takes in a request's body: frame by frame up to one limit, decompressed up to another, never a byte more.

use crate::refusal::Refusal;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use std::io::Read;
use std::time::Duration;

/// What a body may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) body_bytes: usize,
    pub(crate) decompressed_bytes: usize,
    pub(crate) timeout: Duration,
}

/// A body's coding, from the header `Content-Encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    /// The zlib format of RFC 1950, as HTTP's `deflate` means.
    Deflate,
}

impl Coding {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let Some(value) = values.next() else { return Ok(Self::Identity) };
        let named = String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
        match named.as_str() {
            _ if values.next().is_some() => {
                Err(Refusal::ContentEncodingUnknown { found: format!("{named} and others") })
            }
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            _ => Err(Refusal::ContentEncodingUnknown { found: named }),
        }
    }

    /// The decompressed bytes, if they are no more than the limit.
    pub(crate) fn decode(self, body: Vec<u8>, limit_bytes: usize) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Identity if body.len() > limit_bytes => Err(Refusal::DecompressedTooLarge { limit_bytes }),
            Self::Identity => Ok(body),
            // Members may follow one another (RFC 1952, 2.2), and what follows the last must be none.
            Self::Gzip => read_limited(&mut MultiGzDecoder::new(body.as_slice()), "gzip", limit_bytes),
            Self::Deflate => {
                let mut decoder = ZlibDecoder::new(body.as_slice());
                let decoded = read_limited(&mut decoder, "deflate", limit_bytes)?;
                if decoder.total_in() < body.len() as u64 {
                    return Err(Refusal::CompressionCorrupt { encoding: "deflate" });
                }
                Ok(decoded)
            }
        }
    }
}

fn read_limited(decoder: &mut dyn Read, encoding: &'static str, limit_bytes: usize) -> Result<Vec<u8>, Refusal> {
    let mut decoded = Vec::new();
    let one_too_many = limit_bytes as u64 + 1;
    decoder.take(one_too_many).read_to_end(&mut decoded).map_err(|_| Refusal::CompressionCorrupt { encoding })?;
    if decoded.len() > limit_bytes { Err(Refusal::DecompressedTooLarge { limit_bytes }) } else { Ok(decoded) }
}

/// The body as it arrived, if it ends within the bounds of size and time.
pub(crate) async fn receive(body: Body, bounds: Bounds) -> Result<Vec<u8>, Refusal> {
    let too_large = Refusal::BodyTooLarge { limit_bytes: bounds.body_bytes };
    // The declared length, where there is one, spares the reading.
    if body.size_hint().lower() > bounds.body_bytes as u64 {
        return Err(too_large);
    }
    let reading = collect(body, bounds.body_bytes, too_large);
    match tokio::time::timeout(bounds.timeout, reading).await {
        Ok(read) => read,
        Err(_) => Err(Refusal::BodyTooSlow { limit_s: bounds.timeout.as_secs() }),
    }
}

async fn collect(mut body: Body, limit_bytes: usize, too_large: Refusal) -> Result<Vec<u8>, Refusal> {
    let mut collected = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::BodyBrokenOff)?;
        let data: Bytes = frame.into_data().unwrap_or_default();
        if data.len() > limit_bytes - collected.len() {
            return Err(too_large);
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use futures_util::stream;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const BOUNDS: Bounds = Bounds { body_bytes: 1000, decompressed_bytes: 5000, timeout: Duration::from_secs(5) };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn joined(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    #[tokio::test]
    async fn reading_stops_at_the_limit_though_no_length_was_declared() {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = taken.clone();
        let endless = stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 300]))
        });
        let read = receive(Body::from_stream(endless), BOUNDS).await;
        assert_eq!(read, Err(Refusal::BodyTooLarge { limit_bytes: 1000 }));
        assert_eq!(taken.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_declared_length_over_the_limit_is_refused_unread() {
        assert_eq!(receive(Body::from(vec![0; 1001]), BOUNDS).await, Err(Refusal::BodyTooLarge { limit_bytes: 1000 }));
        assert_eq!(receive(Body::from(vec![0; 1000]), BOUNDS).await, Ok(vec![0; 1000]));
    }

    #[tokio::test]
    async fn a_body_that_does_not_end_is_given_up() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let impatient = Bounds { timeout: Duration::ZERO, ..BOUNDS };
        assert_eq!(receive(silent, impatient).await, Err(Refusal::BodyTooSlow { limit_s: 0 }));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_refused() {
        let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("reset"))]);
        assert_eq!(receive(Body::from_stream(broken), BOUNDS).await, Err(Refusal::BodyBrokenOff));
    }

    #[test]
    fn both_codings_give_back_what_was_put_in() {
        let text = b"what was put in".repeat(10);
        assert_eq!(Coding::Gzip.decode(gzip(&text), 5000), Ok(text.clone()));
        assert_eq!(
            Coding::Gzip.decode(joined(&[&gzip(b"two "), &gzip(b"members")]), 5000),
            Ok(b"two members".to_vec())
        );
        assert_eq!(Coding::Deflate.decode(zlib(&text), 5000), Ok(text.clone()));
        assert_eq!(Coding::Identity.decode(text.clone(), 5000), Ok(text));
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let too_large = Err(Refusal::DecompressedTooLarge { limit_bytes: 5000 });
        let bomb = gzip(&vec![0; 50_000_000]);
        assert!(bomb.len() < 60_000);
        assert_eq!(Coding::Gzip.decode(bomb, 5000), too_large);
        assert_eq!(Coding::Deflate.decode(zlib(&vec![0; 5001]), 5000), too_large);
        assert_eq!(Coding::Identity.decode(vec![0; 5001], 5000), too_large);
    }

    #[test]
    fn damage_and_leftovers_are_refused() {
        let corrupt = |encoding| Err(Refusal::CompressionCorrupt { encoding });
        let whole = gzip(b"a text that is long enough to be cut in half");
        assert_eq!(Coding::Gzip.decode(whole[..whole.len() / 2].to_vec(), 5000), corrupt("gzip"));
        assert_eq!(Coding::Gzip.decode(whole[..whole.len() - 4].to_vec(), 5000), corrupt("gzip"));
        assert_eq!(Coding::Gzip.decode(joined(&[&whole, b"garbage"]), 5000), corrupt("gzip"));
        assert_eq!(Coding::Gzip.decode(b"no gzip".to_vec(), 5000), corrupt("gzip"));
        let whole = zlib(b"a text that is long enough to be cut in half");
        assert_eq!(Coding::Deflate.decode(whole[..whole.len() / 2].to_vec(), 5000), corrupt("deflate"));
        assert_eq!(Coding::Deflate.decode(joined(&[&whole, b"garbage"]), 5000), corrupt("deflate"));
    }

    #[test]
    fn the_header_names_the_coding() {
        let of = |text: &'static str| {
            Coding::of(&HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(text))]))
        };
        assert_eq!(Coding::of(&HeaderMap::new()), Ok(Coding::Identity));
        assert_eq!(of("GZIP"), Ok(Coding::Gzip));
        assert_eq!(of("deflate"), Ok(Coding::Deflate));
        assert_eq!(of("identity"), Ok(Coding::Identity));
        assert_eq!(of("br"), Err(Refusal::ContentEncodingUnknown { found: "br".to_owned() }));
        assert_eq!(of("gzip, gzip"), Err(Refusal::ContentEncodingUnknown { found: "gzip, gzip".to_owned() }));
    }
}
