//! What a layout changes, in lines, for people: hunks with a few lines around them.

use std::ops::Range;

use base::LineIndex;

use crate::text::Formatted;

/// Lines around a change.
const AROUND: usize = 2;

/// Above this many pairs of lines, a change is shown as a whole.
const PAIRS: usize = 1 << 20;

/// How a line of a hunk stands to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It stays.
    Same,
    /// It goes.
    Old,
    /// It comes.
    New,
}

/// Changed lines that stand together, with lines around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first line, from 1, in the text as it was.
    pub line: usize,
    /// The lines without their ends.
    pub lines: Vec<(Change, String)>,
}

/// What `formatted`, the layout of `text`, changes.
pub fn diff(text: &str, formatted: &Formatted) -> Vec<Hunk> {
    let old: Vec<&str> = text.lines().collect();
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut end = 0;
    for (lines, new) in regions(text, formatted) {
        let compared = compare(&old[lines.clone()], &new.lines().collect::<Vec<_>>());
        let same = compared.iter().take_while(|(change, _)| *change == Change::Same).count();
        let tail = compared.iter().rev().take_while(|(change, _)| *change == Change::Same).count();
        if same == compared.len() {
            continue;
        }
        let first = lines.start + same;
        let from = first.saturating_sub(AROUND);
        let line = |at: usize| (Change::Same, old[at].to_owned());
        let changed = compared[same..compared.len() - tail].iter().cloned();
        match hunks.last_mut() {
            Some(last) if from <= end => last.lines.extend((end.min(first)..first).map(line).chain(changed)),
            _ => {
                close(&mut hunks, &old, end);
                hunks.push(Hunk { line: from + 1, lines: (from..first).map(line).chain(changed).collect() });
            }
        }
        end = lines.end - tail;
    }
    close(&mut hunks, &old, end);
    hunks
}

/// The lines behind the last hunk.
fn close(hunks: &mut [Hunk], old: &[&str], end: usize) {
    if let Some(last) = hunks.last_mut() {
        let behind = &old[end..old.len().min(end + AROUND)];
        last.lines.extend(behind.iter().map(|line| (Change::Same, (*line).to_owned())));
    }
}

/// Runs of old lines that edits touch, and the text that takes their place.
fn regions(text: &str, formatted: &Formatted) -> Vec<(Range<usize>, String)> {
    let index = LineIndex::new(text);
    let start_of = |line: usize| index.line_start(line).unwrap_or(text.len());
    let count = text.lines().count();
    let mut regions: Vec<(Range<usize>, String, usize)> = Vec::new();
    for edit in &formatted.edits {
        let (from, to) = (edit.span.start as usize, edit.span.end as usize);
        let lines = index.line(from).min(count)..(index.line(to) + 1).min(count);
        match regions.last_mut() {
            Some((last, new, at)) if lines.start < last.end.max(1) => {
                *new += &text[*at..from];
                *new += &edit.text;
                (last.end, *at) = (last.end.max(lines.end), to);
            }
            _ => {
                let new = text[start_of(lines.start)..from].to_owned() + &edit.text;
                regions.push((lines, new, to));
            }
        }
    }
    let whole = |(lines, new, at): (Range<usize>, String, usize)| {
        let end = start_of(lines.end).max(at);
        (lines, new + &text[at..end])
    };
    regions.into_iter().map(whole).collect()
}

/// A shortest way from one list of lines to the other.
fn compare(old: &[&str], new: &[&str]) -> Vec<(Change, String)> {
    let mut out = Vec::new();
    let say = |change: Change, line: &str| (change, line.to_owned());
    if old.len() * new.len() > PAIRS {
        out.extend(old.iter().map(|line| say(Change::Old, line)));
        out.extend(new.iter().map(|line| say(Change::New, line)));
        return out;
    }
    // For each pair of ends, how many lines the rests have in common.
    let width = new.len() + 1;
    let mut common = vec![0u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            common[a * width + b] = match old[a] == new[b] {
                true => common[(a + 1) * width + b + 1] + 1,
                false => common[(a + 1) * width + b].max(common[a * width + b + 1]),
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            out.push(say(Change::Same, old[a]));
            (a, b) = (a + 1, b + 1);
        } else if a < old.len() && (b == new.len() || common[(a + 1) * width + b] >= common[a * width + b + 1]) {
            out.push(say(Change::Old, old[a]));
            a += 1;
        } else {
            out.push(say(Change::New, new[b]));
            b += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use base::FileId;

    use super::*;

    #[test]
    fn hunks_have_lines_around_them() {
        let text = "a(1).\nb(1).\nc(1).\nd( 1 ).\ne(1).\nf(1).\ng(1).\nh(1).\ni(1).\n\n\n\nj(1).";
        let shown = |text: &str| {
            let hunks = diff(text, &crate::format(FileId(0), text));
            let line = |(change, line): &(Change, String)| {
                let mark = match change {
                    Change::Same => ' ',
                    Change::Old => '-',
                    Change::New => '+',
                };
                format!("{mark}{line}\n")
            };
            let hunk = |hunk: &Hunk| format!("@{}\n{}", hunk.line, hunk.lines.iter().map(line).collect::<String>());
            hunks.iter().map(hunk).collect::<String>()
        };
        insta::assert_snapshot!(shown(text), @r"
        @2
         b(1).
         c(1).
        -d( 1 ).
        +d(1).
         e(1).
         f(1).
        @9
         i(1).
         
        -
        -
         j(1).
        ");
        assert_eq!(shown("a(1).\n"), "");
        assert_eq!(shown("\n"), "@1\n-\n");
    }
}
