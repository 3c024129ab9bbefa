//! Where a frame of a minified script was in its sources: by the source map of its release.

use crate::limits;
use crate::original_name::{called, declared, name_at};
use crate::source_maps::{self, Opened};
use crate::stack::{Frame, Place};
use rusqlite::Connection;
use serde::Serialize;
use sourcemap::Token;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A place in the sources; lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Original {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) function: Option<String>,
    /// Not the site's own code: of a package, or on the map's list of what debuggers pass over.
    pub(crate) is_library: bool,
    /// The line and those around it, where the map has the sources.
    pub(crate) context: Option<Context>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Context {
    pub(crate) first_line: u32,
    pub(crate) lines: Vec<String>,
}

/// What is known of one frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    Original(Original),
    /// No map is stored for the file.
    NoMap,
    /// The map says nothing of the place, or it is in no file.
    Nothing,
}

/// Looks up the frames of one stack; a map is opened once.
pub(crate) struct Originals<'a> {
    connection: &'a Connection,
    release: &'a str,
    service: &'a str,
    opened: BTreeMap<String, Option<Rc<Opened>>>,
}

impl<'a> Originals<'a> {
    pub(crate) fn new(connection: &'a Connection, release: &'a str, service: &'a str) -> Self {
        Self { connection, release, service, opened: BTreeMap::new() }
    }

    /// In the order of the frames, the innermost first.
    pub(crate) fn of(&mut self, frames: &[Frame]) -> rusqlite::Result<Vec<Found>> {
        let maps = frames
            .iter()
            .map(|frame| frame.place.as_ref().map(|place| self.map(place)).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        let mut found = Vec::new();
        for (at, (frame, map)) in frames.iter().zip(&maps).enumerate() {
            found.push(match (map, &frame.place) {
                (Some(Some(map)), Some(place)) => {
                    // Who called it stands in the next frame.
                    let caller = frames.get(at + 1).zip(maps.get(at + 1)).and_then(|(frame, map)| {
                        Some(Seen { opened: map.as_ref()?.as_ref()?, place: frame.place.as_ref()? })
                    });
                    let original = Seen { opened: map, place }.original(frame.function.as_deref(), caller.as_ref());
                    original.map_or(Found::Nothing, Found::Original)
                }
                (Some(None), _) => Found::NoMap,
                _ => Found::Nothing,
            });
        }
        Ok(found)
    }

    fn map(&mut self, place: &Place) -> rusqlite::Result<Option<Rc<Opened>>> {
        if let Some(opened) = self.opened.get(&place.url) {
            return Ok(opened.clone());
        }
        if self.opened.len() >= limits::MAPS_OPENED {
            return Ok(None);
        }
        let opened = source_maps::find(self.connection, self.release, self.service, place)?.map(Rc::new);
        self.opened.insert(place.url.clone(), opened.clone());
        Ok(opened)
    }
}

/// A place in a script whose map is there.
struct Seen<'a> {
    opened: &'a Opened,
    place: &'a Place,
}

impl Seen<'_> {
    /// The mapping that covers the place; a mapping ends with its line.
    fn token(&self) -> Option<Token<'_>> {
        let line = self.place.line.checked_sub(1)?;
        let token = self.opened.map.lookup_token(line, self.place.column.saturating_sub(1))?;
        (token.get_dst_line() == line && token.has_source()).then_some(token)
    }

    fn original(&self, function: Option<&str>, caller: Option<&Seen<'_>>) -> Option<Original> {
        let token = self.token()?;
        let source = token.get_source().unwrap_or_default();
        let is_ignored = self.opened.map.ignore_list().any(|id| *id == token.get_src_id());
        let file = tidied(source);
        Some(Original {
            is_library: is_ignored || file.contains("node_modules/"),
            file,
            line: token.get_src_line() + 1,
            column: token.get_src_col() + 1,
            function: self.function(function, caller),
            context: context(&token),
        })
    }

    /// By where it is declared, else by how it was called, else as its sender called it.
    fn function(&self, told: Option<&str>, caller: Option<&Seen<'_>>) -> Option<String> {
        let by_call = || caller.and_then(|caller| caller.called());
        let Some(told) = told.filter(|told| !told.ends_with("<anonymous>")) else { return by_call() };
        let (new, name) = told.strip_prefix("new ").map_or(("", told), |name| ("new ", name));
        // `t.total`: a method, whose name minifiers leave alone, of a class or an object that they have renamed.
        if let Some((owner, method)) = name.rsplit_once('.') {
            let class = self.declared(owner).filter(|class| class.starts_with(char::is_uppercase));
            return Some(class.map_or_else(|| method.to_owned(), |class| format!("{class}.{method}")));
        }
        let by_declaration = self.declared(name).map(|name| format!("{new}{name}"));
        by_declaration.or_else(by_call).or_else(|| Some(told.to_owned()))
    }

    fn declared(&self, name: &str) -> Option<String> {
        let script = self.opened.script.as_deref()?;
        let (line, column) = declared(script, self.place.line.checked_sub(1)?, self.place.column.saturating_sub(1), name)?;
        let token = self.opened.map.lookup_token(line, column)?;
        if token.get_dst() != (line, column) {
            return None;
        }
        token.get_name().map(str::to_owned).or_else(|| name_at(source_line(&token, 0)?, token.get_src_col()))
    }

    fn called(&self) -> Option<String> {
        let token = self.token()?;
        called(source_line(&token, 0)?, token.get_src_col())
    }
}

/// A line of the sources, so many lines after that of the mapping.
fn source_line<'a>(token: &Token<'a>, after: i64) -> Option<&'a str> {
    let line = u32::try_from(i64::from(token.get_src_line()) + after).ok()?;
    token.sourcemap().get_source_view(token.get_src_id())?.get_line(line)
}

fn context(token: &Token<'_>) -> Option<Context> {
    source_line(token, 0)?;
    let around = i64::from(limits::CONTEXT_LINES);
    let lines: Vec<_> = (-around..=around).filter_map(|after| Some((after, source_line(token, after)?))).collect();
    let first = i64::from(token.get_src_line()) + 1 + lines.first()?.0;
    Some(Context {
        first_line: u32::try_from(first).ok()?,
        lines: lines.into_iter().map(|(_, line)| line.chars().take(limits::CONTEXT_LETTERS).collect()).collect(),
    })
}

/// A source as people know it: `src/cart.ts` of `webpack://shop/./src/cart.ts`, and of `../../src/cart.ts`.
fn tidied(source: &str) -> String {
    let path = match source.split_once("://") {
        Some(("webpack", rest)) => rest.split_once('/').map_or(rest, |(_, path)| path),
        _ => source,
    };
    let mut path = path.split('?').next().unwrap_or_default();
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("../")) {
        path = rest;
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_called_by_its_path_in_the_project() {
        for (source, expected) in [
            ("webpack://shop/./src/cart.ts?1f2e", "src/cart.ts"),
            ("webpack:///./src/cart.ts", "src/cart.ts"),
            ("../../src/cart.ts", "src/cart.ts"),
            ("src/cart.ts", "src/cart.ts"),
            ("/work/src/cart.ts", "/work/src/cart.ts"),
            ("https://a.example/cart.ts", "https://a.example/cart.ts"),
        ] {
            assert_eq!(tidied(source), expected);
        }
    }
}
