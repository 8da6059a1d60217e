//! Customs of JavaScript and TypeScript.

use crate::idioms::{After, Idioms, Runner};

pub(super) const ECMASCRIPT: Idioms = Idioms {
    putting: &["add", "append", "enqueue", "push", "set", "splice", "unshift", "write"],
    list_joining: &["join"],
    trimming: &["trim", "trimEnd", "trimStart"],
    replacing: &["replace", "replaceAll"],
    leaving: &["exit", "abort"],
    text: "string",
    containers: ["Array", "Array", "Set", "Object"],
    environment: &["process.env", "import.meta.env", "Bun.env"],
    environment_calls: &["Deno.env.get"],
    environment_attributes: &["process.env", "import.meta.env", "Bun.env"],
    binding: &["bind"],
    runners: RUNNERS,
    passing: PASSING,
    entries_are_attributes: true,
    handler: "catch",
    wrappers: &["Awaited", "NonNullable", "Partial", "Promise", "Readonly", "Required"],
    properties: &["get"],
    base_object: "super",
    ..Idioms::NONE
};

const fn runner(method: &'static str, after: After) -> Runner {
    Runner { method, function: Some(0), after, sure: false }
}

/// Functions whose result is that of the function they are given, or made of it.
const RUNNERS: &[Runner] = &[
    runner("then", After::Object),
    runner("catch", After::Nothing),
    runner("finally", After::Nothing),
    runner("map", After::Object),
    runner("flatMap", After::Object),
    runner("setTimeout", After::Nothing),
    runner("setInterval", After::Nothing),
    runner("setImmediate", After::Nothing),
    runner("queueMicrotask", After::Nothing),
    runner("nextTick", After::Nothing),
];

const PASSING: &[(&str, usize)] = &[
    ("then", 0),
    ("map", 0),
    ("flatMap", 0),
    ("forEach", 0),
    ("filter", 0),
    ("find", 0),
    ("some", 0),
    ("every", 0),
    ("reduce", 1),
    ("reduceRight", 1),
    ("sort", 0),
];
