//! Templates of URL paths: what stands for one thing or one person in a path gives way to a word that says of what kind it
//! was.
//!
//! The template is all that leaves of a path, so what is not known to be harmless goes. What is written in letters only
//! cannot be known, be it a product or a name: a site that has names in its paths says so by a rule.

use crate::url::{after, before, tally};

/// Longest segment that is looked at, in bytes. Longer ones are titles or tokens, and each is the only one of its kind.
const SEGMENT_BYTES: usize = 64;

/// So many digits may be the number of a person, an order or a card; fewer are a version, a size, a page.
const NUMBER_DIGITS: usize = 4;

/// What may stand between words: no more than names of files have.
const SIGNS: &[u8] = b"-_.~$()[]";

const ID: &[u8] = b":id";

/// Appends the template of a path. It takes time in proportion to its length, and to the length of the rules.
///
/// It is the first of the site's rules that fits, as it stands; they come one a line. In a rule `:name` is any one segment,
/// `/*` is any rest or none, all else is meant literally. If none fits, each segment is made anonymous. Slashes stay as they
/// are, parameters are cut off.
pub(crate) fn template(out: &mut Vec<u8>, path: &[u8], rules: &[u8]) {
    let path = before(path, b";?#");
    for rule in rules.split(|byte| *byte == b'\n') {
        if !rule.is_empty() && fits(rule, path) {
            return out.extend_from_slice(rule);
        }
    }
    for (number, segment) in path.split(is_slash).enumerate() {
        if number > 0 {
            out.push(b'/');
        }
        push_segment(out, segment);
    }
}

fn is_slash(byte: &u8) -> bool {
    *byte == b'/'
}

/// Whether a path is one of those that a rule tells of. A slash at the end of either makes no difference.
fn fits(rule: &[u8], path: &[u8]) -> bool {
    let mut path = path.split(is_slash);
    for wanted in rule.split(is_slash) {
        if wanted == b"*" {
            return true;
        }
        let given = path.next().unwrap_or_default();
        if wanted != given && (given.is_empty() || !wanted.starts_with(b":")) {
            return false;
        }
    }
    path.next().unwrap_or_default().is_empty()
}

/// Appends a segment without what may be data.
pub(crate) fn push_segment(out: &mut Vec<u8>, segment: &[u8]) {
    let start = out.len();
    let name = before(segment, b"@%");
    let whole: &[u8] = match (after(segment, name), segment) {
        // Not a handle (`@someone`), and not a version (`library@1.2.3`); neither is plain either.
        ([b'@', host, ..] | [b'%', b'4', b'0', host, ..], _) if !name.is_empty() && host.is_ascii_alphabetic() => b":email",
        (_, [_, _, _, _, b'-', _, _, b'-', _, _]) if Look::new(segment).digits == 8 => b":date",
        _ if segment.len() > SEGMENT_BYTES => ID,
        _ => push_words(out, segment),
    };
    if !whole.is_empty() {
        out.truncate(start);
        out.extend_from_slice(whole);
    }
}

/// Appends the words of a segment, which are what stands between signs, without those that may be data. Gives what is to be
/// there instead of them all, if that is not enough.
fn push_words(out: &mut Vec<u8>, mut rest: &[u8]) -> &'static [u8] {
    let start = out.len();
    // Where the number began that the last words are parts of, and how many digits it has.
    let (mut number, mut digits) = (start, 0);
    let mut has_token = false;
    let is_file = before(rest, b".").len() < rest.len();
    while !rest.is_empty() {
        let word = before(rest, SIGNS);
        rest = after(rest, word);
        // What has given way before stays as it is.
        let mut look = Look::new(word.strip_prefix(b":").unwrap_or(word));
        // Text in another language, or with spaces, or what was to be hidden: all of it is encoded (`%`) or should be.
        if look.others > 0 {
            return ID;
        }
        let is_token = look.is_token(rest.starts_with(b".") && out.len() > start);
        has_token |= is_token;
        // An edition of ECMAScript, as names of bundles have it.
        if word.len() == 6 && word.starts_with(b"es20") {
            look.digits = 0;
        }
        // Words with digits in a row are one number. Some parts of a UUID may have none.
        if look.digits == 0 && !is_token && !(digits > 0 && look.letters == 0) {
            digits = 0;
        } else if digits == 0 {
            number = out.len();
        }
        digits += look.digits + if is_token { NUMBER_DIGITS } else { 0 };
        out.extend_from_slice(word);
        if digits >= NUMBER_DIGITS {
            out.truncate(number);
            out.extend_from_slice(ID);
        }
        if let [sign, tail @ ..] = rest {
            out.push(*sign);
            rest = tail;
        }
    }
    let left = Look::new(out.get(start..).unwrap_or_default());
    let is_number = left.digits == left.len && left.len > 0;
    // Tokens may have signs in them, and a capital beside one is a part of it; but names of files have capitals as well.
    let is_id = is_number || left.is_restless() || has_token && !is_file && left.capitals > 0;
    if is_id { ID } else { b"" }
}

