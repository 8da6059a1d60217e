//! Packages of Ruby: `Gemfile` and `Gemfile.lock`.

use base::Span;

use super::Package;

/// `gem "openai", "1.2.3"`, line by line.
pub(super) fn gemfile(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        if let Some(rest) = code.strip_prefix("gem ").or_else(|| code.strip_prefix("gem(")) {
            let mut parts = rest.split(',').map(|part| part.trim().trim_matches([')', ' ']));
            let quoted = |part: &str| part.strip_prefix(['"', '\''])?.strip_suffix(['"', '\'']).map(str::to_owned);
            if let Some(name) = parts.next().and_then(quoted) {
                let version = parts.next().and_then(quoted);
                let bare = version.as_deref().map(|version| version.trim_start_matches('=').trim());
                let pinned = bare.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
                let version = if pinned { bare.map(str::to_owned) } else { version };
                let start = offset + line.find(code).unwrap_or(0);
                packages.push(Package { name, version, pinned, span: Span::new(start, start + code.len()) });
            }
        }
        offset += line.len();
    }
    Ok(packages)
}

/// `Gemfile.lock`: four spaces before each gem with its version.
pub(super) fn lock(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let (mut offset, mut inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        match body {
            "  specs:" => inside = true,
            _ if !body.starts_with(' ') => inside = false,
            _ => {}
        }
        if let (true, Some(rest)) = (inside, body.strip_prefix("    ").filter(|rest| !rest.starts_with(' ')))
            && let Some((name, version)) = rest.split_once(" (")
        {
            let version = Some(version.trim_end_matches(')').to_owned());
            let span = Span::new(offset + 4, offset + body.len());
            packages.push(Package { name: name.to_owned(), version, pinned: true, span });
        }
        offset += line.len();
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gems_are_listed_with_what_they_ask_for() {
        let text = "source \"https://example.org\"\ngem \"ruby-openai\", \"~> 7.0\"\n  gem 'anthropic', '1.2.0', require: false\ngem \"rails\"\n";
        let found = gemfile(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (&p.name[..], p.version.as_deref(), p.pinned)).collect();
        assert_eq!(
            shown,
            [("ruby-openai", Some("~> 7.0"), false), ("anthropic", Some("1.2.0"), true), ("rails", None, false)]
        );
    }

    #[test]
    fn lock_files_list_gems_below_specs() {
        let text = "GEM\n  remote: https://example.org/\n  specs:\n    faraday (2.9.0)\n      net-http\n    ruby-openai (7.0.1)\n\nPLATFORMS\n  ruby\n";
        let found = lock(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| &text[p.span.range()]).collect();
        assert_eq!(shown, ["faraday (2.9.0)", "ruby-openai (7.0.1)"]);
    }
}
