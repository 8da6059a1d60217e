//! Workbooks (xlsx, ods) as text: each sheet begins with a line of a form feed and its name, each row is a line of cells
//! separated by commas, so that a place's line is the row that a spreadsheet shows. As text they are searched for
//! credentials and masked like everything else, and tables read them as they read csv.

mod ods;
mod xlsx;

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

/// What a sheet begins with.
pub(crate) const SHEET: char = '\u{c}';

/// The most bytes that may be packed in a workbook.
const PACKED: u64 = 256 << 20;

/// The most bytes of text that it may come to: far cells and repeated ones take little room in the file.
const TEXT: u64 = 64 << 20;

/// The sheets of a text that [`transcribe`] made: the byte at which each one's rows begin, and the rows.
pub(crate) fn sheets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for sheet in text.split_inclusive(SHEET) {
        let start = at;
        at += sheet.len();
        if start > 0 {
            let sheet = sheet.trim_end_matches(SHEET);
            let name = sheet.find('\n').map_or(sheet.len(), |end| end + 1);
            found.push((start + name, &sheet[name..]));
        }
    }
    found
}

/// The text of a workbook; why there is none otherwise.
pub(crate) fn transcribe(bytes: &[u8]) -> Result<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("it is no workbook: {error}"))?;
    bounded(&mut archive)?;
    let mut lines = Lines::default();
    if archive.index_for_name("xl/workbook.xml").is_some() {
        xlsx::read(bytes, &mut lines)?;
    } else if archive.index_for_name("content.xml").is_some() {
        let mut content = String::new();
        let mut entry = archive.by_name("content.xml").map_err(|error| error.to_string())?;
        entry.read_to_string(&mut content).map_err(|error| format!("its content is no text: {error}"))?;
        ods::read(&content, &mut lines)?;
    } else {
        return Err("it is a zip archive without a workbook in it; save it as xlsx, ods or csv".to_owned());
    }
    Ok(lines.text)
}

/// Refuses archives that unpack to more than is read: what entries say of their size is not believed.
fn bounded(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), String> {
    let mut left = PACKED;
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(|error| format!("it is no workbook: {error}"))?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|error| format!("it is damaged: {error}"))?;
        left = left.checked_sub(read).ok_or_else(|| too_large(PACKED))?;
    }
    Ok(())
}

fn too_large(limit: u64) -> String {
    format!("it holds more than the {} MiB that are read", limit >> 20)
}

/// Text under way.
#[derive(Default)]
struct Lines {
    text: String,
    /// The row and column that come next, from 0.
    row: u32,
    column: u32,
}

impl Lines {
    fn sheet(&mut self, name: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push(SHEET);
        self.text.push_str(&line(name));
        self.text.push('\n');
        (self.row, self.column) = (0, 0);
    }

    /// Writes a cell behind those before it.
    fn cell(&mut self, row: u32, column: u32, value: &str) -> Result<(), String> {
        if row < self.row || (row == self.row && column < self.column) {
            return Err("its cells do not stand in their order".to_owned());
        }
        let rows = row - self.row;
        let blanks = if rows > 0 { column } else { column - self.column };
        if self.text.len() as u64 + u64::from(rows) + u64::from(blanks) + value.len() as u64 > TEXT {
            return Err(too_large(TEXT));
        }
        self.text.push_str(&"\n".repeat(rows as usize));
        // A cell ends with its comma, so that the next one need not know whether it is the first.
        self.text.push_str(&",".repeat(blanks as usize));
        let value = line(value);
        if memchr::memchr2(b'"', b',', value.as_bytes()).is_some() {
            self.text.push('"');
            self.text.push_str(&value.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&value);
        }
        self.text.push(',');
        (self.row, self.column) = (row, column + 1);
        Ok(())
    }
}

/// A row is one line, whatever its cells hold.
fn line(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'\n', b'\r', SHEET as u8, text.as_bytes()).is_none() {
        return Cow::Borrowed(text.trim());
    }
    let words: Vec<&str> = text.split(['\n', '\r', SHEET]).map(str::trim).filter(|part| !part.is_empty()).collect();
    Cow::Owned(words.join(" "))
}
