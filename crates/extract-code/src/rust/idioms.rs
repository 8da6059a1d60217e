//! Rust's customs.

use crate::idioms::{After, Idioms, Runner};

pub(super) const RUST: Idioms = Idioms {
    putting: PUTTING,
    list_joining: &["concat", "join"],
    trimming: TRIMMING,
    replacing: &["replace"],
    leaving: &["abort", "bail", "exit", "panic", "todo", "unimplemented", "unreachable"],
    builtins: BUILTINS,
    text: "String",
    containers: ["Vec", "tuple", "HashSet", "HashMap"],
    environment_calls: &[
        "std.env.var",
        "std.env.var_os",
        "std.env",
        "env",
        "option_env",
        "dotenvy.var",
        "dotenv.var",
        "dotenvy_macro.dotenv",
    ],
    binding: SAME,
    lookups: &["get", "unwrap_or"],
    map_values: "values",
    passing: PASSING,
    handler: "catch",
    runners: RUNNERS,
    wrappers: WRAPPERS,
    collections: &["BTreeMap", "DashMap", "HashMap", "HashSet", "Stream", "Vec", "VecDeque"],
    taking: &["first", "get", "last", "next", "pop", "pop_front", "remove", "nth", "find"],
    sifting: &["cloned", "collect", "filter", "into_iter", "iter", "iter_mut", "rev", "skip", "take"],
    base_object: "super",
    ..Idioms::NONE
};

#[rustfmt::skip]
const PUTTING: &[&str] = &[
    "append", "extend", "extend_from_slice", "insert", "push", "push_back", "push_front", "push_str", "write", "write_all", "write_str",
];

#[rustfmt::skip]
const TRIMMING: &[&str] = &[
    "as_str", "clone", "into", "to_owned", "to_string", "trim", "trim_end", "trim_start",
];

/// Methods that give the object, or what is in it, in another shape.
#[rustfmt::skip]
const SAME: &[&str] = &[
    "as_deref", "as_mut", "as_ref", "await", "borrow", "clone", "cloned", "context", "expect", "into", "into_inner", "lock", "map_err",
    "ok_or", "ok_or_else", "read", "to_owned", "unwrap", "unwrap_or_default", "wrap_err", "with_context", "write",
];

#[rustfmt::skip]
const PASSING: &[(&str, usize)] = &[
    ("and_then", 0), ("filter", 0), ("filter_map", 0), ("flat_map", 0), ("for_each", 0), ("inspect", 0), ("map", 0), ("map_ok", 0),
    ("then", 0),
];

const fn runner(method: &'static str, after: After) -> Runner {
    Runner { method, function: Some(0), after, sure: false }
}

const RUNNERS: &[Runner] = &[
    runner("and_then", After::Object),
    runner("flat_map", After::Object),
    runner("map", After::Object),
    runner("or_else", After::Nothing),
    runner("spawn", After::Nothing),
    runner("spawn_blocking", After::Nothing),
    runner("then", After::Object),
    runner("unwrap_or_else", After::Nothing),
];

#[rustfmt::skip]
const WRAPPERS: &[&str] = &[
    "Arc", "Box", "Cow", "Extension", "Lazy", "LazyLock", "Mutex", "OnceCell", "OnceLock", "Option", "Pin", "Rc", "RefCell", "Result",
    "RwLock", "State", "actix_web.web.Data", "anyhow.Result", "axum.Extension", "axum.extract.State", "color_eyre.Result",
    "eyre.Result", "once_cell.sync.Lazy", "once_cell.sync.OnceCell", "parking_lot.Mutex", "parking_lot.RwLock", "rocket.State",
    "std.borrow.Cow", "std.cell.RefCell", "std.io.Result", "std.pin.Pin", "std.rc.Rc", "std.sync.Arc", "std.sync.LazyLock",
    "std.sync.Mutex", "std.sync.OnceLock", "std.sync.RwLock", "tokio.sync.Mutex", "tokio.sync.OnceCell", "tokio.sync.RwLock",
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "Arc", "Box", "Err", "HashMap", "HashSet", "None", "Ok", "Option", "Result", "Self", "Some", "String", "Vec", "bool", "char", "f32",
    "f64", "i32", "i64", "interface", "self", "str", "super", "u32", "u64", "u8", "usize",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
