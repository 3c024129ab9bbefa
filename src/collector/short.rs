//! A short visit: the page was left before the agent was there, so the loader told the little that it had, as JSON
//! (WIRE.md). What the fields may be is checked here, one by one, so that a refusal can name the one that is wrong.

use crate::limits;
use crate::thresholds::VITALS;
use serde_json::{Map, Value};

/// First byte of such a body; a beacon of the agent begins with [`vitrum_wire::frame::MAGIC`].
pub(crate) const OPENING: u8 = b'{';

const VERSION: u64 = 1;

/// What the loader told, each part within its bounds. A text that is empty is one that there is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Short {
    pub(crate) page: String,
    /// The page's time origin, in milliseconds since 1970.
    pub(crate) at_ms: f64,
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) environment: String,
    pub(crate) rate: f64,
    pub(crate) session: String,
    pub(crate) view: String,
    pub(crate) trace: Vec<u8>,
    pub(crate) root: Vec<u8>,
    pub(crate) url: String,
    pub(crate) template: String,
    pub(crate) referrer: String,
    pub(crate) navigation: String,
    /// The browser says that it is automated.
    pub(crate) is_synthetic: bool,
    pub(crate) vitals: Vec<(String, f64)>,
    pub(crate) errors: Vec<Error>,
    /// Errors that there was no room for.
    pub(crate) lost: f64,
}

/// An error of the page: milliseconds since the time origin, and what it said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Error {
    pub(crate) at_ms: f64,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) stack: String,
}

/// Why a body is no short visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    TooLarge,
    /// It is no JSON object: what the parser says.
    NoObject(String),
    UnknownVersion,
    /// A field that must be there is not.
    Absent(&'static str),
    /// What a field has to be, which it is not.
    Wrong(&'static str, &'static str),
}

impl Short {
    pub(crate) fn open(body: &[u8]) -> Result<Self, Flaw> {
        if body.len() > limits::SHORT_BYTES {
            return Err(Flaw::TooLarge);
        }
        let object: Map<String, Value> = serde_json::from_slice(body).map_err(|error| Flaw::NoObject(error.to_string()))?;
        let fields = Fields(&object);
        match object.get("v") {
            None => return Err(Flaw::Absent("v")),
            Some(version) if version.as_u64() != Some(VERSION) => return Err(Flaw::UnknownVersion),
            Some(_) => {}
        }
        Ok(Self {
            page: fields.needed("page", fields.digits("page", 16)?)?,
            at_ms: fields.number("at", "milliseconds since 1970", 0.0..=1e14)?.ok_or(Flaw::Absent("at"))?,
            service: fields.needed("service", fields.text("service")?)?,
            version: fields.text("version")?,
            environment: fields.text("environment")?,
            rate: fields.number("rate", "a share of sessions, from 0.000001 to 1", limits::SAMPLE_RATE..=1.0)?.unwrap_or(1.0),
            session: fields.digits("session", 32)?,
            view: fields.digits("view", 16)?,
            trace: bytes(&fields.digits("trace", 32)?),
            root: bytes(&fields.digits("root", 16)?),
            url: fields.text("url")?,
            template: fields.text("template")?,
            referrer: fields.text("referrer")?,
            // The browser writes these with a line below, web-vitals with one in the middle, and so do our records.
            navigation: fields.text("type")?.replace('_', "-"),
            is_synthetic: fields.flag("synthetic")?,
            vitals: fields.list("vitals", "at most 16 pairs of a vital's name and its value, from 0 on", 16, vital)?,
            errors: fields.list("errors", "at most 50 lists of a time, a type, a message and a stack", 50, error)?,
            lost: fields.number("lost", "a count", 0.0..=1e9)?.unwrap_or_default().trunc(),
        })
    }
}

