//! Types that do not go together.

use base::{Diagnostic, Fix, Place};
use facts::{RelationDecl, Type};
use ir::ArithmeticOp;

/// `a string`, `an int`
pub(crate) fn a(ty: &Type) -> String {
    let name = ty.to_string();
    let article = if matches!(ty, Type::Int) || name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

/// E0301: a variable of two types.
pub(crate) fn conflict(name: &str, first: (&Type, Place, String), second: (&Type, Place, String)) -> Diagnostic {
    Diagnostic::error("E0301", second.1, format!("`{name}` would be {} and {}", a(first.0), a(second.0)))
        .label(second.2)
        .also(first.1, first.2)
        .maybe_help(conversion(first.0, second.0))
}

/// E0301: an operand of another type than its place wants.
pub(crate) fn mismatch(place: Place, found: &Type, wanted: &Type, wants: &str) -> Diagnostic {
    Diagnostic::error("E0301", place, format!("{wants} is {}, not {}", a(wanted), a(found)))
        .label(format!("this is {}", a(found)))
        .maybe_help(conversion(found, wanted))
}

/// E0301: two sides of a comparison.
pub(crate) fn sides(place: Place, left: (&Type, Place), right: (&Type, Place)) -> Diagnostic {
    Diagnostic::error("E0301", place, format!("{} cannot be compared with {}", a(left.0), a(right.0)))
        .also(left.1, format!("this is {}", a(left.0)))
        .also(right.1, format!("this is {}", a(right.0)))
        .maybe_help(conversion(left.0, right.0))
}

/// A text in quotes that would be of the wanted type without them: a fix that takes them away. `text` gives what stands at
/// a place.
pub(crate) fn unquote<'t>(diagnostic: &mut Diagnostic, text: impl Fn(Place) -> &'t str) {
    if diagnostic.code != "E0301" || !diagnostic.fixes.is_empty() {
        return;
    }
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
    let quoted =
        labels.filter_map(|label| Some((label.place, text(label.place).strip_prefix('"')?.strip_suffix('"')?)));
    let literal = |inner: &str| {
        let wanted = |word: &str| diagnostic.message.contains(word);
        let digits = inner.starts_with(|c: char| c.is_ascii_digit());
        digits && wanted("time") && inner.len() == 10 && facts::parse_time(inner).is_some()
            || wanted("duration") && is_duration(inner)
            || wanted("an int") && inner.parse::<i64>().is_ok()
            || wanted("a bool") && matches!(inner, "true" | "false")
    };
    if let Some((place, inner)) = quoted.into_iter().find(|(_, inner)| literal(inner)) {
        let title = format!("write `{inner}`");
        diagnostic.fixes.push(Fix { title, edits: vec![(place, inner.to_owned())], safe: false });
    }
}

