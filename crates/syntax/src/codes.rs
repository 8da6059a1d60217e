//! The codes of syntax diagnostics. A code stays what it is once published: retired ones are not used again.

/// A clause without its final stop.
pub const STOP: &str = "E0101";
/// Something stands where it cannot.
pub const UNEXPECTED: &str = "E0102";
/// A bracket that is never closed, or closes nothing.
pub const BRACKET: &str = "E0103";
/// A string, raw block or regex that is never closed.
pub const UNCLOSED: &str = "E0104";
/// The block of a control or test is never closed.
pub const BLOCK: &str = "E0105";
/// Brackets nest too deep.
pub const DEEP: &str = "E0106";
/// An operator or habit of another language.
pub const HABIT: &str = "E0107";
/// A date or instant that does not exist.
pub const DATE: &str = "E0108";
/// A number or duration that cannot be.
pub const NUMBER: &str = "E0109";
/// An escape that does not exist.
pub const ESCAPE: &str = "E0110";
/// A brace that opens an interpolation which is never closed or empty.
pub const INTERPOLATION: &str = "E0111";
/// `not not`.
pub const NOT_NOT: &str = "E0112";
/// A reserved word as a name.
pub const RESERVED: &str = "E0113";
/// A word that begins no item.
pub const ITEM: &str = "E0114";
/// A word that begins no statement of a test.
pub const STATEMENT: &str = "E0115";
/// A value where a condition is needed.
pub const CONDITION: &str = "E0116";
/// A condition, relation, list or regex where a value is needed.
pub const OPERAND: &str = "E0117";
/// An aggregate that is not written `count { x : body }`.
pub const AGGREGATE: &str = "E0118";
/// `x?` where nothing is bound.
pub const OPTIONAL: &str = "E0119";
/// What must be a literal is not.
pub const LITERAL: &str = "E0120";
/// Arguments of a relation that are not well formed.
pub const ARGUMENTS: &str = "E0121";
/// A clause's head that is none.
pub const HEAD: &str = "E0122";
/// A regex flag that does not exist.
pub const REGEX: &str = "E0123";
/// An item, field or statement where it cannot stand.
pub const MISPLACED: &str = "E0124";
/// `or` outside parentheses.
pub const ALTERNATIVES: &str = "E0125";
/// Documentation with nothing to document.
pub const LOST_DOC: &str = "W0101";
/// Braces that look like an interpolation where there is none.
pub const PLAIN_BRACES: &str = "W0102";
