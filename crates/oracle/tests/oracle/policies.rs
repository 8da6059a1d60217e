//! Random policy files mean what the naive interpreter says of the same program: parser, compiler and engine together.
//!
//! `LAWBOOK_ORACLE=first..last` runs other seeds than the usual ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::SourceMap;
use engine::{Error, Limits, Options};
use facts::{Database, Value};
use lang::{ModuleSource, Settings};
use oracle::{Form, generate, interpret};

#[test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "which seeds run is not a result")]
fn random_policies_mean_the_same() {
    let range = std::env::var("LAWBOOK_ORACLE").unwrap_or_else(|_| "0..400".to_owned());
    let (first, last) = range.split_once("..").expect("a range such as 0..1000");
    let seeds = first.parse::<u64>().expect("a number")..last.parse::<u64>().expect("a number");
    let mut refused = std::collections::BTreeMap::new();
    let (mut run, mut rows) = (0, 0);
    for seed in seeds {
        match compare(seed) {
            Ok(found) => {
                run += 1;
                rows += found;
            }
            Err(code) => *refused.entry(code).or_insert(0) += 1,
        }
    }
    println!("{run} policies, {rows} rows, refused: {refused:?}");
    assert!(run > 0);
}

/// Compares both meanings of a seed's program: the number of rows. The code of an error where the language refuses the program.
fn compare(seed: u64) -> Result<usize, String> {
    let text = generate(seed, Form::Policy);
    let Ok(program) = ir::read(&generate(seed, Form::Ir)) else { return Err("not stratified".to_owned()) };
    let mut sources = SourceMap::new();
    let file = sources.add("m.law", text.as_str());
    let module = ModuleSource { file, name: "m".into(), builtin: false, folder: "".into() };
    let compilation = lang::compile(&sources, &[module]);
    if let Some(error) = compilation.diagnostics.iter().find(|found| found.is_error()) {
        return Err(error.code.to_owned());
    }
    let names: Vec<Arc<str>> =
        program.relations.iter().map(|relation| format!("m.{}", relation.decl.name).into()).collect();
    let compiled = Arc::new(compilation.program(&names, &[], &Settings::default()));
    let limits = Limits { rows: Some(400), ..Limits::default() };
    let evaluation = match engine::evaluate(&compiled, Database::new(), &Options { limits, ..Options::default() }) {
        Ok(evaluation) => evaluation,
        Err(Error::Budget(_)) => return Err("too large".to_owned()),
        Err(error) => panic!("seed {seed}: {error}\n{text}"),
    };
    let model = interpret(&program);
    let mut rows = 0;
    for (name, expected) in names.iter().zip(&model.rows) {
        let found: BTreeSet<Vec<Value>> = match compiled.find(name) {
            Some(relation) => evaluation.sorted(relation).map(|(_, row)| row).collect(),
            None => BTreeSet::new(),
        };
        assert_eq!(found, *expected, "seed {seed}: rows of `{name}`\n{text}");
        rows += expected.len();
    }
    let faulty: BTreeSet<String> = model.faults.iter().map(|fault| relation_of(&program, fault.rule)).collect();
    let found: BTreeSet<String> = evaluation
        .faults()
        .iter()
        .map(|faults| relation_of(&compiled, faults.rule).trim_start_matches("m.").to_owned())
        .collect();
    assert_eq!(found, faulty, "seed {seed}: relations with faults\n{text}");
    Ok(rows)
}

fn relation_of(program: &ir::Program, rule: ir::RuleId) -> String {
    program.relation(program.rule(rule).head).decl.name.to_string()
}