/// 1 is a digit, 2 a capital, 3 a small letter, 0 anything else.
pub(crate) fn kind(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte >> 5 } else { 0 }
}

/// What a text is made of.
#[derive(Default)]
pub(crate) struct Look {
    pub(crate) len: usize,
    pub(crate) digits: usize,
    pub(crate) capitals: usize,
    /// Those that are no hexadecimal digits.
    letters: usize,
    /// Neither letters nor digits.
    others: usize,
    /// How often the kind (digit, capital, small letter) changes within words. From a capital to a small letter is no
    /// change: words begin so.
    pub(crate) changes: usize,
    /// Capitals after capitals.
    shouts: usize,
}

impl Look {
    pub(crate) fn new(text: &[u8]) -> Self {
        tally(text.len());
        let mut look = Self { len: text.len(), ..Self::default() };
        let mut pair = 0;
        for byte in text {
            let kind = kind(*byte);
            pair = (pair << 2 | kind) & 0b11_11;
            look.digits += usize::from(kind == 1);
            look.capitals += usize::from(kind == 2);
            look.letters += usize::from(byte | 32 > b'f');
            look.others += usize::from(kind == 0);
            look.changes += usize::from(matches!(pair, 0b01_10 | 0b01_11 | 0b10_01 | 0b11_01 | 0b11_10));
            look.shouts += usize::from(pair == 0b10_10);
        }
        look
    }

    /// Whether a word was drawn by chance, and not written by a person: the more it has that words have not, the shorter it
    /// may be. Builders put eight characters before a file's ending (Rollup 4, esbuild; November 2026).
    fn is_token(&self, is_build: bool) -> bool {
        let len = self.len;
        len >= 32
            || self.capitals > 0 && len >= 24
            || self.digits > 0 && (len >= 16 || len >= 8 && self.letters == 0 || self.changes > 2)
            || len == 8 && is_build && self.capitals + self.digits > 0
            || self.is_restless()
    }

