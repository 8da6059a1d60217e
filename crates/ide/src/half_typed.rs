//! Half-typed policies: the shipped ones cut off or damaged anywhere. Every feature answers, and completion at the cut offers
//! what the whole text has there.

#![expect(clippy::disallowed_methods, reason = "reads the repository's own policies, in a test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{FileId, SourceMap, Span};
use lang::{Cache, ModuleSource};

use crate::names::{Name, NameKind, Names, Role};
use crate::{
    Snapshot, actions, calls, completion, debug, diagnostics, formatting, hints, hover, lenses, links, navigate,
};
use crate::{outline, references, rename, signature, tokens};

/// The policies that are tried unless `LAWBOOK_CUTS` asks for more: of all kinds of text, and quickly compiled.
const SMALL: [&str; 9] = [
    "soc2_ai.cc6.no_ai_credentials_in_code",
    "std.code",
    "std.frameworks.nist_ai_rmf",
    "std.frameworks.soc2",
    "std.secret",
    "std.secret.formats",
    "std.secret.general",
    "std.vendor",
    "std.waiver",
];

/// The policies of the repository, one of which is edited.
struct Policies {
    sources: SourceMap,
    modules: Vec<ModuleSource>,
    cache: Cache,
    snapshot: Snapshot,
    whole: BTreeMap<FileId, Arc<str>>,
}

fn law_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => law_files(&path, out),
            false if path.extension().is_some_and(|extension| extension == "law") => out.push(path),
            false => {}
        }
    }
    out.sort();
}

impl Policies {
    fn new() -> Policies {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let mut files = Vec::new();
        law_files(&root, &mut files);
        let (mut sources, mut modules, mut whole) = (SourceMap::new(), Vec::new(), BTreeMap::new());
        for path in files {
            let text: Arc<str> = std::fs::read_to_string(&path).expect("a policy is text").into();
            let inside = path.strip_prefix(&root).expect("a file below the folder").with_extension("");
            let name = inside.to_string_lossy().replace(['/', '\\'], ".").replace('-', "_");
            if std::env::var_os("LAWBOOK_CUTS").is_none() && !SMALL.contains(&&*name) {
                continue;
            }
            let file = sources.add(format!("policies/{}.law", inside.display()), text.clone());
            whole.insert(file, text);
            modules.push(ModuleSource { file, name: name.into(), builtin: false, folder: "".into() });
        }
        let mut cache = Cache::default();
        let compilation = lang::compile_again(&mut cache, &sources, &modules);
        let snapshot = Snapshot::new(sources.clone(), compilation);
        Policies { sources, modules, cache, snapshot, whole }
    }

    fn set(&mut self, file: FileId, text: &str) {
        self.sources.replace(file, text);
        let compilation = lang::compile_again(&mut self.cache, &self.sources, &self.modules);
        self.snapshot = self.snapshot.next(self.sources.clone(), compilation);
    }

    fn restore(&mut self, file: FileId) {
        let text = self.whole[&file].clone();
        self.set(file, &text);
    }
}

/// A number from a sequence that is the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

/// Asks everything at a byte.
fn ask_everything(snapshot: &Snapshot, file: FileId, at: usize) {
    let here = Span::new(at, at);
    for found in completion::complete(snapshot, file, at) {
        assert!(snapshot.text(file).get(found.span.range()).is_some(), "{found:?}");
    }
    hover::hover(snapshot, file, at);
    hover::literal(snapshot, file, at);
    signature::signature(snapshot, file, at);
    navigate::definition(snapshot, file, at);
    navigate::declaration(snapshot, file, at);
    navigate::implementation(snapshot, file, at);
    navigate::type_definition(snapshot, file, at);
    references::references(snapshot, file, at, true);
    references::highlights(snapshot, file, at);
    let _ = rename::prepare(snapshot, file, at);
    let _ = rename::rename(snapshot, file, at, "another");
    if let Some(node) = calls::prepare(snapshot, file, at) {
        calls::incoming(snapshot, &node);
        calls::outgoing(snapshot, &node);
    }
    let whole = Span::new(0, snapshot.text(file).len());
    tokens::tokens(snapshot, file, whole);
    hints::hints(snapshot, file, whole, hints::HintOptions { types: true, columns: true, params: true, rows: true });
    outline::document(snapshot, file);
    outline::folds(snapshot, file);
    outline::selection(snapshot, file, at);
    links::links(snapshot, file);
    outline::workspace(snapshot, "model", 9);
    lenses::lenses(snapshot, file);
    diagnostics::diagnostics(snapshot, file);
    for action in actions::actions(snapshot, file, here) {
        for (place, _) in action.edits {
            assert!(snapshot.text(place.file).get(place.span.range()).is_some(), "{}", action.title);
        }
    }
    actions::fix_all(snapshot, file);
    formatting::file(snapshot, file);
    formatting::on_type(snapshot, file, at, ".");
    formatting::on_type(snapshot, file, at, "\n");
    for control in snapshot.compilation.controls.iter().take(3) {
        debug::steps(snapshot, &control.id);
    }
}

/// How often something is tried: `LAWBOOK_CUTS` says otherwise.
fn times(usual: usize) -> usize {
    std::env::var("LAWBOOK_CUTS").ok().and_then(|many| many.parse().ok()).unwrap_or(usual)
}

fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[test]
fn features_answer_on_cut_and_damaged_policies() {
    let mut policies = Policies::new();
    let files: Vec<FileId> = policies.whole.keys().copied().collect();
    let mut dice = Dice(0x5eed_1234);
    for _ in 0..times(60) {
        let file = files[dice.roll(files.len())];
        let whole = policies.whole[&file].clone();
        let at = boundary(&whole, dice.roll(whole.len() + 1));
        let until = boundary(&whole, (at + dice.roll(60)).min(whole.len()));
        let wild = ["{", "\"", "(", "\"\"\"", "/", "control ", ":-", "é", ".", "\r", "test \"", "}"][dice.roll(12)];
        let text = match dice.roll(4) {
            // What follows is not written yet, or stands there already.
            0 | 1 => whole[..at].to_owned(),
            2 => format!("{}{}", &whole[..at], &whole[until..]),
            _ => format!("{}{wild}{}", &whole[..at], &whole[at..]),
        };
        policies.set(file, &text);
        ask_everything(&policies.snapshot, file, at);
        let elsewhere = boundary(&text, dice.roll(text.len() + 1));
        ask_everything(&policies.snapshot, file, elsewhere);
        policies.restore(file);
    }
}

/// What kind of name stands there, where the text before it tells what it may be.
fn class(names: &Names, text: &str, name: &Name) -> Option<&'static str> {
    Some(match &name.kind {
        NameKind::Relation { role: Role::Read, .. } => "relation",
        NameKind::Relation { role: Role::Head, .. } => "head",
        NameKind::Relation { role: Role::Named, .. } => "relation named",
        NameKind::Column { .. } => "column",
        NameKind::Variable { .. } => {
            let word = &text[name.span.range()];
            let before = |other: &&Name| {
                other.unit == name.unit
                    && other.span.start < name.span.start
                    && matches!(other.kind, NameKind::Variable { .. })
                    && text[other.span.range()] == *word
            };
            names.all.iter().find(before)?;
            "variable"
        }
        NameKind::Param { .. } | NameKind::ParamNamed { declared: false, .. } => "param",
        NameKind::Function => "function",
        NameKind::Aggregate => "aggregate",
        NameKind::Type { .. } => "type",
        NameKind::Module => "module",
        NameKind::Control { declared: false } => "control",
        NameKind::Framework { declared: false } => "framework",
        NameKind::Criterion { declared: false, .. } => "criterion",
        NameKind::Field => "field",
        NameKind::FieldWord => "field word",
        NameKind::Keyword => "keyword",
        _ => return None,
    })
}

/// Cuts a policy behind `typed` letters of a name: whether completion offers what the whole text has there.
fn offered(policies: &mut Policies, file: FileId, name: &Name, whole: &str, typed: usize, rest: bool) -> bool {
    let mut start = name.span.start as usize;
    if let NameKind::Relation { front: Some(front), .. } | NameKind::Type { front: Some(front) } = &name.kind {
        start = front.start as usize;
    }
    let cut = boundary(whole, (start + typed).min(name.span.end as usize));
    // What is typed in the middle of a text has the rest behind it, on the lines below.
    let below = whole[cut..].find('\n').map_or("", |at| &whole[cut + at..]);
    let text = format!("{}{}", &whole[..cut], if rest { below } else { "" });
    policies.set(file, &text);
    let wanted = whole[start..name.span.end as usize].to_owned();
    let found = completion::complete(&policies.snapshot, file, cut);
    let same = |found: &completion::Completion| {
        let (label, wanted) = (found.label.trim_matches('"'), wanted.trim_matches('"'));
        label == wanted || found.insert.starts_with(wanted) || label.rsplit('/').next() == Some(wanted)
    };
    found.iter().any(same)
}

/// By class: how many were offered of how many, and some that were not.
type Shares = BTreeMap<&'static str, (usize, usize, Vec<String>)>;

#[test]
fn completion_offers_what_the_whole_text_has() {
    let mut policies = Policies::new();
    let files: Vec<FileId> = policies.whole.keys().copied().collect();
    let mut dice = Dice(0x00c0_ffee);
    let mut shares = Shares::new();
    let mut tried = 0;
    while tried < times(200) {
        let file = files[dice.roll(files.len())];
        let whole = policies.whole[&file].clone();
        let names = policies.snapshot.names(file);
        if names.all.is_empty() {
            continue;
        }
        // Rules are what is typed most: a name of every class in turn is as likely as the files have it.
        let name = names.all[dice.roll(names.all.len())].clone();
        let Some(class) = class(&names, &whole, &name) else { continue };
        tried += 1;
        let (typed, rest) = (dice.roll(3), dice.roll(2) == 0);
        let good = offered(&mut policies, file, &name, &whole, typed, rest);
        let share = shares.entry(class).or_default();
        share.0 += usize::from(good);
        share.1 += 1;
        if !good {
            let start = whole[..name.span.start as usize].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
            let shown = whole[start..name.span.end as usize].replace('\n', "⏎");
            share.2.push(format!("{} {typed}{}: {shown}", policies.sources.path(file), if rest { "+" } else { "" }));
        }
        policies.restore(file);
    }
    let (good, all) = shares.values().fold((0, 0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
    let mut told = format!("{good} of {all}\n");
    for (class, (good, all, missing)) in &shares {
        told.push_str(&format!("{class}: {good} of {all}\n"));
        missing.iter().take(12).for_each(|line| told.push_str(&format!("    {line}\n")));
    }
    println!("{told}");
    assert!(good * 100 >= all * 95, "{told}");
}
