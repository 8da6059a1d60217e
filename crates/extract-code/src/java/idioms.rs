//! Java's customs.

use crate::idioms::{After, Holes, Idioms, Runner};

pub(super) const JAVA: Idioms = Idioms {
    putting: &["add", "addAll", "addFirst", "addLast", "append", "insert", "offer", "push", "put", "putAll", "write"],
    format_functions: &[("String.format", Holes::Percent), ("java.text.MessageFormat.format", Holes::Braces)],
    percent_formatting: &["formatted"],
    joining: &["concat"],
    join_functions: &[("String.join", 1)],
    trimming: &["strip", "stripIndent", "stripLeading", "stripTrailing", "trim"],
    replacing: &["replace", "replaceAll"],
    leaving: &["exit", "halt"],
    builtins: BUILTINS,
    text: "String",
    containers: ["java.util.List", "tuple", "java.util.Set", "java.util.Map"],
    environment_calls: &["System.getProperty", "System.getenv"],
    lookups: &["get", "getOrDefault"],
    map_values: "values",
    passing: PASSING,
    handler: "catch",
    runners: RUNNERS,
    collections: COLLECTIONS,
    taking: TAKING,
    sifting: SIFTING,
    base_object: "super",
    ..Idioms::NONE
};

const PASSING: &[(&str, usize)] = &[
    ("anyMatch", 0),
    ("doOnNext", 0),
    ("filter", 0),
    ("flatMap", 0),
    ("forEach", 0),
    ("ifPresent", 0),
    ("map", 0),
    ("peek", 0),
    ("subscribe", 0),
    ("thenAccept", 0),
    ("thenApply", 0),
    ("thenCompose", 0),
];

#[rustfmt::skip]
const COLLECTIONS: &[&str] = &[
    "java.util.ArrayList", "java.util.Collection", "java.util.HashMap", "java.util.HashSet", "java.util.LinkedHashMap",
    "java.util.LinkedList", "java.util.List", "java.util.Map", "java.util.Optional", "java.util.Queue", "java.util.Set",
    "java.util.concurrent.CompletableFuture", "java.util.concurrent.Future",
    "java.util.concurrent.ConcurrentHashMap", "java.util.concurrent.ConcurrentMap", "java.util.stream.Stream",
    "Iterable",
];

#[rustfmt::skip]
const TAKING: &[&str] = &[
    "element", "findAny", "findFirst", "first", "get", "getFirst", "getLast", "getNow", "getOrDefault", "join", "last",
    "next", "orElse", "orElseGet", "orElseThrow", "peek", "poll", "pop", "remove", "resultNow", "take",
];

#[rustfmt::skip]
const SIFTING: &[&str] = &[
    "distinct", "filter", "iterator", "limit", "parallelStream", "reversed", "skip", "sorted", "stream", "subList",
    "toList", "values",
];

const fn runner(method: &'static str, after: After, sure: bool) -> Runner {
    Runner { method, function: Some(0), after, sure }
}

const RUNNERS: &[Runner] = &[
    runner("supplyAsync", After::Nothing, true),
    runner("runAsync", After::Nothing, true),
    runner("submit", After::Nothing, false),
    runner("execute", After::Nothing, false),
    runner("map", After::Object, false),
    runner("flatMap", After::Object, false),
    runner("forEach", After::Object, false),
    runner("thenApply", After::Object, false),
    runner("thenAccept", After::Object, false),
    runner("thenCompose", After::Object, false),
    runner("orElseGet", After::Nothing, false),
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "ArithmeticException", "ArrayIndexOutOfBoundsException", "AutoCloseable", "Boolean", "Byte", "CharSequence",
    "Character", "Class", "ClassCastException", "ClassLoader", "ClassNotFoundException", "Comparable", "Deprecated",
    "Double", "Enum", "Error", "Exception", "Float", "FunctionalInterface", "IllegalArgumentException",
    "IllegalStateException", "IndexOutOfBoundsException", "Integer", "InterruptedException", "Iterable", "Long",
    "Math", "NullPointerException", "Number", "NumberFormatException", "Object", "Override", "Process",
    "ProcessBuilder", "Record", "Runnable", "Runtime", "RuntimeException", "SafeVarargs", "SecurityException", "Short",
    "StackTraceElement", "String", "StringBuffer", "StringBuilder", "SuppressWarnings", "System", "Thread",
    "ThreadLocal", "Throwable", "UnsupportedOperationException", "Void", "boolean", "byte", "char", "double", "float",
    "int", "interface", "long", "short", "super", "this",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
