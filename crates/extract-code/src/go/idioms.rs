//! Go's customs.

use crate::idioms::{After, Holes, Idioms, Runner};

pub(super) const GO: Idioms = Idioms {
    putting: &["Add", "Append", "Put", "Set", "Store", "Write", "WriteByte", "WriteRune", "WriteString"],
    format_functions: &[
        ("fmt.Sprintf", Holes::Percent),
        ("fmt.Errorf", Holes::Percent),
        ("fmt.Sprint", Holes::Each),
        ("fmt.Sprintln", Holes::Each),
    ],
    join_functions: &[("strings.Join", 0)],
    cleaning: &[
        "strings.Trim",
        "strings.TrimLeft",
        "strings.TrimPrefix",
        "strings.TrimRight",
        "strings.TrimSpace",
        "strings.TrimSuffix",
    ],
    leaving: &["Exit", "Fatal", "Fatalf", "Fatalln", "Goexit", "Panic", "Panicf", "Panicln"],
    builtins: BUILTINS,
    text: "string",
    containers: ["[]", "tuple", "set", "map"],
    environment_calls: &["os.Getenv", "os.LookupEnv", "syscall.Getenv"],
    handler: "recover",
    runners: RUNNERS,
    first_result: true,
    ..Idioms::NONE
};

const RUNNERS: &[Runner] = &[
    Runner { method: "AfterFunc", function: Some(1), after: After::Nothing, sure: true },
    Runner { method: "Go", function: Some(0), after: After::Nothing, sure: true },
    Runner { method: "Do", function: Some(0), after: After::Nothing, sure: false },
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "_", "any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "complex128", "complex64",
    "copy", "delete", "error", "false", "float32", "float64", "imag", "int", "int16", "int32", "int64", "int8", "interface", "iota",
    "len", "make", "max", "min", "new", "nil", "panic", "print", "println", "real", "recover", "rune", "string",
    "true", "uint", "uint16", "uint32", "uint64", "uint8", "uintptr",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
