//! What is aligned across lines: the arguments of facts below each other, and the comments behind lines.

use syntax::split::PieceKind;

use crate::entries::Segment;
use crate::items;
use crate::shape::{Kind, Shape};
use crate::writer::{Line, WIDTH};

/// Cells whose widths differ more than this are left as they are: a table with holes is no calmer.
const UNEVEN: usize = 32;

/// A fact or a given row on one line, in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    before: String,
    cells: Vec<String>,
    after: String,
    /// The names of its columns, where they are written.
    names: Vec<String>,
}

impl Row {
    /// The row that a piece is.
    pub fn of(shape: &Shape<'_>, kind: PieceKind) -> Option<Row> {
        let is_row = match kind {
            PieceKind::Clause => items::is_fact(shape),
            PieceKind::Statement => shape.tokens.list[0].is_word("given"),
            _ => false,
        };
        let open = (0..shape.len()).find(|&at| shape.group(at).is_some()).filter(|_| is_row)?;
        let group = shape.group(open).filter(|group| matches!(group.kind, Kind::Arguments | Kind::Named))?;
        let name = |part: &crate::shape::Part| {
            let colon =
                shape.tokens.list.get(part.run.start + 1).filter(|next| group.kind == Kind::Named && next.is(":"));
            colon.map_or(String::new(), |_| shape.tokens.line(&(part.run.start..part.run.start + 1)))
        };
        Some(Row {
            before: shape.tokens.line(&(0..open + 1)),
            cells: group.parts.iter().map(|part| shape.tokens.line(&part.run)).collect(),
            after: shape.tokens.line(&(group.close..shape.len())),
            names: group.parts.iter().map(name).collect(),
        })
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.cells.len()
    }

    fn below(&self, other: &Row) -> bool {
        self.before == other.before && self.cells.len() == other.cells.len() && self.names == other.names
    }
}

/// Aligns the cells of rows of the same relation that stand below each other. `rows`: what each line of each segment holds.
pub fn align(segments: &mut [Segment], rows: &[Vec<Option<Row>>], indent: usize) {
    let mut lines: Vec<(usize, usize, bool)> = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        lines.extend((0..segment.lines.len()).map(|line| (at, line, line > 0 || !segment.blank)));
    }
    let row = |at: usize| rows[lines[at].0].get(lines[at].1).and_then(Option::as_ref);
    let mut start = 0;
    while start < lines.len() {
        let Some(first) = row(start) else {
            start += 1;
            continue;
        };
        let joins = |&at: &usize| lines[at].2 && row(at).is_some_and(|row| first.below(row));
        let end = start + 1 + (start + 1..lines.len()).take_while(joins).count();
        let table: Vec<&Row> = (start..end).filter_map(row).collect();
        for (&(segment, line, _), code) in lines[start..end].iter().zip(table_lines(&table, indent)) {
            if let Some(code) = code {
                segments[segment].lines[line].code = code;
            }
        }
        start = end;
    }
}

/// The lines of a table that stays as it is where there is none: aligned as a whole, or else what begins with the same cell.
fn table_lines(rows: &[&Row], indent: usize) -> Vec<Option<String>> {
    if let Some(lines) = aligned(rows, indent) {
        return lines.into_iter().map(Some).collect();
    }
    let groups = rows.chunk_by(|a, b| a.cells.first() == b.cells.first());
    let group = |rows: &[&Row]| match aligned(rows, indent) {
        Some(lines) => lines.into_iter().map(Some).collect(),
        None => vec![None; rows.len()],
    };
    groups.flat_map(group).collect()
}

/// The rows in columns; none if they are too uneven or wide.
fn aligned(rows: &[&Row], indent: usize) -> Option<Vec<String>> {
    let columns = rows[0].cells.len();
    if rows.len() < 2 || columns < 2 {
        return None;
    }
    let width = |text: &String| text.chars().count();
    let mut widest = vec![0; columns];
    for (column, widest) in widest.iter_mut().enumerate().take(columns - 1) {
        let widths = || rows.iter().map(|row| width(&row.cells[column]));
        let (least, most) = (widths().min()?, widths().max()?);
        if most - least > UNEVEN {
            return None;
        }
        *widest = most;
    }
    let lines: Vec<String> = rows.iter().map(|row| row_line(row, &widest, indent)).collect();
    lines.iter().all(|line| width(line) <= WIDTH).then_some(lines)
}

fn row_line(row: &Row, widest: &[usize], indent: usize) -> String {
    let mut line = " ".repeat(indent) + &row.before;
    for (at, cell) in row.cells.iter().enumerate() {
        line += cell;
        if at + 1 < row.cells.len() {
            line.push(',');
            line.extend(std::iter::repeat_n(' ', 1 + widest[at] - cell.chars().count()));
        }
    }
    line + &row.after
}

/// Aligns the comments behind lines that stand below each other, equally indented.
pub fn align_comments(lines: &mut [Line]) {
    let mut start = 0;
    while start < lines.len() {
        let indent = lines[start].indent();
        let joins = |line: &&Line| line.comment.is_some() && line.indent() == indent && !line.code.contains('\n');
        let end = start + lines[start..].iter().take_while(joins).count();
        let column = lines[start..end].iter().map(Line::width).max().unwrap_or(0);
        let comment = |line: &Line| line.comment.as_ref().map_or(0, |comment| comment.chars().count());
        let fits = |line: &Line| column + 1 + comment(line) <= WIDTH && column - line.width() <= UNEVEN;
        if lines[start..end].iter().all(fits) {
            for line in &mut lines[start..end] {
                let blanks = column - line.width();
                line.code.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        start = end.max(start + 1);
    }
}
