//! Files whose name in a stack is not whole: the agent tells paths by templates, in which the hash that a bundler has put into a
//! name is `:id`, and without consent it tells the last part of a path only.

use crate::stack::Place;

/// Whether a part of the name is not told.
pub(crate) fn is_masked(place: &Place) -> bool {
    let (_, path) = place.file();
    !path.contains('/') || path.split('/').any(|segment| pieces(segment).len() > 1)
}

/// Whether a file that was uploaded by this name may be the one of the stack.
pub(crate) fn fits(file: &str, place: &Place) -> bool {
    let (origin, path) = place.file();
    let (own_origin, own_path) = file.split_at(file.find("://").map_or(0, |at| {
        let host = at + 3;
        file.get(host..).and_then(|rest| rest.find('/')).map_or(file.len(), |slash| host + slash)
    }));
    if !own_origin.is_empty() && !origin.is_empty() && own_origin != origin {
        return false;
    }
    let (told, own): (Vec<_>, Vec<_>) = (path.rsplit('/').collect(), own_path.rsplit('/').collect());
    // From a root, all of it has to be there; a bare name has no more than the end.
    let is_long_enough = told.len() == 1 || if own_path.starts_with('/') { told.len() == own.len() } else { told.len() >= own.len() };
    is_long_enough && told.iter().zip(&own).all(|(told, own)| segment_fits(own, told))
}

/// Whether a segment is what is told of it; each placeholder is something.
fn segment_fits(own: &str, told: &str) -> bool {
    let pieces = pieces(told);
    let (Some((first, middle)), true) = (pieces.split_first(), pieces.len() > 1) else { return own == told };
    let Some((last, middle)) = middle.split_last() else { return own == told };
    let Some(mut rest) = own.strip_prefix(first) else { return false };
    for piece in middle {
        let mut letters = rest.chars();
        letters.next();
        match letters.as_str().split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.len() > last.len() && rest.ends_with(last)
}

/// What stands between the placeholders of a segment.
fn pieces(segment: &str) -> Vec<&str> {
    let mut parts = segment.split(':');
    let mut pieces: Vec<_> = parts.next().into_iter().collect();
    for part in parts {
        let word = part.bytes().take_while(u8::is_ascii_lowercase).count();
        pieces.push(part.get(word..).unwrap_or_default());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Place {
        Place { url: url.to_owned(), line: 1, column: 1 }
    }

    #[test]
    fn a_name_of_which_a_part_is_told_may_be_that_of_a_file() {
        for (url, file, expected) in [
            ("https://a.example/assets/index-:id.js", "assets/index-DiwrgTda.js", true),
            ("https://a.example/assets/index-:id.js", "index-DiwrgTda.js", true),
            ("https://a.example/assets/index-:id.js", "/assets/index-DiwrgTda.js", true),
            ("https://a.example/assets/index-:id.js", "https://a.example/assets/index-DiwrgTda.js", true),
            ("https://a.example/assets/index-:id.js", "https://b.example/assets/index-DiwrgTda.js", false),
            ("https://a.example/assets/index-:id.js", "/x/assets/index-DiwrgTda.js", false),
            ("https://a.example/assets/index-:id.js", "other/index-DiwrgTda.js", false),
            ("https://a.example/assets/index-:id.js", "assets/vendor-DiwrgTda.js", false),
            ("https://a.example/assets/index-:id.js", "assets/index-.js", false),
            ("https://a.example/:id/app.:id.min.js", "3f9a2b1c/app.77aa.min.js", true),
            ("index-:id.js", "assets/index-DiwrgTda.js", true),
            ("main.js", "/assets/main.js", true),
            ("main.js", "/assets/domain.js", false),
        ] {
            assert_eq!(fits(file, &place(url)), expected, "{url} {file}");
        }
        for (url, expected) in [("https://a.example:80/x/main.js", false), ("main.js", true), ("https://a.example/index-:id.js", true)] {
            assert_eq!(is_masked(&place(url)), expected, "{url}");
        }
    }
}
