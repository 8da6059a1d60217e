//! From places of rows to what a reader sees: end positions, excerpts, and comments that allow a finding.
//!
//! Texts are read again, masked like those that the extractors saw; the few files that findings speak of are kept. What was
//! found out about places is remembered for as long as their files stay as they are ([`Spots`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use base::LineIndex;
use facts::RowPlace;
use regex::Regex;

use crate::Spot;

/// Longer lines are cut: an excerpt is for orientation.
const LONGEST: usize = 200;

/// Reads a scanned file, decoded and with its secrets masked; none where it cannot be had.
pub(crate) type ReadText<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// The line at a byte of a file as people see it, where that is not how it is stored.
pub(crate) type ShowLine<'a> = Box<dyn Fn(&str, &str, usize) -> Option<String> + 'a>;

/// The texts that findings speak of.
pub(crate) struct Excerpts<'a> {
    read: ReadText<'a>,
    shown: ShowLine<'a>,
    texts: HashMap<Arc<str>, Option<(String, LineIndex)>>,
    spots: Spots,
}

/// Places beyond which nothing more is remembered.
const REMEMBERED: usize = 200_000;

/// What was found out about places, by file: to judge again after an edit of policies, no file need be read again.
#[derive(Debug, Default)]
pub(crate) struct Spots {
    files: HashMap<Arc<str>, SpotsOfFile>,
    count: usize,
}

#[derive(Debug, Default)]
struct SpotsOfFile {
    spots: HashMap<RowPlace, Spot>,
    /// By line, the control that a comment there allows findings of, and what it says.
    marks: HashMap<u32, Option<(String, Allow)>>,
}

impl Spots {
    /// Forgets what was found in a file.
    pub fn forget(&mut self, path: &str) {
        if let Some(file) = self.files.remove(path) {
            self.count -= file.spots.len() + file.marks.len();
        }
    }

    fn of(&self, path: &str) -> Option<&SpotsOfFile> {
        self.files.get(path)
    }

    fn room_for(&mut self, path: &Arc<str>) -> &mut SpotsOfFile {
        if self.count >= REMEMBERED {
            *self = Spots::default();
        }
        self.count += 1;
        self.files.entry(path.clone()).or_default()
    }
}

/// The marker of a comment that allows a finding. It must stand in a comment of some language, not merely in a text.
static ALLOW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:#|//|--|;|%|/\*|<!--|\{#|^\s*\*)\s*lawbook:\s*allow\s+(\S+)[ \t]*(.*)$").ok());

/// What a comment `lawbook: allow CONTROL reason` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allow {
    /// Why; empty where it does not say, and then it does not count.
    pub reason: String,
    /// Its line, from 1.
    pub line: u32,
}

impl<'a> Excerpts<'a> {
    pub(crate) fn new(read: ReadText<'a>, shown: ShowLine<'a>) -> Self {
        Excerpts { read, shown, texts: HashMap::new(), spots: Spots::default() }
    }

    /// The same, with what was found out before about files that are as they were.
    pub(crate) fn with(self, spots: Spots) -> Self {
        Excerpts { spots, ..self }
    }

    /// What was found out.
    pub(crate) fn into_spots(self) -> Spots {
        self.spots
    }

    fn text(&mut self, path: &Arc<str>) -> Option<&(String, LineIndex)> {
        self.keep(path);
        self.texts.get(path).and_then(Option::as_ref)
    }

    fn keep(&mut self, path: &Arc<str>) {
        if !self.texts.contains_key(path) {
            let text = (self.read)(path).map(|text| {
                let index = LineIndex::new(&text);
                (text, index)
            });
            self.texts.insert(path.clone(), text);
        }
    }

    /// Looks places up that will be asked for, file by file: then no more than one text is held at a time.
    pub(crate) fn prepare(&mut self, places: BTreeMap<Arc<str>, BTreeSet<RowPlace>>) {
        for (path, places) in places {
            let known = self.spots.of(&path);
            let new = |place: &RowPlace| place.line > 0 && !known.is_some_and(|file| file.spots.contains_key(place));
            let new: Vec<RowPlace> = places.into_iter().filter(new).collect();
            let held = self.texts.contains_key(&path);
            if new.is_empty() || self.spots.count + 3 * new.len() > REMEMBERED {
                continue;
            }
            for place in new {
                self.spot(&path, place);
                self.mark(&path, place.line);
                if place.line > 1 {
                    self.mark(&path, place.line - 1);
                }
            }
            if !held {
                self.texts.remove(&path);
            }
        }
    }

    /// The place with its end and its line's text.
    pub(crate) fn spot(&mut self, path: &Arc<str>, place: RowPlace) -> Spot {
        let mut spot = Spot {
            path: path.clone(),
            line: place.line,
            column: place.column,
            end_line: place.line,
            end_column: place.column,
            excerpt: None,
        };
        if place.line == 0 {
            return spot;
        }
        if let Some(known) = self.spots.of(path).and_then(|file| file.spots.get(&place)) {
            return known.clone();
        }
        self.keep(path);
        if let Some(Some((text, index))) = self.texts.get(path) {
            let end = index.line_column(text, place.end as usize);
            if (end.line, end.column) >= (spot.line, spot.column) && place.end > place.start {
                (spot.end_line, spot.end_column) = (end.line, end.column);
            }
            let shown = (self.shown)(path, text, place.start as usize);
            spot.excerpt = shown.as_deref().or_else(|| line(text, index, place.line)).map(cut);
        }
        self.spots.room_for(path).spots.insert(place, spot.clone());
        spot
    }

