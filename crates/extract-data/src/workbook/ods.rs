//! OpenDocument spreadsheets. Cells and rows carry how often they repeat; empty ones are only counted.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::Lines;

/// A run of equal cells under way.
#[derive(Default)]
struct Cell {
    column: u32,
    repeat: u32,
    /// The value that the cell's attributes give; its text counts otherwise.
    value: Option<String>,
    text: String,
}

/// Adds the sheets of a document's content.
pub(super) fn read(content: &str, lines: &mut Lines) -> Result<(), String> {
    let mut reader = Reader::from_str(content);
    let (mut row, mut rows, mut column) = (0_u32, 1_u32, 0_u32);
    let mut cells: Vec<Cell> = Vec::new();
    // Notes hang on cells and are none of their text.
    let mut note = 0_u32;
    let mut open: Option<Cell> = None;
    loop {
        let event = reader.read_event().map_err(|error| format!("its content is broken: {error}"))?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().into_inner() {
                "table" => {
                    lines.sheet(&attribute(&tag, "name").unwrap_or_default());
                    (row, column) = (0, 0);
                }
                "table-row" => {
                    (rows, column) = (repeat(&tag, "number-rows-repeated"), 0);
                    cells.clear();
                    if empty {
                        row = row.saturating_add(rows);
                    }
                }
                "table-cell" | "covered-table-cell" => {
                    let cell = Cell {
                        column,
                        repeat: repeat(&tag, "number-columns-repeated"),
                        value: value(&tag),
                        text: String::new(),
                    };
                    column = column.saturating_add(cell.repeat);
                    if empty {
                        keep(cell, &mut cells);
                    } else {
                        open = Some(cell);
                    }
                }
                "annotation" if !empty => note += 1,
                "p" => {
                    if let Some(cell) = open.as_mut().filter(|cell| note == 0 && !cell.text.is_empty()) {
                        cell.text.push('\n');
                    }
                }
                "s" => push(&mut open, note, " "),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().into_inner() {
                "annotation" => note = note.saturating_sub(1),
                "table-cell" | "covered-table-cell" => open.take().into_iter().for_each(|cell| keep(cell, &mut cells)),
                "table-row" => {
                    if !cells.is_empty() {
                        for number in 0..rows {
                            write(&cells, row.saturating_add(number), lines)?;
                        }
                    }
                    row = row.saturating_add(rows);
                }
                _ => {}
            },
            Event::Text(text) => push(&mut open, note, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let char = reference.resolve_char_ref().ok().flatten();
                let char = char.or_else(|| crate::xml::predefined(&reference.into_inner()));
                push(&mut open, note, char.map(String::from).as_deref().unwrap_or_default());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn push(open: &mut Option<Cell>, note: u32, text: &str) {
    if let Some(cell) = open.as_mut().filter(|_| note == 0) {
        cell.text.push_str(text);
    }
}

/// Keeps a run of cells unless they are empty.
fn keep(cell: Cell, cells: &mut Vec<Cell>) {
    if cell.value.is_some() || !cell.text.trim().is_empty() {
        cells.push(cell);
    }
}

fn write(cells: &[Cell], row: u32, lines: &mut Lines) -> Result<(), String> {
    for cell in cells {
        for number in 0..cell.repeat {
            let value = cell.value.as_deref().unwrap_or(&cell.text);
            lines.cell(row, cell.column.saturating_add(number), value)?;
        }
    }
    Ok(())
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn repeat(tag: &BytesStart<'_>, name: &str) -> u32 {
    attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// The value of a cell that is no text.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    match attribute(tag, "value-type")?.as_str() {
        "date" => attribute(tag, "date-value"),
        "boolean" => attribute(tag, "boolean-value"),
        "float" | "percentage" | "currency" => attribute(tag, "value"),
        _ => None,
    }
}
