//! `input … from code LANGUAGE "query"`: one row for each match of a tree-sitter query, columns from its captures.
//!
//! A match becomes a document whose keys are the captures, so that columns are filled as those of any input are. A captured
//! node has a text and, for columns that hold the thing itself, a key: file, enclosing definitions, text with its white space
//! evened out, and a number among equals, so that what is added elsewhere changes no key.

use std::borrow::Cow;
use std::ops::ControlFlow;

use base::Span;
use extract::{
    Builder, Context, Data, Document, Extractor, Mapping, Output, Places, Problem, ProblemKind, Request, SourceFile,
    SyntaxError, capture_key,
};
use facts::Format;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use tree_sitter::{Language, Node, Query, QueryCursor, QueryCursorOptions, QueryCursorState, StreamingIterator, Tree};

use crate::language;
use crate::parse::parse;

/// Steps that a query may take for each byte of a file, and for the file as a whole.
const REPORTS_PER_BYTE: usize = 64;
const REPORTS: usize = 1_000_000;

/// Matches that may be under way at a time; those beyond are dropped by the library, which then says so.
const UNDER_WAY: u32 = 1 << 16;

/// Characters of a text in a key.
const SHORT: usize = 120;

/// Runs the queries of inputs.
pub struct Queries;

/// A query with the block that asks it.
struct Asked {
    mapping: Mapping,
    language: &'static str,
    grammar: Language,
    query: Query,
}

struct Ready {
    asked: Vec<Asked>,
}

/// The grammar of a language, where there is one.
fn grammar(language: &str) -> Option<(&'static str, Language)> {
    match language {
        "javascript" => Some(("javascript", Language::new(tree_sitter_javascript::LANGUAGE))),
        "python" => Some(("python", Language::new(tree_sitter_python::LANGUAGE))),
        "tsx" => Some(("tsx", Language::new(tree_sitter_typescript::LANGUAGE_TSX))),
        "typescript" => Some(("typescript", Language::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT))),
        "java" => Some(("java", Language::new(tree_sitter_java::LANGUAGE))),
        "go" => Some(("go", Language::new(tree_sitter_go::LANGUAGE))),
        "csharp" => Some(("csharp", Language::new(tree_sitter_c_sharp::LANGUAGE))),
        "kotlin" => Some(("kotlin", Language::new(tree_sitter_kotlin_ng::LANGUAGE))),
        "php" => Some(("php", Language::new(tree_sitter_php::LANGUAGE_PHP))),
        "ruby" => Some(("ruby", Language::new(tree_sitter_ruby::LANGUAGE))),
        "rust" => Some(("rust", Language::new(tree_sitter_rust::LANGUAGE))),
        _ => None,
    }
}

/// What the grammar of a file is called: that of its language, but `tsx` for TypeScript with elements.
fn grammar_of(path: &str) -> Option<&'static str> {
    if crate::notebook::is_notebook(path) {
        return None;
    }
    let elements = path.to_ascii_lowercase().ends_with(".tsx");
    if elements { Some("tsx") } else { language::of(path) }
}

impl Extractor for Queries {
    fn name(&self) -> &'static str {
        "queries"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        ready(request, &mut Vec::new()).wants(path, request)
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        ready(request, &mut out.problems).extract(file, request, out);
    }

    fn prepare<'a>(&'a self, request: &'a Request, problems: &mut Vec<Problem>) -> Option<Box<dyn Extractor + 'a>> {
        Some(Box::new(ready(request, problems)))
    }
}

fn ready(request: &Request, problems: &mut Vec<Problem>) -> Ready {
    let is_query = |source: &facts::InputSource| matches!(source.formats.as_slice(), [Format::Code { .. }]);
    let mut asked = Vec::new();
    for mapping in Mapping::of(request, false, is_query, problems) {
        let [Format::Code { language, query }] = mapping.source().formats.as_slice() else { continue };
        let compiled = match grammar(language) {
            Some((name, grammar)) => Query::new(&grammar, query).map_or_else(
                |error| Err((format!("its query is wrong: {}", said(query, &error)), None)),
                |query| Ok((name, grammar, query)),
            ),
            None => Err((
                format!("there is no grammar of `{language}` to query"),
                Some("queries can be asked of: csharp, go, java, javascript, kotlin, php, python, ruby, rust, tsx, typescript".to_owned()),
            )),
        };
        match compiled {
            Ok((language, grammar, query)) => asked.push(Asked { mapping, language, grammar, query }),
            Err((message, help)) => {
                let message = format!("the input `{}` cannot be read from code: {message}", mapping.decl().name);
                problems.push(Problem {
                    relation: Some(mapping.decl().name.clone()),
                    help,
                    ..Problem::plain("E0808", ProblemKind::Error, message)
                });
            }
        }
    }
    Ready { asked }
}

/// What is wrong with a query, in one line.
fn said(query: &str, error: &tree_sitter::QueryError) -> String {
    use tree_sitter::QueryErrorKind as Kind;
    let line = query.lines().nth(error.row).unwrap_or_default().trim();
    let what = match error.kind {
        Kind::Syntax => "it is not well formed".to_owned(),
        Kind::NodeType => format!("the language has no node `{}`", error.message),
        Kind::Field => format!("the language has no field `{}`", error.message),
        Kind::Capture => format!("it has no capture `{}`", error.message),
        Kind::Predicate => error.message.clone(),
        Kind::Structure => "no code has this structure".to_owned(),
        Kind::Language => "the grammar cannot be queried".to_owned(),
    };
    format!("{what} (line {}, column {}: `{line}`)", error.row + 1, error.column + 1)
}

