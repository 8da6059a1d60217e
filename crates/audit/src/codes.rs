//! The reference page of each diagnostic code, embedded in the binary: `docs/codes/E0301.md` and its like.
//!
//! The pages are the documentation of the codes and their tests at once: `tests/codes.rs` runs the commands of each,
//! holds that the first example gives the code and the mended one gives nothing, and that no code is without a page.

use include_dir::{Dir, include_dir};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../docs/codes");

/// A code with its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodePage {
    /// Such as `E0301`.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// The page, Markdown.
    pub text: &'static str,
}

/// The page of a code, written in any case.
pub fn page(code: &str) -> Option<&'static str> {
    all().into_iter().find(|page| page.code.eq_ignore_ascii_case(code)).map(|page| page.text)
}

/// The pages of all codes, sorted.
pub fn all() -> Vec<CodePage> {
    let mut pages: Vec<CodePage> = PAGES.files().filter_map(|file| read(file.contents_utf8()?)).collect();
    pages.sort_by_key(|page| page.code);
    pages
}

/// A page begins with `# E0301: title`; other files of the folder (the index) do not count.
fn read(text: &'static str) -> Option<CodePage> {
    let (code, title) = text.strip_prefix("# ")?.lines().next()?.split_once(": ")?;
    let digits = code.strip_prefix(['E', 'W'])?;
    (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(CodePage { code, title, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_code_in_any_case() {
        let codes = all();
        let first = codes.first().expect("pages are embedded");
        assert_eq!(page(&first.code.to_lowercase()), Some(first.text));
        assert!(codes.is_sorted_by(|a, b| a.code < b.code));
        assert_eq!(page("E03"), None);
        assert_eq!(page("README"), None);
    }

    #[test]
    fn only_a_code_makes_a_page() {
        assert_eq!(read("# E0301: types\n\nText").map(|page| (page.code, page.title)), Some(("E0301", "types")));
        assert_eq!(read("# Codes\n"), None);
        assert_eq!(read("# E03: x\n"), None);
        assert_eq!(read(""), None);
    }
}
