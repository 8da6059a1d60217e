//! Packages in manifests and lock files, one file a format.

mod bundler;
mod composer;
mod go;
mod gradle;
mod maven;
mod npm;
mod nuget;
mod requirements;
mod toml;

use base::Span;
use extract::{Extractor, Output, Problem, ProblemKind, Request, SourceFile};
use facts::{Code, RowPlace, Value};

use crate::position::Positions;

/// A package as a file names it.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: Option<String>,
    pinned: bool,
    span: Span,
}

/// Reads one kind of file.
type Reader = fn(&str) -> Result<Vec<Package>, String>;

/// Where a kind of file's packages come from, what makes one name of those that mean the same there, and what reads it.
struct Kind {
    ecosystem: &'static str,
    normalize: fn(&str) -> String,
    read: Reader,
}

/// Reads packages.
pub struct Dependencies;

impl Extractor for Dependencies {
    fn name(&self) -> &'static str {
        "dependencies"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        kind(path).is_some() && request.schema.iter().any(|decl| *decl.name == *"code.dependency")
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let (Some(relation), Some(kind)) = (out.sink.relation("code.dependency"), kind(file.path)) else { return };
        let packages = match (kind.read)(file.text) {
            Ok(packages) => packages,
            Err(reason) => {
                out.problems.push(Problem {
                    code: "W0815",
                    kind: ProblemKind::Warning,
                    relation: Some("code.dependency".into()),
                    place: RowPlace::default(),
                    message: format!("the packages of the file cannot be read: {reason}"),
                    help: None,
                });
                return;
            }
        };
        out.evidence.push(relation);
        let positions = Positions::new(file.text);
        for package in packages {
            let row = [
                out.sink.text(file.path),
                out.sink.text(kind.ecosystem),
                out.sink.text(&(kind.normalize)(&package.name)),
                package.version.as_deref().map_or(Code::NONE, |version| out.sink.text(version)),
                out.sink.value(&Value::Bool(package.pinned)),
            ];
            out.sink.row(relation, &row, positions.place(package.span));
        }
    }
}

fn kind(path: &str) -> Option<Kind> {
    if path.split('/').any(|folder| folder == "node_modules") {
        return None;
    }
    if let Some(read) = python(path) {
        return Some(Kind { ecosystem: "pypi", normalize, read });
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let (ecosystem, read): (&'static str, Reader) = match name {
        "package.json" => ("npm", npm::manifest),
        "package-lock.json" | "npm-shrinkwrap.json" => ("npm", npm::lock),
        "pnpm-lock.yaml" => ("npm", npm::pnpm),
        "yarn.lock" => ("npm", npm::yarn),
        "go.mod" => ("go", go::module),
        "go.sum" => ("go", go::sums),
        "pom.xml" => ("maven", maven::project),
        "build.gradle" | "build.gradle.kts" => ("maven", gradle::build),
        "Cargo.toml" => ("cargo", toml::cargo),
        "Cargo.lock" => ("cargo", toml::lock),
        "Gemfile" => ("rubygems", bundler::gemfile),
        "Gemfile.lock" => ("rubygems", bundler::lock),
        "composer.json" => ("packagist", composer::manifest),
        "composer.lock" => ("packagist", composer::lock),
        "packages.lock.json" => ("nuget", nuget::lock),
        "Directory.Packages.props" | "packages.config" => ("nuget", nuget::project),
        _ if name.ends_with(".csproj") || name.ends_with(".fsproj") => ("nuget", nuget::project),
        _ if name.ends_with(".versions.toml") => ("maven", gradle::catalog),
        _ => return None,
    };
    Some(Kind { ecosystem, normalize: str::to_owned, read })
}

fn python(path: &str) -> Option<Reader> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "pyproject.toml" => Some(toml::project),
        "Pipfile" => Some(toml::pipfile),
        "poetry.lock" | "uv.lock" | "pdm.lock" => Some(toml::lock),
        _ if name.ends_with(".txt") || name.ends_with(".in") => {
            let listed = name.contains("requirements") || name.contains("constraints");
            (listed || folder.rsplit('/').next() == Some("requirements")).then_some(requirements::read as Reader)
        }
        _ => None,
    }
}

/// A package's name as the index compares it: lower case, one hyphen for each run of separators.
fn normalize(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}
