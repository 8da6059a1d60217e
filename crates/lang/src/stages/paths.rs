//! Paths into documents.

use facts::{Mark, Path, Root, Step};
use syntax::ast::{DocPath, DocStep};

use super::sources::Mapper;
use crate::checks::inputs;

/// The names behind `$`.
pub(crate) const MARKS: [(&str, Mark); 6] = [
    ("key", Mark::Key),
    ("index", Mark::Index),
    ("file", Mark::File),
    ("line", Mark::Line),
    ("captured", Mark::Captured),
    ("text", Mark::Text),
];

/// What `.name()` does to a text.
pub(crate) const DECODERS: [(&str, Step); 3] = [("json", Step::Json), ("base64", Step::Base64), ("url", Step::Url)];

/// The path as seen from entry `at` of `each` (or behind all of them): its first name may be that of an entry before.
pub(super) fn path(mapper: &mut Mapper, path: &DocPath, at: usize) -> Option<Path> {
    let alias = match path.steps.first() {
        Some((DocStep::Key { key, quoted: false }, _)) => {
            mapper.aliases.iter().take(at).position(|alias| alias.as_ref() == Some(key))
        }
        _ => None,
    };
    let mut steps = Vec::with_capacity(path.steps.len());
    let mut marked = false;
    for (step, span) in path.steps.iter().skip(usize::from(alias.is_some())) {
        let place = mapper.place(*span);
        if std::mem::replace(&mut marked, matches!(step, DocStep::Mark(_))) {
            mapper.error(inputs::after_mark(place));
            return None;
        }
        steps.push(match step {
            DocStep::Key { key, .. } => Step::Key(key.clone()),
            DocStep::Index(index) => Step::Index(usize::try_from(*index).unwrap_or(usize::MAX)),
            DocStep::All => Step::All,
            DocStep::Values => Step::Values,
            DocStep::Deep(key) => Step::Deep(key.clone()),
            DocStep::Mark(word) => match MARKS.iter().find(|(known, _)| *known == &**word) {
                Some((_, mark)) => Step::Mark(*mark),
                None => {
                    mapper.error(inputs::mark(place, word));
                    return None;
                }
            },
            DocStep::Decode(word) => match DECODERS.iter().find(|(known, _)| *known == &**word) {
                Some((_, step)) => step.clone(),
                None => {
                    mapper.error(inputs::decoder(place, word));
                    return None;
                }
            },
        });
    }
    Some(Path { root: alias.map_or(Root::Current, Root::Each), steps })
}