    /// Whether it changes as often as what is drawn by chance. `h264`, `i18n`, `getUserById` are calm.
    pub(crate) fn is_restless(&self) -> bool {
        let odd = self.changes + self.shouts;
        self.changes > 1 && odd > 2 && odd * 8 >= self.len * 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    use core::str::from_utf8;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const ALL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    fn of(path: &[u8], rules: &str) -> Vec<u8> {
        let mut out = Vec::new();
        template(&mut out, path, rules.as_bytes());
        out
    }

    fn check(rows: &[(&str, &str)], rules: &str) {
        for (path, expected) in rows {
            assert_eq!(from_utf8(&of(path.as_bytes(), rules)), Ok(*expected), "{path}");
        }
    }

    /// One of so many.
    fn draw(ids: &mut Ids, count: usize) -> usize {
        (u64::from_le_bytes(ids.next_id()) >> 32) as usize % count
    }

    fn token(ids: &mut Ids, alphabet: &[u8], len: usize) -> Vec<u8> {
        (0..len).map(|_| alphabet[draw(ids, alphabet.len())]).collect()
    }

    #[test]
    fn a_path_without_data_stays() {
        let paths = "/ /cart /en-US/getting-started /docs/v2/api_reference /es2020/h264/mp3/utf8 /list/page-2 /i18n/a11y/k8s/b2b \
            /iphone-15-pro-max-256gb /covid19/sha512/office365 /mp3-to-mp4-converter /tv-4k-55-zoll /static/jquery-3.7.1.min.js \
            /.well-known/security.txt /_next/static/chunks/main-app.js /api/v1.2/getUserById /XMLHttpRequest/iPhone \
            /app/(shop)/[slug]/$page.js /~docs/README.md /nutzungsbedingungen/datenschutzbestimmungen /blog/2-in-1 \
            /polyfills-es2015.js /internationalization /OAuth2 /a/ //a//b a/b /feed /face-2-cafe /RootView.js/UserList.tsx";
        for path in paths.split_whitespace() {
            check(&[(path, path)], "");
        }
        check(&[("", "")], "");
    }

    #[test]
    fn what_may_be_data_goes() {
        check(
            &[
                ("/product/7", "/product/:id"),
                ("/order/000123/items/4/", "/order/:id/items/:id/"),
                ("/2026/11/title", "/:id/:id/title"),
                ("/u/f47ac10b-58cc-4372-a567-0e02b2c3d479", "/u/:id"),
                ("/u/F47AC10B-FFCC-4372-A567-0E02B2C3D479/edit", "/u/:id/edit"),
                ("/u/f47ac10b58cc4372a5670e02b2c3d479", "/u/:id"),
                ("/avatar_f47ac10b-58cc-4372-a567-0e02b2c3d479.png", "/avatar_:id.png"),
                ("/commit/3f2a9c1b", "/commit/:id"),
                ("/commit/3f2a9c1", "/commit/:id"),
                ("/day/2026-11-21", "/day/:date"),
                ("/day/2026-11-21T100000Z", "/day/:id"),
                ("/day/2026-11-21-report", "/day/:id-report"),
                ("/log-2026-11-21.txt", "/log-:id.txt"),
                ("/u/someone@example.com", "/u/:email"),
                ("/u/someone%40example.com/edit", "/u/:email/edit"),
                ("/u/1234567@example.com", "/u/:email"),
                ("/u/some%20one%40example.com", "/u/:id"),
                ("/u/someone%2540example.com", "/u/:id"),
                ("/@someone", "/:id"),
                ("/npm/library@1.2.3/dist/x.js", "/npm/:id/dist/x.js"),
                ("/blue-shirt-12345", "/blue-shirt-:id"),
                ("/12345-blue-shirt", "/:id-blue-shirt"),
                ("/order-2026-000123", "/order-:id"),
                ("/tv-4k-120hz-55-zoll", "/tv-:id-zoll"),
                ("/INV-24-017", "/INV-:id"),
                ("/code/XK12-PQ34", "/code/:id"),
                ("/DE89370400440532013000", "/:id"),
                ("/card/4111-1111-1111-1111", "/card/:id"),
                ("/card/4111.1111_1111~1111", "/card/:id"),
                ("/card/4111%201111%201111%201111", "/card/:id"),
                ("/call/+49-171-234-56-78", "/call/:id"),
                ("/call/tel-555-123-45-67-now", "/call/tel-:id-now"),
                ("/call/(555)-123--45-67", "/call/(:id"),
                ("/ssn/123-45-6789", "/ssn/:id"),
                ("/ip/203.0.113.9", "/ip/:id"),
                ("/anna1987", "/:id"),
                ("/watch/dQw4w9WgXcQ", "/watch/:id"),
                ("/watch/dQw4-9WgXcQ", "/watch/:id"),
                ("/dp/B08N5WRWNW", "/dp/:id"),
                ("/j/a8x2k9", "/j/:id"),
                ("/s/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/s/:id"),
                ("/s/V1StGXR8_Z5jdHi6B-myT", "/s/:id"),
                ("/s/cs_test_a1B2c3D4e5F6g7H8i9", "/s/cs_test_:id"),
                ("/s/kqzjwmxtplvbnrhsgdfyckqzjwmxtplvb", "/s/:id"),
                ("/s/KqzJwmxtPlvbnrHsgdfYckqz", "/s/:id"),
                ("/s/eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl", "/s/:id"),
                ("/s/dG9rZW4=", "/s/:id"),
                ("/static/app.3f2a9c1b.js", "/static/app.:id.js"),
                ("/static/app-3f2a9c1b4d5e6f70.chunk.css", "/static/app-:id.chunk.css"),
                ("/static/main-es2015.3f2a9c1b4d5e.js", "/static/main-es2015.:id.js"),
                ("/assets/index-DiwrgTda.js", "/assets/index-:id.js"),
                ("/assets/UserList-BxYzKqWm.js", "/assets/UserList-:id.js"),
                ("/assets/chunk-ABCDEFGH.js", "/assets/chunk-:id.js"),
                ("/assets/3f2a9c1b4d5e6f70.png", "/assets/:id.png"),
                ("/banner-300x250.jpg", "/banner-:id.jpg"),
                ("/gr%C3%B6%C3%9Fe/größe", "/:id/:id"),
                ("/search/john+smith/john%20smith", "/search/:id/:id"),
                ("/q/name=smith/a:b/a,b/it's/a!/a*", "/q/:id/:id/:id/:id/:id/:id"),
                ("/cart;jsessionid=ABC/x", "/cart"),
                ("/cart%3Bjsessionid=ABC/x", "/:id/x"),
                ("/cart?x=1", "/cart"),
                ("/cart#x", "/cart"),
                ("7", ":id"),
                ("tel:+49171234567", ":id"),
            ],
            "",
        );
        let longest = ["/", &"ab-".repeat(21), "a"].concat();
        check(&[(&longest, &longest), (&[&longest, "b"].concat(), "/:id"), (&[&longest, "@b.c"].concat(), "/:email")], "");
    }

    #[test]
    fn the_first_rule_that_fits_is_the_template() {
        check(
            &[
                ("/product/blue", "/product/:slug"),
                ("/product/blue/", "/product/:slug"),
                ("/product/", "/product"),
                ("/product/blue;x=1", "/product/:slug"),
                ("/product/blue/12345", "/product/blue/:id"),
                ("/products/blue", "/products/blue"),
                ("/u/anna", "/u/:name/*"),
                ("/u/anna/a/b/12345", "/u/:name/*"),
                ("/u/", "/u/"),
                ("/u//a", "/u//a"),
                ("/Product/12345", "/Product/:id"),
                ("/es/12345", "/es/:id"),
                ("/year/2026", "/year/2026"),
                ("/", "/"),
                ("", ""),
            ],
            "/product/:slug\n/product\n\n/u/:name/*\n/u/anna\n/year/2026",
        );
        check(&[("/a/b", "/*"), ("/", "/*"), ("/12345", "/*")], "/*\n/a/b");
        check(&[("/x/en/cart", "/x/:a/cart"), ("/x/en", "/x/en"), ("/x/en/cart/9", "/x/en/cart/:id")], "/x/:a/cart");
    }

    #[test]
    fn no_number_and_no_address_is_left() {
        let parts = [
            "0", "1", "23", "456", "7", "8", "9", "-", "-", "_", ".", "(", "~", "/", ";", "@", "%40", "%", "a", "f", "x", "Q",
            "es20", "shop", "ö",
        ];
        let mut ids = Ids::new(&[7; 16]);
        for _ in 0..20_000 {
            let mut path = Vec::new();
            for _ in 0..draw(&mut ids, 24) {
                path.extend_from_slice(parts[draw(&mut ids, parts.len())].as_bytes());
            }
            let out = of(&path, "");
            let text = from_utf8(&out).unwrap().replace("es20", "");
            let path = from_utf8(&path).unwrap();
            assert!(!text.contains(['@', '%', ';']), "{path} {text}");
            assert!(text.split(|c: char| !c.is_ascii_digit()).all(|run| run.len() < 4), "{path} {text}");
        }
    }

    /// Letters that are drawn may look like a word. The longer they are, the fewer do.
    #[test]
    fn tokens_are_known_but_for_a_few() {
        let mut ids = Ids::new(&[9; 16]);
        for (alphabet, len, most) in [
            (&b"0123456789abcdef"[..], 16, 0),
            (b"0123456789abcdefghijklmnopqrstuvwxyz", 16, 15),
            (&ALL[..62], 11, 100),
            (&ALL[..62], 16, 15),
            (&ALL[..62], 24, 0),
            (ALL, 22, 10),
            (ALL, 43, 0),
        ] {
            let survived = (0..1000).filter(|_| {
                let token = token(&mut ids, alphabet, len);
                of(&token, "") == token
            });
            let survived = survived.count();
            assert!(survived <= most, "{survived} of 1000 with {len} of {}", alphabet.len());
        }
    }
}
