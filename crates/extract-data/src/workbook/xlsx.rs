//! Excel workbooks, cell by cell: a range of all of them would take memory for every empty cell between two far ones.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::Lines;

/// Adds the sheets of a workbook in their order.
pub(super) fn read(bytes: &[u8], lines: &mut Lines) -> Result<(), String> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| format!("it is no workbook: {error}"))?;
    for name in workbook.sheet_names() {
        // Charts and the like are sheets without cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else { continue };
        lines.sheet(&name);
        while let Some(cell) = cells.next_cell().map_err(|error| format!("its sheet `{name}` is broken: {error}"))? {
            let (row, column) = cell.get_position();
            let value = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::Int(number) => number.to_string(),
                DataRef::Float(number) => number.to_string(),
                DataRef::String(text) => text.clone(),
                DataRef::SharedString(text) => (*text).to_owned(),
                DataRef::Bool(truth) => truth.to_string(),
                DataRef::DateTime(time) => instant(time),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
                DataRef::Error(error) => error.to_string(),
            };
            lines.cell(row, column, &value)?;
        }
    }
    Ok(())
}

/// A date, or an instant where it has a time of day; a time span as the number of days that the cell holds.
fn instant(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
