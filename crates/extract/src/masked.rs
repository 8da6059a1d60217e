//! Texts of single files for excerpts: decoded, secrets masked with stars, every place as the extractors saw it.

use base::Files;
use facts::Sink;

use crate::run::mask;
use crate::{Output, Piece, Reading, SOURCE_LIMIT, SecretScanner};

/// The text of a file with the credentials in it masked; none where it cannot be read or is larger than a source file may be.
pub fn masked_text(files: &dyn Files, path: &str, secrets: Option<&dyn SecretScanner>) -> Option<String> {
    let mut text = Reading::open(files, path).ok()?.whole(SOURCE_LIMIT).ok()?;
    if let Some(secrets) = secrets {
        let mut nothing = Output::new(Sink::new(&[], path));
        let spans = secrets.scan(path, Piece { text: &text, offset: 0, line: 1 }, &mut nothing);
        mask(&mut text, &spans, b'*');
    }
    Some(text)
}
