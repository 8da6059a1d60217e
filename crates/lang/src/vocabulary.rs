//! The words of the language by kind, from the tables that the compiler itself reads: for documentation that is held
//! complete, and for editors.

use ir::{AggregateFunction, ArithmeticOp, Comparison, Function, TextTest};
use syntax::words::{FIELDS, Keyword, STATEMENTS};

use crate::checks::inputs::FORMATS;
use crate::names::PLAIN_TYPES;
use crate::stages::paths::{DECODERS, MARKS};
use crate::{Severity, Status};

/// Kinds of words with the words.
pub fn vocabulary() -> Vec<(&'static str, Vec<String>)> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let functions = Function::ALL.iter().map(|(name, _)| *name).chain(["today"]);
    vec![
        ("Items", Keyword::ALL.iter().map(|keyword| keyword.word().to_owned()).collect()),
        ("Types", PLAIN_TYPES.iter().map(|(word, _)| (*word).to_owned()).collect()),
        ("Operators", operators()),
        ("Functions", functions.map(str::to_owned).collect()),
        ("Aggregates", AGGREGATES.map(aggregate).iter().map(|word| (*word).to_owned()).collect()),
        ("Formats", owned(&FORMATS)),
        ("Paths", path_forms()),
        ("Conversions", owned(&["epoch_s", "epoch_ms", "none"])),
        ("Control fields", owned(&FIELDS)),
        ("Severities", Severity::ALL.iter().map(|severity| severity.name().to_owned()).collect()),
        ("Test statements", owned(&STATEMENTS)),
        ("Expectations", expectations()),
    ]
}

fn operators() -> Vec<String> {
    let comparisons = COMPARISONS.map(comparison);
    let arithmetic = ARITHMETIC.map(arithmetic);
    let tests = TESTS.map(test);
    let words = ["in", "not", "or", "else", "as", "none", "true", "false"];
    comparisons.iter().chain(&arithmetic).chain(&tests).chain(&words).map(|word| (*word).to_owned()).collect()
}

fn path_forms() -> Vec<String> {
    let marks = MARKS.iter().map(|(word, _)| format!("${word}"));
    marks.chain(DECODERS.iter().map(|(word, _)| format!(".{word}()"))).collect()
}

fn expectations() -> Vec<String> {
    let statuses = Status::ALL.iter().map(|status| status.name());
    statuses.chain(["violation", "no violation", "no", "count"]).map(str::to_owned).collect()
}

// Written as matches, so that what is new does not compile until it has its word here.

const AGGREGATES: [AggregateFunction; 6] = [
    AggregateFunction::Count,
    AggregateFunction::Sum,
    AggregateFunction::Min,
    AggregateFunction::Max,
    AggregateFunction::Avg,
    AggregateFunction::Join,
];

fn aggregate(function: AggregateFunction) -> &'static str {
    match function {
        AggregateFunction::Count => "count",
        AggregateFunction::Sum => "sum",
        AggregateFunction::Min => "min",
        AggregateFunction::Max => "max",
        AggregateFunction::Avg => "avg",
        AggregateFunction::Join => "join",
    }
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessEqual,
    Comparison::Greater,
    Comparison::GreaterEqual,
];

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

const ARITHMETIC: [ArithmeticOp; 4] =
    [ArithmeticOp::Add, ArithmeticOp::Subtract, ArithmeticOp::Multiply, ArithmeticOp::Divide];

fn arithmetic(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

const TESTS: [TextTest; 5] =
    [TextTest::Contains, TextTest::StartsWith, TextTest::EndsWith, TextTest::Matches, TextTest::Like];

fn test(test: TextTest) -> &'static str {
    match test {
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts_with",
        TextTest::EndsWith => "ends_with",
        TextTest::Matches => "matches",
        TextTest::Like => "like",
    }
}
