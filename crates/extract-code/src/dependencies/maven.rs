//! `pom.xml`: dependencies, the parent and plugins, with the properties that versions name.

use base::Span;
use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Package;

/// Elements that name a package.
const NAMING: &[&str] = &["dependency", "parent", "plugin"];

/// The packages of a project.
pub(super) fn project(text: &str) -> Result<Vec<Package>, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<String> = Vec::new();
    let mut properties: HashMap<String, String> = HashMap::new();
    let mut found: Vec<(HashMap<String, String>, Span)> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    loop {
        let before = reader.buffer_position() as usize;
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                let name = start.local_name().into_inner().to_owned();
                if NAMING.contains(&name.as_str()) {
                    found.push((HashMap::new(), Span::at(before)));
                    starts.push(found.len() - 1);
                }
                open.push(name);
                if open.len() > 256 {
                    return Err("its elements are nested too deep".to_owned());
                }
            }
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                if NAMING.contains(&name.as_str())
                    && let Some(number) = starts.pop()
                {
                    found[number].1 = Span::new(found[number].1.start as usize, reader.buffer_position() as usize);
                }
            }
            Event::Text(value) => {
                let value = value.trim().to_owned();
                match open.as_slice() {
                    [_, section, name] if section == "properties" => {
                        properties.insert(name.clone(), value);
                    }
                    [.., outer, name] if NAMING.contains(&outer.as_str()) => {
                        if let Some(&number) = starts.last() {
                            found[number].0.insert(name.clone(), value);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let read = |(fields, span): (HashMap<String, String>, Span)| {
        let artifact = fields.get("artifactId")?;
        let name = match fields.get("groupId") {
            Some(group) => format!("{group}:{artifact}"),
            None => artifact.clone(),
        };
        let version = fields.get("version").map(|version| resolved(version, &properties));
        let pinned = version.as_deref().is_some_and(is_exact);
        Some(Package { name, version, pinned, span })
    };
    Ok(found.into_iter().filter_map(read).collect())
}

/// A version with its property put in.
fn resolved(version: &str, properties: &HashMap<String, String>) -> String {
    let property = version.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    property.and_then(|name| properties.get(name)).map_or(version, String::as_str).to_owned()
}

/// Whether a version is one: no range, no property, no snapshot.
pub(super) fn is_exact(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !version.ends_with("-SNAPSHOT")
        && !version.contains(['[', '(', ',', '+', '$', '*'])
        && !version.starts_with("latest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_properties_too() {
        let text = "<project><properties><v>1.0.0</v></properties><dependencies><dependency><groupId>dev.x</groupId><artifactId>a</artifactId><version>${v}</version></dependency><dependency><groupId>dev.x</groupId><artifactId>b</artifactId></dependency></dependencies></project>";
        let found = project(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (&p.name[..], p.version.as_deref(), p.pinned)).collect();
        assert_eq!(shown, [("dev.x:a", Some("1.0.0"), true), ("dev.x:b", None, false)]);
        assert!(text[found[0].span.range()].starts_with("<dependency>"));
        assert!(project("<project><").is_err());
    }
}
