//! The words that begin items, fields and statements, and what people write in their stead.

/// A word that begins an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Keyword {
    Use,
    Entity,
    Rel,
    Param,
    Framework,
    Input,
    Control,
    Test,
}

impl Keyword {
    /// All of them.
    pub const ALL: [Keyword; 8] = [
        Keyword::Use,
        Keyword::Entity,
        Keyword::Rel,
        Keyword::Param,
        Keyword::Framework,
        Keyword::Input,
        Keyword::Control,
        Keyword::Test,
    ];

    /// As written.
    pub fn word(self) -> &'static str {
        match self {
            Keyword::Use => "use",
            Keyword::Entity => "entity",
            Keyword::Rel => "rel",
            Keyword::Param => "param",
            Keyword::Framework => "framework",
            Keyword::Input => "input",
            Keyword::Control => "control",
            Keyword::Test => "test",
        }
    }

    /// The keyword that `word` is.
    pub fn of(word: &str) -> Option<Keyword> {
        Keyword::ALL.into_iter().find(|keyword| keyword.word() == word)
    }

    /// Whether braces follow its name.
    pub fn has_block(self) -> bool {
        matches!(self, Keyword::Control | Keyword::Test | Keyword::Framework)
    }

    /// Whether its block is cut into pieces.
    pub fn has_members(self) -> bool {
        matches!(self, Keyword::Control | Keyword::Test)
    }

    /// Whether it may begin a piece of the block of `outer`.
    pub fn in_block(self, outer: Keyword) -> bool {
        match outer {
            Keyword::Control => self == Keyword::Rel,
            Keyword::Test => self == Keyword::Param,
            _ => false,
        }
    }

    /// How it is used, for help.
    pub fn example(self) -> &'static str {
        match self {
            Keyword::Use => "use std.ai",
            Keyword::Entity => "entity System",
            Keyword::Rel => "rel owns(team: string, system: System)",
            Keyword::Param => "param window: duration = 90d",
            Keyword::Framework => "framework soc2 \"SOC 2\" { CC9.2: \"Vendor risk is managed\" }",
            Keyword::Input => "input vendor(key name: string) from csv \"vendors.csv\" { name: \"Name\" }",
            Keyword::Control => "control AI-CC9.2-01 \"Vendors are registered\" { … }",
            Keyword::Test => "test \"an unknown vendor is reported\" { … }",
        }
    }
}

/// Fields of a control.
pub const FIELDS: [&str; 7] = ["severity", "maps", "remedy", "owner", "tags", "docs", "needs"];

/// Words that begin statements of a test.
pub const STATEMENTS: [&str; 4] = ["as_of", "given", "expect", "param"];

/// Words of other languages, and the keyword that does what they do there.
const SYNONYMS: [(&str, Keyword); 18] = [
    ("import", Keyword::Use),
    ("include", Keyword::Use),
    ("require", Keyword::Use),
    ("using", Keyword::Use),
    ("relation", Keyword::Rel),
    ("decl", Keyword::Rel),
    ("predicate", Keyword::Rel),
    ("table", Keyword::Rel),
    ("def", Keyword::Rel),
    ("const", Keyword::Param),
    ("let", Keyword::Param),
    ("var", Keyword::Param),
    ("parameter", Keyword::Param),
    ("type", Keyword::Entity),
    ("struct", Keyword::Entity),
    ("policy", Keyword::Control),
    ("rule", Keyword::Control),
    ("check", Keyword::Control),
];

/// The keyword that a word at the start of an item was meant to be.
pub fn nearest_keyword(word: &str) -> Option<Keyword> {
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == word).map(|&(_, keyword)| keyword);
    let near = || base::nearest(word, Keyword::ALL.map(Keyword::word)).first().and_then(|found| Keyword::of(found));
    synonym.or_else(near)
}
