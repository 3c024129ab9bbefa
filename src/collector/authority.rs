//! A host with or without a port, as origins and the header `Host` write it.

use axum::http::{HeaderMap, header};
use std::fmt;
use std::net::Ipv6Addr;

/// The host is in lower case, an address of IPv6 in brackets and in its shortest form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// Whether an origin is that of the host which a request names: a page of the collector's own.
pub(crate) fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host)))
}

impl Authority {
    /// Names are those that browsers send: letters beyond ASCII have become `xn--` before.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, port)) => (format!("[{}]", address.parse::<Ipv6Addr>().ok()?), port),
            None => {
                let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
                let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
                (!name.is_empty() && name.bytes().all(known)).then(|| (name.to_ascii_lowercase(), port))?
            }
        };
        let port = match port.strip_prefix(':') {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            None if port.is_empty() => None,
            _ => return None,
        };
        Some(Self { host, port })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.host)?;
        self.port.map_or(Ok(()), |port| write!(formatter, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_told_apart() {
        for (text, host, port) in [
            ("Shop.example", "shop.example", None),
            ("shop.example:8080", "shop.example", Some(8080)),
            ("127.0.0.1:4318", "127.0.0.1", Some(4318)),
            ("[0:0::1]:4318", "[::1]", Some(4318)),
            ("[::1]", "[::1]", None),
        ] {
            assert_eq!(Authority::parse(text), Some(Authority { host: host.to_owned(), port }), "{text}");
        }
        for text in
            ["", ":80", "a:b", "a:", "a:+1", "a:65536", "a/b", "u@a", "a b", "::1", "[::1", "[a]", "[::1]x", "schön"]
        {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }
}
