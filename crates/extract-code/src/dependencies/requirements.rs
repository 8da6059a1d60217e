//! Lists of requirements: one a line, with options, extras, markers, hashes and links.

use base::Span;

use super::Package;

/// The packages that the file names itself; those of files that it includes stand there.
pub(super) fn read(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let mut offset = 0;
    let mut continued: Option<(usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let (start, mut whole) = continued.take().unwrap_or((offset, String::new()));
        offset += line.len();
        match body.strip_suffix('\\') {
            Some(first) => {
                whole.push_str(first);
                whole.push(' ');
                continued = Some((start, whole));
            }
            None => {
                whole.push_str(body);
                packages.extend(line_package(&whole, start));
            }
        }
    }
    if let Some((start, whole)) = continued {
        packages.extend(line_package(&whole, start));
    }
    Ok(packages)
}

fn line_package(line: &str, start: usize) -> Option<Package> {
    let indent = line.len() - line.trim_start().len();
    let line = line.trim_start();
    let end = line.find(" #").or_else(|| line.find("\t#")).unwrap_or(line.len());
    let line = if line.starts_with('#') { "" } else { line[..end].trim_end() };
    let editable = ["-e ", "--editable ", "--editable="].iter().find_map(|option| line.strip_prefix(option));
    let wanted = match editable {
        Some(link) => link.trim(),
        None if line.is_empty() || line.starts_with('-') => return None,
        None => line,
    };
    let mut package = requirement(wanted)?;
    let from = start + indent + (line.len() - wanted.len());
    package.span = Span::new(from, from + wanted.split(" --").next().unwrap_or(wanted).trim_end().len());
    Some(package)
}

/// One requirement: `name[extra]>=1,<2; marker --hash=…`, `name @ link`, or a link with `#egg=name`.
pub(super) fn requirement(text: &str) -> Option<Package> {
    let span = Span::at(0);
    if text.contains("://") && !text.contains('@') || text.starts_with("git+") {
        let (link, fragment) = text.split_once('#')?;
        let name = fragment.split('&').find_map(|part| part.strip_prefix("egg="))?;
        let name = name.split('[').next().unwrap_or(name).trim();
        return Some(Package {
            name: name.to_owned(),
            version: revision(link),
            pinned: revision(link).is_some(),
            span,
        });
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    if !name.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    rest = rest.trim_start();
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, rest)| rest).trim_start();
    }
    let name = name.to_owned();
    if let Some(link) = rest.strip_prefix('@') {
        let link = link.split(" ;").next().unwrap_or(link).trim();
        let hashed = link.contains("#sha256=");
        return Some(Package { name, version: revision(link), pinned: hashed || revision(link).is_some(), span });
    }
    let rest = rest.split(" --").next().unwrap_or(rest);
    let version = rest.split(';').next().unwrap_or(rest).trim();
    let version = version.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(version).trim();
    if !version.is_empty() && !version.starts_with(['=', '<', '>', '~', '!']) {
        return None;
    }
    Some(package(name, version, span))
}

/// A package with a version as specifiers say it: `==1.2` alone is pinned.
pub(super) fn package(name: String, version: &str, span: Span) -> Package {
    let exact = version.trim_start_matches('=').trim();
    let pinned = version.starts_with("==") && !exact.contains([',', '*']);
    let version = if pinned { exact } else { version };
    Package { name, version: Some(version.to_owned()).filter(|version| !version.is_empty()), pinned, span }
}

/// The commit that a link into a repository names, where it is a whole one.
fn revision(link: &str) -> Option<String> {
    let (_, revision) = link.split('#').next()?.rsplit_once('@')?;
    (revision.len() == 40 && revision.bytes().all(|b| b.is_ascii_hexdigit())).then(|| revision.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Option<&str>, bool)]) {
        let packages = read(text).unwrap();
        let found: Vec<_> = packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.pinned)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn requirements_of_many_shapes() {
        check("openai==1.2.3\n", &[("openai", Some("1.2.3"), true)]);
        check(
            "# c\n-r base.txt\n--index-url https://x\n\nA[b,c] >= 1, <2 ; python_version<'3' # why\n",
            &[("A", Some(">= 1, <2"), false)],
        );
        check("x==1.* \ny", &[("x", Some("==1.*"), false), ("y", None, false)]);
        check(
            "x==1.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\nz~=2\n",
            &[("x", Some("1.0"), true), ("z", Some("~=2"), false)],
        );
        let commit = "0123456789abcdef0123456789abcdef01234567";
        check(&format!("-e git+https://h/r.git@{commit}#egg=pkg\n"), &[("pkg", Some(commit), true)]);
        check("pkg @ https://h/pkg.whl\n./local\n", &[("pkg", None, false)]);
    }

    #[test]
    fn places_cover_the_requirement_alone() {
        let text = "# c\n  a==1  # x\n";
        assert_eq!(&text[read(text).unwrap()[0].span.range()], "a==1");
    }
}