    /// The comment on the finding's own line or the one above that allows findings of `control`.
    pub(crate) fn allow(&mut self, spot: &Spot, control: &str) -> Option<Allow> {
        let lines = [spot.line, spot.line.saturating_sub(1)];
        lines.into_iter().filter(|line| *line > 0).find_map(|number| {
            let (allowed, allow) = self.mark(&spot.path, number)?;
            (allowed == control).then_some(allow)
        })
    }

    /// The control whose findings a comment on that line allows, and what it says.
    fn mark(&mut self, path: &Arc<str>, number: u32) -> Option<(String, Allow)> {
        if let Some(known) = self.spots.of(path).and_then(|file| file.marks.get(&number)) {
            return known.clone();
        }
        let found = self.text(path).and_then(|(text, index)| mark(line(text, index, number)?, number));
        self.spots.room_for(path).marks.insert(number, found.clone());
        found
    }
}

fn mark(line: &str, number: u32) -> Option<(String, Allow)> {
    let found = ALLOW.as_ref()?.captures(line)?;
    // The end of a line of code in a notebook is that of a string of JSON.
    let reason = found[2].trim().trim_end_matches("\\n\",").trim_end_matches('"');
    let reason = reason.trim_end_matches("*/").trim_end_matches("-->").trim_end_matches("#}").trim();
    Some((found[1].trim_end_matches([':', ',']).to_owned(), Allow { reason: reason.to_owned(), line: number }))
}

fn line<'t>(text: &'t str, index: &LineIndex, number: u32) -> Option<&'t str> {
    let at = number as usize - 1;
    let start = index.line_start(at)?;
    let end = index.line_start(at + 1).unwrap_or(text.len());
    Some(text[start..end].trim_end_matches(['\n', '\r']))
}

fn cut(line: &str) -> Arc<str> {
    // Control characters of a hostile file must not reach a terminal.
    let clean = |c: char| {
        if c == '\t' {
            ' '
        } else if c.is_control() {
            '\u{fffd}'
        } else {
            c
        }
    };
    let mut text: String = line.chars().take(LONGEST).map(clean).collect();
    if line.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpts(text: &'static str) -> Excerpts<'static> {
        Excerpts::new(Box::new(move |_| Some(text.to_owned())), Box::new(|_, _, _| None))
    }

    fn spot(line: u32) -> Spot {
        Spot { path: "a".into(), line, column: 1, end_line: line, end_column: 1, excerpt: None }
    }

    #[test]
    fn ends_and_excerpts_come_from_the_text() {
        let mut excerpts = excerpts("a\nfoo(\n  é)\n\u{1b}[31m\n");
        let place = RowPlace { start: 2, end: 11, line: 2, column: 1 };
        let found = excerpts.spot(&"a".into(), place);
        assert_eq!((found.end_line, found.end_column, found.excerpt.as_deref()), (3, 4, Some("foo(")));
        let place = RowPlace { start: 12, end: 13, line: 4, column: 1 };
        assert_eq!(excerpts.spot(&"a".into(), place).excerpt.as_deref(), Some("\u{fffd}[31m"));
    }

    #[test]
    fn what_is_looked_up_before_is_the_same_and_no_text_is_held() {
        let text = "a # lawbook: allow C-1 why\nfoo(\n  x)\n";
        let (path, place): (Arc<str>, _) = ("a".into(), RowPlace { start: 27, end: 34, line: 2, column: 1 });
        let (mut before, mut anew) = (excerpts(text), excerpts(text));
        before.prepare(BTreeMap::from([(path.clone(), BTreeSet::from([place]))]));
        assert!(before.texts.is_empty());
        let spot = before.spot(&path, place);
        assert_eq!(spot, anew.spot(&path, place));
        assert_eq!(before.allow(&spot, "C-1"), anew.allow(&spot, "C-1"));
        assert!(before.allow(&spot, "C-1").is_some() && before.texts.is_empty());
    }

    #[test]
    fn comments_allow_the_line_and_the_next() {
        let mut excerpts =
            excerpts("# lawbook: allow AI-1 a demo\nx\ny # lawbook: allow AI-1\n\"lawbook: allow AI-1 no\"\n");
        assert_eq!(excerpts.allow(&spot(2), "AI-1"), Some(Allow { reason: "a demo".into(), line: 1 }));
        assert_eq!(excerpts.allow(&spot(1), "AI-2"), None);
        assert_eq!(excerpts.allow(&spot(3), "AI-1"), Some(Allow { reason: String::new(), line: 3 }));
        assert_eq!(excerpts.allow(&spot(5), "AI-1"), None);
    }
}
