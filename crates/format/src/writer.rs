//! Lines as they are made: code, the comment behind it, and where the next line begins.

/// How wide a line may be. Comments and texts that cannot be broken may be wider.
pub const WIDTH: usize = 100;

/// How much deeper what belongs to something is indented.
pub const STEP: usize = 4;

/// A finished line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Indentation and code, or a comment that has the line for itself. It holds line breaks where a text does.
    pub code: String,
    /// The comment behind the code.
    pub comment: Option<String>,
}

/// Makes lines.
#[derive(Debug, Default)]
pub struct Writer<'t> {
    lines: Vec<Line>,
    code: String,
    /// Columns of `code` since its last line break.
    column: usize,
    /// Where the line that is being made begins, and what it goes on from, if it must.
    indent: usize,
    base: usize,
    comment: Option<&'t str>,
}

impl<'t> Writer<'t> {
    /// Begins a line; the one before ends.
    pub fn start(&mut self, indent: usize) {
        self.end();
        (self.indent, self.base) = (indent, indent);
    }

    /// Goes on deeper on a new line, in the middle of something.
    pub fn go_on(&mut self) {
        let base = self.base;
        self.end();
        (self.indent, self.base) = (base + STEP, base);
    }

    fn end(&mut self) {
        if !self.code.is_empty() || self.comment.is_some() {
            let code = std::mem::take(&mut self.code);
            self.lines.push(Line { code, comment: self.comment.take().map(str::to_owned) });
        }
        self.column = 0;
    }

    /// A blank line, unless nothing has been written yet.
    pub fn blank(&mut self) {
        self.end();
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
    }

    /// The lines.
    pub fn finish(mut self) -> Vec<Line> {
        self.end();
        self.lines
    }

    /// Whether nothing stands on the line yet.
    pub fn fresh(&self) -> bool {
        self.code.is_empty()
    }

    /// A comment behind what is there.
    pub fn comment(&mut self, comment: &'t str) {
        self.comment = Some(comment);
    }

    /// Whether a comment ends the line.
    pub fn commented(&self) -> bool {
        self.comment.is_some()
    }

    /// How far the line is indented.
    pub fn indent(&self) -> usize {
        self.indent
    }

    /// The column that comes next.
    pub fn column(&self) -> usize {
        match self.fresh() {
            true => self.indent,
            false => self.column,
        }
    }

    /// Writes `text` behind what is there, `space` apart.
    pub fn put(&mut self, text: &str, space: bool) {
        if self.fresh() {
            self.code.extend(std::iter::repeat_n(' ', self.indent));
            self.column = self.indent;
        } else if space {
            self.code.push(' ');
            self.column += 1;
        }
        self.code.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    /// Blanks up to where aligned values begin.
    pub fn pad(&mut self, blanks: usize) {
        self.code.extend(std::iter::repeat_n(' ', blanks));
        self.column += blanks;
    }

    /// A token with its comments. One that only ends something may slip in before the comment behind the token before it.
    pub fn token(&mut self, text: &str, space: bool, above: &[&'t str], behind: Option<&'t str>, ends: bool) {
        let slips = ends && above.is_empty() && behind.is_none();
        if !self.fresh() && (!above.is_empty() || self.comment.is_some() && !slips) {
            self.go_on();
        }
        self.above(above);
        self.put(text, space);
        if behind.is_some() {
            self.comment = behind;
        }
    }

    /// Comments, each on a line of its own, at the indentation of the line that begins.
    pub fn above(&mut self, comments: &[&'t str]) {
        for comment in comments {
            self.put(comment, false);
            let (indent, base) = (self.indent, self.base);
            self.end();
            (self.indent, self.base) = (indent, base);
        }
    }
}

impl Line {
    /// Columns of its code; of its last line, where a text goes over lines.
    pub fn width(&self) -> usize {
        self.code.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    /// How far it is indented.
    pub fn indent(&self) -> usize {
        self.code.len() - self.code.trim_start_matches(' ').len()
    }
}