/// `90d` and its like.
fn is_duration(text: &str) -> bool {
    let number = text.trim_end_matches(['w', 'd', 'h', 'm', 's']);
    text.len() == number.len() + 1 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// How one gets from one type to another.
fn conversion(from: &Type, to: &Type) -> Option<String> {
    let pair = |x: &Type, y: &Type| (from == x && to == y) || (from == y && to == x);
    if pair(&Type::String, &Type::Int) {
        Some("`parse_int(s)` makes an int of a string".to_owned())
    } else if pair(&Type::String, &Type::Float) {
        Some("`parse_float(s)` makes a float of a string".to_owned())
    } else if pair(&Type::String, &Type::Time) {
        Some("write a date without quotes, as in `2026-11-20`; `parse_time(s)` makes a time of a string".to_owned())
    } else if pair(&Type::Int, &Type::Duration) {
        Some("write a duration with its unit, as in `90d`; `days(d)` makes an int of one".to_owned())
    } else if pair(&Type::Time, &Type::Duration) {
        Some("the difference of two times is a duration: `today() - t`".to_owned())
    } else if pair(&Type::Int, &Type::Float) {
        Some("`round(f)` makes an int of a float, `i * 1.0` a float of an int".to_owned())
    } else if pair(&Type::String, &Type::Duration) {
        Some("write a duration without quotes, as in `90d`".to_owned())
    } else if pair(&Type::Int, &Type::Time) {
        Some("write a number of days as a duration, `90d`; a date is written `2026-11-20`".to_owned())
    } else if pair(&Type::String, &Type::Bool) {
        Some("write `true` and `false` without quotes".to_owned())
    } else {
        None
    }
}

/// E0302: entity types of one variable that are not on one line.
pub(crate) fn entity_line(name: &str, first: (&Type, Place, String), second: (&Type, Place, String)) -> Diagnostic {
    Diagnostic::error("E0302", second.1, format!("`{name}` would be {} and {}", a(first.0), a(second.0)))
        .label(second.2)
        .also(first.1, first.2)
        .note(format!(
            "the entity types of `{name}` in a clause lie on one line, from subtype to supertype; these do not"
        ))
        .help("use two variables, or two rules")
}

/// E0303: `none` in a column that is always filled.
pub(crate) fn none_on_required(place: Place, column: &str, decl: &RelationDecl, declared: Place) -> Diagnostic {
    Diagnostic::error("E0303", place, format!("column `{column}` of `{}` is never missing", decl.name))
        .also(declared, format!("declare it as `{column}: T?` where values may be missing"))
        .help(format!("take `{column}: none` away, or compare with a value"))
}

/// E0303: a value that may be missing for a column that is always filled.
pub(crate) fn optional_in_required(place: Place, name: &str, column: &str, decl: &RelationDecl) -> Diagnostic {
    Diagnostic::error("E0303", place, format!("`{name}` may be missing, and column `{column}` of `{}` not", decl.name))
        .help(format!("write `{name} else …`, or bind `{name}` without `?`"))
}

/// E0304: operands that an arithmetic operator does not take.
pub(crate) fn arithmetic(place: Place, op: ArithmeticOp, left: (&Type, Place), right: (&Type, Place)) -> Diagnostic {
    let words = match op {
        ArithmeticOp::Add => format!("{} and {} cannot be added", a(left.0), a(right.0)),
        ArithmeticOp::Subtract => format!("{} cannot be taken from {}", a(right.0), a(left.0)),
        ArithmeticOp::Multiply => format!("{} and {} cannot be multiplied", a(left.0), a(right.0)),
        ArithmeticOp::Divide => format!("{} cannot be divided by {}", a(left.0), a(right.0)),
    };
    let help = match (left.0, right.0) {
        (Type::String, _) | (_, Type::String) if op == ArithmeticOp::Add => {
            Some("texts are joined by interpolation: \"{a}{b}\"".to_owned())
        }
        _ => conversion(left.0, right.0),
    };
    Diagnostic::error("E0304", place, words)
        .also(left.1, format!("this is {}", a(left.0)))
        .also(right.1, format!("this is {}", a(right.0)))
        .maybe_help(help)
}

/// E0305: an operand that a function, operator or aggregate does not take.
pub(crate) fn operand(place: Place, of: &str, wants: &str, found: &Type) -> Diagnostic {
    let help = match (wants, found) {
        ("a string", Type::Int | Type::Float | Type::Bool | Type::Time | Type::Duration) => {
            Some("put it into a text first, `\"{x}\"`, or compare it with `=`, `<` and the like".to_owned())
        }
        _ => None,
    };
    Diagnostic::error("E0305", place, format!("{of} takes {wants}, not {}", a(found)))
        .label(format!("this is {}", a(found)))
        .maybe_help(help)
}

/// E0306: more or fewer arguments than a function has.
pub(crate) fn argument_count(place: Place, name: &str, wanted: usize, given: usize) -> Diagnostic {
    let arguments = if wanted == 1 { "argument" } else { "arguments" };
    let form = match name {
        "replace" => "replace(s, /re/, \"new\")",
        "split" => "split(s, \"/\", 0)",
        "min2" | "max2" => "NAME(a, b)",
        "today" => "today()",
        _ => "NAME(x)",
    };
    Diagnostic::error("E0306", place, format!("`{name}` takes {wanted} {arguments}, not {given}"))
        .help(format!("write `{}`", form.replace("NAME", name)))
}

/// E0307: an order where there is none.
pub(crate) fn unordered(place: Place) -> Diagnostic {
    Diagnostic::error("E0307", place, "`true` and `false` have no order").help("compare with `=` or `!=`")
}

/// E0308: a head that would make an entity.
pub(crate) fn made_entity(place: Place, ty: &Type, column: &str, found: &Type) -> Diagnostic {
    Diagnostic::error(
        "E0308",
        place,
        format!("column `{column}` wants a variable that is {}, and this is {}", a(ty), a(found)),
    )
    .note("entities come from inputs: rules pass them on and never make them")
    .help("bind the variable in an atom whose column has that type or a subtype of it")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn types_have_to_agree() {
        pin!(check(
            r##"
rel r(s: string, i: int, f: float, t: time, d: duration, b: bool)
rel s(x: string)
s(x) :- r{s: x, i: x}.
s(x) :- r{s: x, i}, i = "3".
s(x) :- r{s: x, t}, t > "2026-01-01".
s(x) :- r{s: x, i: "3"}.
s(x) :- r{s: x, d}, d > 90.
s(x) :- r{s: x, b}, b < true.
s(x) :- r{s: x, t}, u = t + t, u != t.
s(x) :- r{s: x, i}, y = x + i, y != "".
s(x) :- r{s: x, i}, lower(i) = x.
s(x) :- r{s: x, i}, length(x, i) = 3.
s(x) :- r{s: x, i}, i in ["a"].
s(x) :- r{s: x, i}, i contains "3".
s(i) :- r{i}.
s(x) :- r{s: x}, 3 = max { b : r{b} }.
s(3).
s(x) :- r{s: x, f}, f = 3, r{f: 3, i: 2.5}.
s(x) :- s(x), -x = "a", label(x) = "b".
"##
        ));
    }

    #[test]
    fn entities_stay_on_one_line() {
        pin!(check(
            r##"
rel n(x: code.Node)
rel f(x: code.Function)
rel s(x: string)
n(x) :- code.call{call: x}.
n(x) :- code.call{call: x}, n(x).
f(x) :- n(x).
f(x) :- n(x), f(x).
f(x) :- code.call{call: x}, f(x).
f(x) :- code.call{call: x, function: y}, x = y.
f("a") :- s(_).
f(x) :- s(x).
f("a").
f(x) :- s(x), f(x).
s(x) :- f(x).
s(label(x)) :- f(x).
f(x) :- n(x), not f(x).
f(x) :- ( f(x) or n(x) ).
f(x) :- ( f(x) or n(x) ), code.function{function: x}.
n(x) :- ( f(x) or n(x) ).
n(x) :- ( f(x) or code.call{call: x} ).
"##
        ));
    }
}
