//! `go.mod`, which names versions, and `go.sum`, which names hashes of them.

use base::Span;

use super::Package;

/// What a module requires: `require path v1.2.3`, one or several in brackets.
pub(super) fn module(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let (mut offset, mut inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        let words: Vec<&str> = code.split_whitespace().collect();
        match words.as_slice() {
            ["require", "("] => inside = true,
            [")"] => inside = false,
            ["require", name, version] => packages.push(package(offset, line, name, version)),
            [name, version] if inside => packages.push(package(offset, line, name, version)),
            _ => {}
        }
        offset += line.len();
    }
    Ok(packages)
}

/// Each version of a module whose content is known by its hash.
pub(super) fn sums(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name, version, _hash] = words.as_slice()
            && !version.ends_with("/go.mod")
        {
            packages.push(package(offset, line, name, version));
        }
        offset += line.len();
    }
    Ok(packages)
}

fn package(offset: usize, line: &str, name: &str, version: &str) -> Package {
    let start = offset + line.find(name).unwrap_or(0);
    let end = offset + line.find(version).map_or(name.len(), |at| at + version.len());
    let name = name.trim_matches('"').to_owned();
    Package { name, version: Some(version.to_owned()), pinned: true, span: Span::new(start, end.max(start)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_stand_alone_or_in_brackets() {
        let text = "module a\n\ngo 1.22\n\nrequire x.org/y v1.2.3\nrequire (\n\tx.org/z/v2 v2.0.0 // indirect\n)\nreplace x.org/y => ../y\n";
        let found = module(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (&p.name[..], p.version.as_deref(), &text[p.span.range()])).collect();
        assert_eq!(
            shown,
            [("x.org/y", Some("v1.2.3"), "x.org/y v1.2.3"), ("x.org/z/v2", Some("v2.0.0"), "x.org/z/v2 v2.0.0")]
        );
    }

    #[test]
    fn sums_name_a_module_once() {
        let text = "x.org/y v1.2.3 h1:abc=\nx.org/y v1.2.3/go.mod h1:def=\n";
        assert_eq!(sums(text).unwrap().len(), 1);
    }
}