/// The fields of the object; all but four may be absent, and what is not known is passed over.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn needed(&self, name: &'static str, text: String) -> Result<String, Flaw> {
        if text.is_empty() { Err(Flaw::Absent(name)) } else { Ok(text) }
    }

    fn text(&self, name: &'static str) -> Result<String, Flaw> {
        match self.0.get(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(Flaw::Wrong(name, "a text")),
        }
    }

    fn flag(&self, name: &'static str) -> Result<bool, Flaw> {
        match self.0.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(Flaw::Wrong(name, "true or false")),
        }
    }

    /// So many hexadecimal digits, or none.
    fn digits(&self, name: &'static str, count: usize) -> Result<String, Flaw> {
        let text = self.text(name)?;
        let is_digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let expected = if count == 16 { "16 hexadecimal digits in lower case" } else { "32 hexadecimal digits in lower case" };
        if text.is_empty() || (is_digits && text.len() == count) { Ok(text) } else { Err(Flaw::Wrong(name, expected)) }
    }

    fn number(
        &self,
        name: &'static str,
        expected: &'static str,
        allowed: std::ops::RangeInclusive<f64>,
    ) -> Result<Option<f64>, Flaw> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        match value.as_f64().filter(|number| allowed.contains(number)) {
            None => Err(Flaw::Wrong(name, expected)),
            number => Ok(number),
        }
    }

    fn list<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        most: usize,
        read: fn(&[Value]) -> Option<T>,
    ) -> Result<Vec<T>, Flaw> {
        let Some(value) = self.0.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().filter(|items| items.len() <= most);
        let all = items.and_then(|items| items.iter().map(|item| read(item.as_array()?)).collect());
        all.ok_or(Flaw::Wrong(name, expected))
    }
}

fn vital(item: &[Value]) -> Option<(String, f64)> {
    let [name, value] = item else { return None };
    let name = name.as_str().filter(|name| VITALS.iter().any(|vital| vital.0 == *name))?;
    Some((name.to_owned(), value.as_f64().filter(|value| *value >= 0.0)?))
}

fn error(item: &[Value]) -> Option<Error> {
    let [at_ms, kind, message, stack] = item else { return None };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let at_ms = at_ms.as_f64().filter(|at_ms| (0.0..=1e11).contains(at_ms))?;
    Some(Error { at_ms, kind: text(kind)?, message: text(message)?, stack: text(stack)? })
}

