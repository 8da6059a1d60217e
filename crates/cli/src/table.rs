//! Aligned tables and tab-separated lines.

use std::fmt;

/// A table with headings; the last column is not padded.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings and no rows.
    pub fn new(headings: &[&str]) -> Self {
        Table { rows: vec![headings.iter().map(ToString::to_string).collect()] }
    }

    /// Adds a row.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        let clean = |cell: &S| cell.as_ref().replace(['\n', '\r', '\t'], " ");
        self.rows.push(cells.iter().map(clean).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Cells as one tab-separated line; tab, line breaks and backslash are escaped.
pub fn tsv(cells: &[String]) -> String {
    let escape =
        |cell: &String| cell.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    let cells: Vec<String> = cells.iter().map(escape).collect();
    cells.join("\t") + "\n"
}

/// Cells as one comma-separated line (RFC 4180).
pub fn csv(cells: &[String]) -> String {
    let quote = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let cells: Vec<String> = cells.iter().map(quote).collect();
    cells.join(",") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_cells_are_escaped() {
        let mut table = Table::new(&["a", "b"]);
        table.row(&["longer", "x"]);
        assert_eq!(table.to_string(), "a       b\nlonger  x\n");
        assert_eq!(tsv(&["a\tb".to_owned(), "c\\".to_owned()]), "a\\tb\tc\\\\\n");
        assert_eq!(csv(&["a,b".to_owned(), "\"".to_owned()]), "\"a,b\",\"\"\"\"\n");
    }
}
