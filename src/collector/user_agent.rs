//! Which browser a `User-Agent` is of, by name and version: what the errors of a group are told apart by.

/// What a browser calls itself in the header, and what people call it. Those that name others besides come first: Edge says
/// Chrome, and Chrome says Safari.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// Such as `Chrome 156`; nothing where the header is of no browser known here.
pub(crate) fn browser(header: &str) -> Option<String> {
    let (mark, name) = BROWSERS.iter().find(|(mark, _)| header.contains(mark))?;
    if *name == "Safari" && !header.contains("Safari/") {
        return None;
    }
    let version = header.split_once(mark)?.1;
    let version: String = version.chars().take_while(char::is_ascii_digit).take(4).collect();
    Some(format!("{name} {version}").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_the_name_that_only_it_has() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15";
        for (header, expected) in [
            (chrome, Some("Chrome 156")),
            (&format!("{chrome} Edg/156.0.0.0"), Some("Edge 156")),
            (&format!("{chrome} OPR/130.0.0.0"), Some("Opera 130")),
            (&chrome.replace("Chrome", "HeadlessChrome"), Some("Chrome 156")),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", Some("Firefox 153")),
            (safari, Some("Safari 26")),
            ("Version/7", None),
            ("curl/8.5", None),
            ("", None),
        ] {
            assert_eq!(browser(header).as_deref(), expected, "{header}");
        }
    }
}