/// What pairs of hexadecimal digits stand for.
fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2).filter_map(|at| u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sampled::Chance;
    use serde_json::json;

    pub(crate) fn visit() -> Value {
        json!({"v": 1, "page": "00000000000000aa", "at": 1_800_000_000_000.5, "service": "shop", "version": "1.2", "environment": "test",
            "rate": 0.5, "session": "00112233445566778899aabbccddeeff", "view": "00000000000000bb",
            "trace": "0102030405060708090a0b0c0d0e0f10", "root": "1112131415161718", "url": "https://shop.example/x/:id",
            "template": "/x/:id", "referrer": "https://search.example", "type": "back_forward",
            "vitals": [["fcp", 812], ["lcp", 3000], ["cls", 0.05]],
            "errors": [[15, "TypeError", "x is undefined", "at a.js:1:2"]], "lost": 2})
    }

    fn flaw(body: &Value) -> Option<Flaw> {
        Short::open(body.to_string().as_bytes()).err()
    }

    #[test]
    fn a_visit_is_read_and_all_but_four_fields_may_be_absent() {
        let short = Short::open(visit().to_string().as_bytes()).unwrap();
        assert_eq!((short.page.as_str(), short.at_ms, short.rate, short.lost), ("00000000000000aa", 1_800_000_000_000.5, 0.5, 2.0));
        assert_eq!((short.root, short.navigation.as_str()), ((0x11..=0x18).collect(), "back-forward"));
        assert_eq!((short.vitals[2].clone(), short.errors.len()), (("cls".to_owned(), 0.05), 1));
        let least = json!({"v": 1, "page": "00000000000000aa", "at": 1, "service": "shop", "later": {"a": [1]}});
        let expected =
            Short { page: "00000000000000aa".to_owned(), at_ms: 1.0, service: "shop".to_owned(), rate: 1.0, ..Short::default() };
        assert_eq!(Short::open(least.to_string().as_bytes()), Ok(expected));
    }

    #[test]
    fn each_field_has_its_form() {
        let long = vec![json!([1, "a", "b", "c"]); 51];
        for (field, wrong) in [
            ("page", json!("00000000000000AA")),
            ("page", json!("00aa")),
            ("page", json!(12)),
            ("at", json!("1")),
            ("at", json!(-1)),
            ("at", json!(1e15)),
            ("service", json!(["shop"])),
            ("version", json!(1)),
            ("environment", json!(null)),
            ("rate", json!(0)),
            ("rate", json!(1.5)),
            ("rate", json!("1")),
            ("session", json!("00112233445566778899aabbccddeef")),
            ("view", json!("00000000000000b\u{e9}")),
            ("trace", json!("0")),
            ("root", json!(false)),
            ("url", json!({})),
            ("template", json!(1)),
            ("referrer", json!(1)),
            ("type", json!(1)),
            ("synthetic", json!("test")),
            ("vitals", json!({"lcp": 1})),
            ("vitals", json!([["lcp"]])),
            ("vitals", json!([["lcp", "1"]])),
            ("vitals", json!([["lcp", -1]])),
            ("vitals", json!([["fid", 1]])),
            ("vitals", json!(["lcp", 1])),
            ("vitals", json!(vec![["lcp"]; 17])),
            ("errors", json!([["TypeError", "m", "s"]])),
            ("errors", json!([[1, "a", "b"]])),
            ("errors", json!([[-1, "a", "b", "c"]])),
            ("errors", json!([[1, "a", null, "c"]])),
            ("errors", json!(long)),
            ("lost", json!(-1)),
            ("lost", json!("many")),
        ] {
            let mut body = visit();
            body[field] = wrong.clone();
            assert!(matches!(flaw(&body), Some(Flaw::Wrong(name, _)) if name == field), "{field} {wrong}: {:?}", flaw(&body));
        }
        for field in ["v", "page", "at", "service"] {
            let mut body = visit();
            body.as_object_mut().unwrap().remove(field);
            assert_eq!(flaw(&body), Some(Flaw::Absent(field)));
        }
        for version in [json!(2), json!("1"), json!(null), json!(1.5)] {
            let mut body = visit();
            body["v"] = version;
            assert_eq!(flaw(&body), Some(Flaw::UnknownVersion));
        }
    }

    #[test]
    fn what_is_cut_off_anywhere_or_damaged_is_refused_and_never_a_panic() {
        let whole = visit().to_string().into_bytes();
        for end in 0..whole.len() {
            assert!(matches!(Short::open(&whole[..end]), Err(Flaw::NoObject(_))), "{end}");
        }
        let mut chance = Chance(20_261_130);
        let mut pick = |below: usize| (chance.next() * below as f64) as usize;
        let mut opened = 0;
        for _ in 0..20_000 {
            let mut damaged = whole.clone();
            for _ in 0..=pick(3) {
                let at = pick(damaged.len());
                match pick(3) {
                    0 => damaged[at] = pick(256) as u8,
                    1 => drop(damaged.remove(at)),
                    _ => damaged.insert(at, b"{}[]\",:0-e\\n\xff"[pick(13)]),
                }
            }
            opened += usize::from(Short::open(&damaged).is_ok());
        }
        // Damage within a text leaves it a text, and anything else is seen.
        assert!((1000..15_000).contains(&opened), "{opened}");
        let deep = [b"{\"v\":".as_slice(), &b"[".repeat(60_000)].concat();
        assert!(matches!(Short::open(&deep), Err(Flaw::NoObject(_))));
        assert_eq!(Short::open(&vec![b'{'; limits::SHORT_BYTES + 1]), Err(Flaw::TooLarge));
    }
}
