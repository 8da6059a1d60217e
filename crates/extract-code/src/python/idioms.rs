//! Python's customs.

use crate::idioms::{After, Idioms, Runner};

pub(super) const PYTHON: Idioms = Idioms {
    putting: &["add", "append", "appendleft", "extend", "insert", "put", "put_nowait", "setdefault", "update", "write"],
    formatting: &["format", "format_map"],
    joining: &["join"],
    trimming: &["lstrip", "rstrip", "strip"],
    replacing: &["replace"],
    cleaning: &["inspect.cleandoc", "textwrap.dedent"],
    leaving: &["_exit", "abort", "exit", "quit"],
    builtins: BUILTINS,
    text: "str",
    containers: ["list", "tuple", "set", "dict"],
    environment: &["os.environ"],
    environment_calls: &["os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenv"],
    partial: &[
        "functools.partial",
        "functools.partialmethod",
        "asgiref.sync.async_to_sync",
        "asgiref.sync.sync_to_async",
        "asyncer.asyncify",
        "asyncer.syncify",
    ],
    fields: FIELDS,
    defaults: &["default"],
    factories: &["default_factory", "factory"],
    lookups: &["get", "pop", "setdefault"],
    runners: RUNNERS,
    function_keywords: &["target", "func", "fn", "function", "callable"],
    argument_keywords: &["args", "fargs"],
    option_keywords: &["kwargs", "kwds", "fkwargs"],
    handler: "except",
    map_values: "values",
    attribute_reads: &["getattr"],
    enum_value: "value",
    casts: &["typing.cast"],
    maps: &["dict", "collections.OrderedDict"],
    wrappers: &[
        "Optional",
        // A class that is handed over is called by its own name, as are its objects.
        "type",
        "typing.Annotated",
        "typing.ClassVar",
        "typing.Final",
        "typing.NotRequired",
        "typing.Optional",
        "typing.ReadOnly",
        "typing.Required",
        "typing.Type",
        "typing.Union",
        "typing_extensions.Annotated",
        "typing_extensions.ClassVar",
        "typing_extensions.Final",
        "typing_extensions.NotRequired",
        "typing_extensions.Required",
    ],
    annotated: &["typing.Annotated", "typing_extensions.Annotated"],
    properties: &["property", "functools.cached_property", "cached_property", "abc.abstractproperty"],
    base_object: "super",
    ..Idioms::NONE
};

const fn runner(method: &'static str, function: usize, after: After, sure: bool) -> Runner {
    Runner { method, function: Some(function), after, sure }
}

const RUNNERS: &[Runner] = &[
    runner("run_in_executor", 1, After::Arguments, true),
    runner("to_thread", 0, After::Arguments, true),
    runner("run_in_threadpool", 0, After::Arguments, true),
    runner("run_sync", 0, After::Arguments, true),
    runner("deferToThread", 0, After::Arguments, true),
    runner("call_soon", 0, After::Arguments, true),
    runner("call_soon_threadsafe", 0, After::Arguments, true),
    runner("call_later", 1, After::Arguments, true),
    runner("start_soon", 0, After::Arguments, true),
    runner("start_new_thread", 0, After::Packed, true),
    runner("submit", 0, After::Arguments, false),
    runner("map", 0, After::Arguments, false),
    runner("imap", 0, After::Arguments, false),
    runner("imap_unordered", 0, After::Arguments, false),
    runner("starmap", 0, After::Nothing, false),
    runner("add_task", 0, After::Arguments, false),
    runner("spawn", 0, After::Arguments, false),
    runner("enqueue", 0, After::Arguments, false),
    runner("apply", 0, After::Packed, false),
    runner("apply_async", 0, After::Packed, false),
    runner("retry_call", 0, After::Packed, false),
    runner("add_job", 0, After::Nothing, false),
    runner("Timer", 1, After::Packed, false),
    Runner { method: "Thread", function: None, after: After::Nothing, sure: false },
    Runner { method: "Process", function: None, after: After::Nothing, sure: false },
];

#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "attr.attrib", "attr.field", "attr.ib", "attrs.field", "dataclasses.field", "fastapi.Body", "fastapi.Cookie",
    "fastapi.Form", "fastapi.Header", "fastapi.Path", "fastapi.Query", "langchain.pydantic_v1.Field",
    "langchain_core.pydantic_v1.Field", "llama_index.core.bridge.pydantic.Field", "msgspec.field",
    "pydantic.Field", "pydantic.PrivateAttr", "pydantic.dataclasses.Field", "pydantic.fields.Field",
    "pydantic.v1.Field", "sqlmodel.Field", "typer.Argument", "typer.Option",
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError",
    "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError",
    "ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError",
    "Ellipsis", "EnvironmentError", "Exception", "ExceptionGroup", "False", "FileExistsError", "FileNotFoundError",
    "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError", "ImportWarning",
    "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt",
    "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "None", "NotADirectoryError",
    "NotImplemented", "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning",
    "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError",
    "RuntimeWarning", "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError",
    "SystemExit", "TabError", "TimeoutError", "True", "TypeError", "UnboundLocalError", "UnicodeDecodeError",
    "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "ValueError",
    "Warning", "ZeroDivisionError", "__debug__", "__doc__", "__file__", "__import__", "__name__", "__package__",
    "__spec__", "abs", "aiter", "all", "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes",
    "callable", "chr", "classmethod", "compile", "complex", "copyright", "credits", "delattr", "dict", "dir",
    "divmod", "enumerate", "eval", "exec", "exit", "filter", "float", "format", "frozenset", "getattr", "globals",
    "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "license",
    "list", "locals", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print",
    "property", "quit", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod",
    "str", "sum", "super", "tuple", "type", "vars", "zip",
];

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_can_be_searched() {
        assert!(super::BUILTINS.is_sorted());
    }
}
