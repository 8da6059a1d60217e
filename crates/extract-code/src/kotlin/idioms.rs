//! Kotlin's customs, beside those that it shares with Java.

use crate::idioms::{After, Holes, Idioms, Runner};

pub(super) const KOTLIN: Idioms = Idioms {
    putting: &[
        "add",
        "addAll",
        "append",
        "appendLine",
        "insert",
        "offer",
        "plusAssign",
        "push",
        "put",
        "putAll",
        "putIfAbsent",
        "set",
        "write",
    ],
    format_functions: &[("String.format", Holes::Percent)],
    percent_formatting: &["format"],
    joining: &["concat", "plus"],
    list_joining: &["joinToString"],
    trimming: &["trim", "trimEnd", "trimIndent", "trimMargin", "trimStart"],
    replacing: &["replace"],
    leaving: &["error", "exitProcess"],
    builtins: BUILTINS,
    text: "String",
    containers: ["java.util.List", "tuple", "java.util.Set", "java.util.Map"],
    environment_calls: &["System.getenv", "System.getProperty", "java.lang.System.getenv"],
    lookups: &["get", "getOrDefault", "getValue"],
    map_values: "values",
    passing: PASSING,
    handler: "catch",
    runners: RUNNERS,
    wrappers: &["Deferred", "Mono", "Result"],
    collections: COLLECTIONS,
    taking: TAKING,
    sifting: SIFTING,
    properties: &["get"],
    base_object: "super",
    ..Idioms::NONE
};

const PASSING: &[(&str, usize)] = &[
    ("also", 0),
    ("all", 0),
    ("any", 0),
    ("collect", 0),
    ("filter", 0),
    ("flatMap", 0),
    ("forEach", 0),
    ("let", 0),
    ("map", 0),
    ("mapNotNull", 0),
    ("onEach", 0),
    ("takeIf", 0),
    ("use", 0),
];

#[rustfmt::skip]
const COLLECTIONS: &[&str] = &[
    "Array", "Collection", "Flow", "Iterable", "List", "Map", "MutableList", "MutableMap", "MutableSet", "Sequence", "Set",
];

#[rustfmt::skip]
const TAKING: &[&str] = &[
    "first", "firstOrNull", "get", "getOrDefault", "getOrNull", "getValue", "last", "lastOrNull", "random", "removeFirst",
    "single", "singleOrNull",
];

#[rustfmt::skip]
const SIFTING: &[&str] = &[
    "asSequence", "distinct", "drop", "filter", "filterNotNull", "reversed", "sorted", "sortedBy", "take", "toList",
    "toMutableList",
];

const fn runner(method: &'static str) -> Runner {
    Runner { method, function: Some(0), after: After::Nothing, sure: true }
}

const RUNNERS: &[Runner] = &[
    runner("async"),
    runner("coroutineScope"),
    runner("launch"),
    runner("lazy"),
    runner("run"),
    runner("runBlocking"),
    runner("runCatching"),
    runner("supervisorScope"),
    Runner { method: "withContext", function: Some(1), after: After::Nothing, sure: true },
    Runner { method: "with", function: Some(1), after: After::Nothing, sure: false },
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "Any", "Array", "Boolean", "Byte", "Char", "Collection", "Double", "Error", "Exception", "Float",
    "IllegalArgumentException", "IllegalStateException", "Int", "Iterable", "List", "Long", "Map", "MutableList", "MutableMap",
    "MutableSet", "Nothing", "Pair", "ProcessBuilder", "Regex", "Runtime", "RuntimeException", "Set", "Short", "String",
    "StringBuilder", "Suppress", "System", "Thread", "Throwable", "Triple", "Unit", "arrayOf", "buildList", "buildMap",
    "buildString", "check", "checkNotNull", "emptyList", "emptyMap", "error", "field", "get", "interface", "it", "lazy", "listOf",
    "mapOf", "mutableListOf", "mutableMapOf", "mutableSetOf", "print", "println", "require", "requireNotNull", "run",
    "runCatching", "setOf", "super", "this", "to", "with",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
