//! Comments that allow a finding: `lawbook: allow CONTROL reason`, in any file whose format has comments.

use base::Span;
use extract::{Extractor, Output, Request, SourceFile, Unread};

use crate::language;
use crate::notebook::Notebook;
use crate::position::Positions;

/// What begins a comment, in one language or another.
const MARKS: &[&str] = &["#", "//", "/*", "*", "--", "<!--", ";", "%", "{#", "{/*", "\"\"\"", "rem "];

/// Extensions of files that may hold comments, beside those of source code.
const EXTENSIONS: &[&str] = &[
    "bicep",
    "cfg",
    "conf",
    "css",
    "env",
    "graphql",
    "hcl",
    "htm",
    "html",
    "ini",
    "j2",
    "jinja",
    "jinja2",
    "json5",
    "jsonc",
    "law",
    "md",
    "mdx",
    "properties",
    "proto",
    "ps1",
    "scss",
    "sh",
    "sql",
    "svelte",
    "tf",
    "tfvars",
    "toml",
    "txt",
    "vue",
    "xml",
    "yaml",
    "yml",
];

/// Reads comments that allow findings.
pub struct Comments;

impl Extractor for Comments {
    fn name(&self) -> &'static str {
        "comments"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        request.schema.iter().any(|decl| *decl.name == *"code.comment") && may_hold_comments(path)
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let Some(relation) = out.sink.relation("code.comment") else { return };
        out.evidence.push(relation);
        let notebook = Notebook::read(file.path, file.text);
        let text = notebook.as_ref().map_or(file.text, |notebook| &notebook.text);
        let mut positions = None;
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            if let Some((at, control, reason)) = allowance(line) {
                let positions = positions.get_or_insert_with(|| match &notebook {
                    Some(notebook) => notebook.positions(file.text),
                    None => Positions::new(file.text),
                });
                let place = positions.place(Span::new(offset + at, offset + line.trim_end().len()));
                let key = out.sink.text(file.path);
                let control = out.sink.text(control);
                let reason = reason.map_or(facts::Code::NONE, |reason| out.sink.text(reason));
                out.sink.row(relation, &[key, control, reason], place);
            }
            offset += line.len();
        }
    }

    /// Whoever needs the file for more than its comments says so.
    fn unread(&self, _path: &str, _reason: &Unread, _request: &Request, _out: &mut Output<'_>) {}
}

fn may_hold_comments(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    language::of(path).is_some()
        || EXTENSIONS.binary_search(&extension).is_ok()
        || name.starts_with(".env")
        || ["dockerfile", "containerfile", "makefile", "procfile", "pipfile", "gemfile"]
            .iter()
            .any(|known| name.starts_with(known))
}

/// Where in the line the words begin, which control they name, and why.
fn allowance(line: &str) -> Option<(usize, &str, Option<&str>)> {
    let at = line.find("lawbook:")?;
    let before = line[..at].trim_end().to_ascii_lowercase();
    if !MARKS.iter().any(|mark| before.ends_with(mark.trim_end())) {
        return None;
    }
    let rest = line[at + "lawbook:".len()..].trim_start().strip_prefix("allow")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim();
    let rest = ["*/}", "*/", "-->", "#}", "\"\"\""].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    let (control, reason) = match rest.trim().split_once(char::is_whitespace) {
        Some((control, reason)) => (control, Some(reason.trim()).filter(|reason| !reason.is_empty())),
        None => (rest.trim(), None),
    };
    (!control.is_empty()).then_some((at, control.trim_end_matches([':', ',']), reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_only_in_comments() {
        let check = |line: &str, expected: Option<(&str, Option<&str>)>| {
            assert_eq!(allowance(line).map(|(_, control, reason)| (control, reason)), expected, "{line}");
        };
        check("x = 1  # lawbook: allow AI-1.1 behind the gateway\n", Some(("AI-1.1", Some("behind the gateway"))));
        check("/* lawbook: allow A because */", Some(("A", Some("because"))));
        check("<!-- lawbook: allow A: because -->", Some(("A", Some("because"))));
        check("-- lawbook:allow A", Some(("A", None)));
        check("# lawbook: allowed A", None);
        check("# lawbook: allow", None);
        check("print('lawbook: allow A b')", None);
    }

    #[test]
    fn files_with_comments_are_known_by_name() {
        assert!(EXTENSIONS.is_sorted());
        for path in ["a/b.py", "a.yaml", ".env.local", "docker/Dockerfile.web", "Makefile", "t.html"] {
            assert!(may_hold_comments(path), "{path}");
        }
        assert!(!may_hold_comments("a.json") && !may_hold_comments("a.png"));
    }
}
