//! Prints the facts of files: `dump FILE… [--only RELATION]…`; with `--time FOLDER` it reads all source files
//! below a folder and tells how fast that was, with `--parse FOLDER` it only parses them.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::Path;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut files = Vec::new();
    let mut only = Vec::new();
    let mut at = arguments.iter();
    while let Some(argument) = at.next() {
        match argument.as_str() {
            "--only" => only.extend(at.next().map(String::as_str)),
            "--time" => return at.for_each(|folder| time(Path::new(folder))),
            "--parse" => return at.for_each(|folder| parse(Path::new(folder))),
            file => files.push(file),
        }
    }
    for file in files {
        match std::fs::read(file) {
            Ok(bytes) => print!("{}", common::print(&common::run(file, &String::from_utf8_lossy(&bytes), &only))),
            Err(error) => eprintln!("{file}: {error}"),
        }
    }
}

fn time(folder: &Path) {
    let mut files = Vec::new();
    find(folder, &mut files);
    files.sort();
    let (mut lines, mut rows, mut problems) = (0, 0, 0);
    let start = Instant::now();
    for (path, text) in &files {
        let began = Instant::now();
        let extracted = common::run(path, text, &[]);
        lines += text.lines().count();
        rows += extracted.batch.tables.iter().map(|table| table.places.len()).sum::<usize>();
        problems += extracted.problems.len();
        if began.elapsed().as_millis() > 500 {
            println!("slow: {path} {:?}", began.elapsed());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let speed = lines as f64 / seconds;
    let files = files.len();
    println!("{files} files, {lines} lines, {rows} rows, {problems} problems, {seconds:.2} s, {speed:.0} lines/s");
}

/// What tree-sitter alone takes for the files of the languages that there is a grammar of.
fn parse(folder: &Path) {
    let mut files = Vec::new();
    find(folder, &mut files);
    let (mut lines, mut parsed) = (0, 0);
    let start = Instant::now();
    for (path, text) in &files {
        let grammar = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "py" | "pyi" => tree_sitter_python::LANGUAGE,
            "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
            "js" | "jsx" | "mjs" | "cjs" => tree_sitter_javascript::LANGUAGE,
            "go" => tree_sitter_go::LANGUAGE,
            "java" => tree_sitter_java::LANGUAGE,
            "cs" => tree_sitter_c_sharp::LANGUAGE,
            "kt" | "kts" => tree_sitter_kotlin_ng::LANGUAGE,
            "rb" => tree_sitter_ruby::LANGUAGE,
            "php" => tree_sitter_php::LANGUAGE_PHP,
            "rs" => tree_sitter_rust::LANGUAGE,
            _ => continue,
        };
        let mut parser = tree_sitter::Parser::new();
        if parser.set_language(&tree_sitter::Language::new(grammar)).is_ok() && parser.parse(text, None).is_some() {
            lines += text.lines().count();
            parsed += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{parsed} files, {lines} lines parsed, {seconds:.2} s, {:.0} lines/s", lines as f64 / seconds);
}

fn find(folder: &Path, files: &mut Vec<(String, String)>) {
    if folder.is_file() {
        if let Ok(text) = std::fs::read_to_string(folder) {
            files.push((folder.display().to_string(), text));
        }
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.to_string_lossy();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let code = [
            "cjs", "cs", "cts", "go", "ipynb", "java", "js", "jsx", "kt", "kts", "mjs", "mts", "php", "py", "pyi",
            "rb", "rs", "ts", "tsx",
        ];
        if path.is_dir() || code.contains(&extension) {
            find(&path, files);
        }
    }
}
