//! Ruby's customs.

use crate::idioms::{Holes, Idioms};

pub(super) const RUBY: Idioms = Idioms {
    putting: &[
        "<<", "add", "append", "concat", "insert", "merge!", "prepend", "push", "store", "unshift", "update", "write",
    ],
    format_functions: &[("format", Holes::Percent), ("sprintf", Holes::Percent)],
    joining: &["concat"],
    list_joining: &["join"],
    trimming: &["chomp", "lstrip", "rstrip", "squish", "strip", "strip_heredoc"],
    replacing: &["gsub", "sub", "tr"],
    leaving: &["abort", "exit", "exit!", "halt", "raise"],
    builtins: BUILTINS,
    text: "String",
    containers: ["Array", "Array", "Set", "Hash"],
    environment: &["ENV"],
    environment_calls: &["ENV.fetch"],
    lookups: &["dig", "fetch"],
    map_values: "values",
    passing: PASSING,
    handler: "rescue",
    taking: &["detect", "find", "first", "last", "pop", "sample", "shift"],
    sifting: &["compact", "reject", "reverse", "select", "sort", "sort_by", "take", "to_a", "uniq"],
    base_object: "super",
    ..Idioms::NONE
};

#[rustfmt::skip]
const PASSING: &[(&str, usize)] = &[
    ("each", 0), ("each_with_index", 0), ("filter_map", 0), ("find", 0), ("flat_map", 0), ("map", 0), ("reject", 0),
    ("select", 0), ("tap", 0), ("then", 0),
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "ARGV", "Array", "Dir", "ENV", "Exception", "File", "Hash", "IO", "Integer", "JSON", "Kernel", "Marshal", "Process", "String",
    "Time", "YAML", "`", "abort", "attr_accessor", "attr_reader", "binding", "block_given?", "catch", "eval", "exec", "exit",
    "format", "gets", "lambda", "loop", "open", "p", "print", "private", "proc", "protected", "public", "puts", "raise", "rand",
    "self", "sleep", "spawn", "sprintf", "super", "system", "throw",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
