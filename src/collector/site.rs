//! `site(url)`, for SQL: the domain that someone registered, which is who is behind a host. By the Public Suffix List, with
//! its private part: what stands before `github.io` are different people.

use crate::authority::Authority;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::net::Ipv4Addr;

/// Makes `site` known to a connection; of what has no host it is NULL.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("site", 1, flags, |context| {
        Ok(context.get::<Option<String>>(0)?.as_deref().and_then(site))
    })
}

/// An address, and a name that nobody can register (such as `localhost`, or a public suffix itself), is its own site.
fn site(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (_, authority) = authority.rsplit_once('@').unwrap_or(("", authority));
    let Authority { host, .. } = Authority::parse(authority)?;
    let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    let registered = if is_address { None } else { psl::domain_str(&host) };
    Some(registered.map_or_else(|| host.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_what_someone_registered() {
        for (url, expected) in [
            ("https://www.shop.example/a?b#c", Some("shop.example")),
            ("https://CDN.shop.co.uk:8443", Some("shop.co.uk")),
            ("https://me:secret@a.b.shop.com/x@y", Some("shop.com")),
            ("https://one.github.io", Some("one.github.io")),
            ("https://d111.cloudfront.net/a.js", Some("d111.cloudfront.net")),
            ("https://github.io", Some("github.io")),
            ("http://localhost:4400/", Some("localhost")),
            ("http://127.0.0.1:4400/", Some("127.0.0.1")),
            ("http://[::1]:4400/", Some("[::1]")),
            ("wss://live.shop.com?x", Some("shop.com")),
            ("https://xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("file:///home/me/a.html", None),
            ("data:", None),
            ("null", None),
            ("", None),
        ] {
            assert_eq!(site(url).as_deref(), expected, "{url}");
        }
    }
}
