//! How a function was called before a minifier renamed it. The map says what a name was, if one knows where it stands: in the
//! script, where the function is declared, or in the sources, where it was called.

/// Bytes of the script before a place in which the declaration is looked for: the largest function has fewer.
const WINDOW: usize = 1024 * 1024;

/// Places of a name that are looked at: a minifier uses one letter everywhere.
const TRIES: usize = 10_000;

/// Letters of a list of parameters.
const PARAMETERS: usize = 2000;

/// Stands before a name, or in its place.
const WORDS: [&str; 14] = [
    "async", "await", "class", "const", "default", "export", "extends", "function", "get", "let", "new", "return", "static", "var",
];

/// Where in the script (line and column from 0, in UTF-16) the function of that name is declared which a place is in: the last
/// declaration before it. It may be a function, a class, or what a function is assigned to.
pub(crate) fn declared(script: &str, line: u32, column: u32, name: &str) -> Option<(u32, u32)> {
    let end = offset(script, line, column)?;
    let start = end.saturating_sub(WINDOW);
    let start = (start..=end).find(|at| script.is_char_boundary(*at))?;
    let window = script.get(start..end)?;
    let declares = |at: &usize| {
        let (before, after) = (window.get(..*at)?, script.get(start + at + name.len()..)?);
        let is_whole = !before.ends_with(|letter| is_letter(letter) || letter == '.') && !after.starts_with(is_letter);
        (is_whole && (is_announced(before) || is_assigned(after))).then_some(())
    };
    let at = window.rmatch_indices(name).take(TRIES).map(|(at, _)| at).find(|at| declares(at).is_some())?;
    position(script, start + at)
}

/// The name that stands at a column of a line, or the first after words such as `const`.
pub(crate) fn name_at(line: &str, column: u32) -> Option<String> {
    let mut rest = line.get(offset(line, 0, column)?..)?;
    for _ in 0..WORDS.len() {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '*');
        let name = word(rest);
        if !WORDS.contains(&name) {
            return (!name.is_empty()).then(|| name.to_owned());
        }
        rest = rest.get(name.len()..)?;
    }
    None
}

/// The name of what is called at a column of a line: `total` of `await cart.total(…)`.
pub(crate) fn called(line: &str, column: u32) -> Option<String> {
    let mut rest = line.get(offset(line, 0, column)?..)?;
    let mut is_new = false;
    loop {
        let name = word(rest);
        match name {
            "await" | "return" => {}
            "new" => is_new = true,
            _ => break,
        }
        rest = rest.get(name.len()..)?.trim_start();
    }
    loop {
        let name = word(rest);
        if name.is_empty() || WORDS.contains(&name) {
            return None;
        }
        rest = rest.get(name.len()..)?.trim_start();
        if rest.starts_with('(') || rest.starts_with("?.(") {
            return Some(if is_new { format!("new {name}") } else { name.to_owned() });
        }
        rest = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'))?.trim_start();
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// The name that a text begins with; none where that is a digit.
fn word(text: &str) -> &str {
    let end = text.find(|letter| !is_letter(letter)).unwrap_or(text.len());
    text.get(..end).filter(|name| !name.starts_with(|letter: char| letter.is_ascii_digit())).unwrap_or_default()
}

/// `function NAME`, `function* NAME`, `class NAME`.
fn is_announced(before: &str) -> bool {
    let bare = before.trim_end();
    let has_gap = bare.len() < before.len() || bare.ends_with('*');
    let bare = bare.trim_end_matches('*').trim_end();
    has_gap && (bare.ends_with("function") || bare.ends_with("class"))
}

/// `NAME = function`, `NAME: (a, b) => …`, `NAME = async a => …`, and so on.
fn is_assigned(after: &str) -> bool {
    let after = after.trim_start();
    let value = after.strip_prefix(':').or_else(|| after.strip_prefix('=').filter(|rest| !rest.starts_with(['=', '>'])));
    let Some(value) = value.map(str::trim_start) else { return false };
    let value = match word(value) {
        "function" | "class" => return true,
        "async" => value.get("async".len()..).unwrap_or_default().trim_start(),
        _ => value,
    };
    let parameters = if value.starts_with('(') { closed(value) } else { Some(word(value).len()).filter(|length| *length > 0) };
    let rest = parameters.and_then(|length| value.get(length..)).unwrap_or_default().trim_start();
    rest.starts_with("=>") || word(value) == "function"
}

/// How long a text in parentheses is that begins here.
fn closed(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().take(PARAMETERS) {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// The byte at a line and a column.
fn offset(text: &str, line: u32, column: u32) -> Option<usize> {
    let start = match line {
        0 => 0,
        _ => text.match_indices('\n').nth(line as usize - 1)?.0 + 1,
    };
    let mut left = column;
    for (at, letter) in text.get(start..)?.char_indices() {
        if left == 0 || letter == '\n' {
            return Some(start + at);
        }
        left = left.saturating_sub(letter.len_utf16() as u32);
    }
    Some(text.len())
}

/// Line and column of a byte.
fn position(text: &str, at: usize) -> Option<(u32, u32)> {
    let before = text.get(..at)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    Some((u32::try_from(line).ok()?, u32::try_from(before.get(start..)?.encode_utf16().count()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place is where the script has a `!`, and the declaration that is meant where it has a `^` before the name.
    #[track_caller]
    fn check(script: &str, name: &str) {
        let plain = |text: &str| text.replace('^', "");
        let (line, column) = position(&plain(script), plain(script).find('!').unwrap()).unwrap();
        let expected = script.find('^').map(|at| position(script, at).unwrap());
        assert_eq!(declared(&plain(script), line, column, name), expected, "{script}");
    }

    #[test]
    fn a_function_is_declared_in_many_ways() {
        for script in [
            "function ^a(b){!}",
            "x();function*^a(){!}",
            "async function ^a(){a(!)}",
            "var ^a=function(){!}",
            "const b=1,^a=(b,c=(1))=>{!}",
            "let ^a=async b=>{!}",
            "let ^a = async (b) => {!}",
            "var o={^a:b=>{!}}",
            "class ^a{constructor(){!}}",
            "var ^a=class{constructor(){!}}",
            "ä😀;\nfunction b(){}\n😀;function ^a(){\n!}",
            "function a(){} function ^a(){!}",
            "function ^a(){var aa=()=>1,$a=()=>1,b=a==(()=>1),c=o.a=>1;!}",
            "var a=(b+c),x=1;!",
            "a(!)",
            "class b{m(){!}}",
        ] {
            check(script, "a");
        }
    }

    #[test]
    fn what_is_called_is_read_from_the_sources() {
        for (line, column, name) in [
            ("  const sum = total(cart);", 14, Some("total")),
            ("  return cart.total(1)", 2, Some("total")),
            ("  await shop.cart?.total (1)", 2, Some("total")),
            ("  new Cart(1)", 2, Some("new Cart")),
            ("  cart.total(1)", 7, Some("total")),
            ("  callback?.(1)", 2, Some("callback")),
            ("  const x = 1", 2, None),
            ("  cart.total", 2, None),
            ("  (a, b)", 2, None),
            ("", 9, None),
        ] {
            assert_eq!(called(line, column).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn a_name_may_have_words_before_it() {
        for (line, column, name) in [
            ("export async function total(a) {", 0, Some("total")),
            ("const total = (a) =>", 0, Some("total")),
            ("const total = (a) =>", 6, Some("total")),
            ("  static *items() {", 2, Some("items")),
            ("= 1", 0, None),
        ] {
            assert_eq!(name_at(line, column).as_deref(), name, "{line}");
        }
    }
}