impl Extractor for Ready {
    fn name(&self) -> &'static str {
        Queries.name()
    }

    fn version(&self) -> u32 {
        Queries.version()
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        let language = grammar_of(path);
        self.asked.iter().any(|asked| language == Some(asked.language) && asked.mapping.matches(path))
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let of = grammar_of(file.path);
        let places = Places::new(file.text);
        let context = Context { path: file.path, places: &places, json: no_json, headings: None };
        let mut tree: Option<(&str, Option<Tree>)> = None;
        let takes = |asked: &&Asked| of == Some(asked.language) && asked.mapping.matches(file.path);
        for asked in self.asked.iter().filter(takes) {
            let parsed = match &tree {
                Some((language, parsed)) if *language == asked.language => parsed,
                _ => &tree.insert((asked.language, parse(&asked.grammar, file.text))).1,
            };
            let Some(parsed) = parsed else {
                let message = "the file takes too long to parse";
                Mapping::unread(&[&asked.mapping], Some(file.text), places.place(Span::at(0)), message, out);
                continue;
            };
            asked.mapping.evidence(out);
            run(asked, parsed, file, &context, out);
        }
    }
}

fn no_json(_text: &str) -> Result<Document<'_>, SyntaxError> {
    Err(SyntaxError::new(0, "captures hold code"))
}

/// Writes a row for each match.
fn run(asked: &Asked, tree: &Tree, file: SourceFile<'_>, context: &Context<'_>, out: &mut Output<'_>) {
    let mut left = REPORTS + REPORTS_PER_BYTE * file.text.len();
    let mut progress = |_: &QueryCursorState| match left.checked_sub(1) {
        Some(less) => {
            left = less;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    };
    let options = QueryCursorOptions::new().progress_callback(&mut progress);
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(UNDER_WAY);
    let mut keys = Keys { file, root: tree.root_node(), ordinals: HashMap::default(), known: HashMap::default() };
    let names = asked.query.capture_names();
    let mut matches = cursor.matches_with_options(&asked.query, tree.root_node(), file.text.as_bytes(), options);
    while let Some(found) = matches.next() {
        let captures = found.captures().iter().map(|capture| (names[capture.index as usize], capture.node));
        // A match has few captures; a document takes more of them than a query can have.
        if let Ok(mut document) = document(captures, file.text, &mut keys) {
            asked.mapping.rows(&mut document, context, out);
        }
    }
    drop(matches);
    if left == 0 || cursor.did_exceed_match_limit() {
        let place = context.places.place(Span::at(0));
        let message = "the query takes too long on this file";
        Mapping::unread(&[&asked.mapping], Some(file.text), place, message, out);
    }
}

/// The document of a match: texts under the names of the captures, keys beside them. Of a capture that takes several nodes
/// the first counts.
fn document<'t>(
    captures: impl Iterator<Item = (&'t str, Node<'t>)>,
    text: &'t str,
    keys: &mut Keys<'_>,
) -> Result<Document<'t>, SyntaxError> {
    let mut builder = Builder::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut whole: Option<Span> = None;
    builder.open(Span::default(), Data::Object(Vec::new()))?;
    for (name, node) in captures {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let span = Span::new(node.start_byte(), node.end_byte());
        whole = Some(whole.map_or(span, |w| Span::new(w.start.min(span.start) as usize, w.end.max(span.end) as usize)));
        builder.key(Cow::Borrowed(name));
        builder.scalar(span, Data::Text(Cow::Borrowed(text.get(span.range()).unwrap_or_default())))?;
        builder.key(Cow::Owned(capture_key(name)));
        builder.scalar(span, Data::Text(Cow::Owned(keys.key(node))))?;
    }
    builder.close(0);
    let mut document = builder.finish();
    let root = document.root();
    document.set_span(root, whole.unwrap_or_default());
    Ok(document)
}

/// Keys of nodes.
struct Keys<'a> {
    file: SourceFile<'a>,
    root: Node<'a>,
    ordinals: HashMap<String, u32, FxBuildHasher>,
    known: HashMap<usize, String, FxBuildHasher>,
}

impl Keys<'_> {
    /// The key of a node, the same each time a match captures it.
    fn key(&mut self, node: Node<'_>) -> String {
        if let Some(key) = self.known.get(&node.id()) {
            return key.clone();
        }
        let source = self.file.text.get(node.byte_range()).unwrap_or_default();
        let mut text = String::new();
        let mut chars = 0;
        for word in source.split_whitespace() {
            chars += word.chars().count() + 1;
            if chars > SHORT {
                text.push('…');
                break;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        let key = format!("{}#{} {text}", self.file.path, self.around(node));
        let ordinal = self.ordinals.entry(key.clone()).or_insert(0);
        *ordinal += 1;
        let key = if *ordinal == 1 { key } else { format!("{key} ~{ordinal}") };
        self.known.insert(node.id(), key.clone());
        key
    }

    /// The names of the definitions around a node, from the outermost.
    fn around(&self, node: Node<'_>) -> String {
        const DEFINITIONS: [&str; 8] =
            ["function", "method", "class", "constructor", "interface", "struct", "module", "impl"];
        let mut names: Vec<&str> = Vec::new();
        let mut at = self.root;
        while at != node {
            let name =
                at.child_by_field_name("name").filter(|_| DEFINITIONS.iter().any(|word| at.kind().contains(word)));
            names.extend(name.and_then(|name| self.file.text.get(name.byte_range())));
            let Some(child) = at.child_with_descendant(node) else { break };
            at = child;
        }
        names.join(".")
    }
}
