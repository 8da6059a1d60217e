//! C#'s customs.

use crate::idioms::{After, Holes, Idioms, Runner};

pub(super) const CSHARP: Idioms = Idioms {
    putting: &[
        "Add",
        "AddRange",
        "Append",
        "AppendFormat",
        "AppendLine",
        "Enqueue",
        "Insert",
        "Prepend",
        "Push",
        "TryAdd",
        "Write",
        "WriteLine",
    ],
    format_functions: &[
        ("string.Format", Holes::Braces),
        ("String.Format", Holes::Braces),
        ("string.Concat", Holes::Each),
    ],
    join_functions: &[("string.Join", 1), ("String.Join", 1)],
    trimming: &["Trim", "TrimEnd", "TrimStart"],
    replacing: &["Replace"],
    leaving: &["Exit", "FailFast"],
    builtins: BUILTINS,
    text: "string",
    containers: ["List", "tuple", "HashSet", "Dictionary"],
    environment_calls: &["Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariable"],
    lookups: &["GetValueOrDefault"],
    entries_are_attributes: true,
    passing: PASSING,
    handler: "catch",
    runners: RUNNERS,
    wrappers: &["ActionResult", "Lazy", "Nullable", "Task", "ValueTask"],
    collections: COLLECTIONS,
    taking: TAKING,
    sifting: SIFTING,
    properties: &["get"],
    base_object: "base",
    ..Idioms::NONE
};

const PASSING: &[(&str, usize)] =
    &[("All", 0), ("Any", 0), ("ForEach", 0), ("Select", 0), ("SelectMany", 0), ("Where", 0), ("ContinueWith", 0)];

#[rustfmt::skip]
const COLLECTIONS: &[&str] = &[
    "ConcurrentDictionary", "Dictionary", "HashSet", "IAsyncEnumerable", "ICollection", "IDictionary", "IEnumerable",
    "IList", "IReadOnlyCollection", "IReadOnlyDictionary", "IReadOnlyList", "IQueryable", "List", "Queue", "Stack",
];

#[rustfmt::skip]
const TAKING: &[&str] = &[
    "Dequeue", "ElementAt", "First", "FirstAsync", "FirstOrDefault", "FirstOrDefaultAsync", "GetValueOrDefault", "Last",
    "LastOrDefault", "Peek", "Pop", "Single", "SingleOrDefault",
];

#[rustfmt::skip]
const SIFTING: &[&str] = &[
    "AsEnumerable", "Distinct", "OrderBy", "OrderByDescending", "Reverse", "Skip", "Take", "ToArray", "ToList",
    "ToListAsync", "Where",
];

const RUNNERS: &[Runner] = &[
    Runner { method: "Run", function: Some(0), after: After::Nothing, sure: false },
    Runner { method: "StartNew", function: Some(0), after: After::Nothing, sure: true },
    Runner { method: "QueueUserWorkItem", function: Some(0), after: After::Nothing, sure: true },
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "Action", "ArgumentException", "ArgumentNullException", "Array", "Console", "Convert", "DateTime", "DateTimeOffset",
    "Dictionary", "Encoding", "Enum", "Environment", "Exception", "Func", "Guid", "HashSet", "IAsyncEnumerable",
    "IDictionary", "IDisposable", "IEnumerable", "IList", "IReadOnlyList", "InvalidOperationException", "Lazy", "List",
    "Math", "NotImplementedException", "NotSupportedException", "Nullable", "Object", "Random", "String", "StringBuilder",
    "Task", "TimeSpan", "Tuple", "Type", "Uri", "ValueTask", "base", "bool", "byte", "char", "decimal", "double", "float",
    "get", "int", "interface", "long", "object", "short", "string", "this", "uint", "ulong",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
