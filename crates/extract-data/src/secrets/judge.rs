//! Is it a credential, a placeholder for one, or neither? The rules here are about form only and name no vendor.

/// What a match turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A credential, as far as its form can tell.
    Secret,
    /// Plainly stands for one.
    Placeholder,
    /// Something else that the pattern happens to match.
    Unrelated,
}

/// What is known of a match beside its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The literal that every secret of the pattern begins with.
    pub prefix: &'a str,
    pub distinctive: bool,
    /// Whether the pattern names a provider.
    pub provider: bool,
    /// The variable or field that holds it.
    pub name: Option<&'a str>,
    /// The character before it.
    pub before: Option<char>,
    /// Whether its line is one that no person wrote: a lock file, minified code, data.
    pub generated: bool,
}

pub(crate) fn judge(value: &str, setting: Setting<'_>) -> Verdict {
    let body = value.strip_prefix(setting.prefix).unwrap_or(value);
    // Inside a longer word, as `sk-` in `task-…`.
    if setting.distinctive && setting.before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return Verdict::Unrelated;
    }
    if is_placeholder(value, body) {
        return Verdict::Placeholder;
    }
    let probe = words(body).any(|word| matches!(word.as_str(), "test" | "demo" | "testing" | "dev"));
    if setting.distinctive {
        // Names with hyphens, such as classes of style sheets.
        return match is_name(body) && !probe {
            true => Verdict::Unrelated,
            false => Verdict::Secret,
        };
    }
    if setting.generated || setting.name.is_some_and(holds_hash) {
        return Verdict::Unrelated;
    }
    if probe && setting.provider {
        return Verdict::Secret;
    }
    let least = if value.len() < 20 { 2.5 } else { 3.0 };
    match is_name(body) || value.contains(char::is_whitespace) || entropy(value) < least {
        true => Verdict::Unrelated,
        false => Verdict::Secret,
    }
}

/// Shannon entropy in bits per character.
pub(crate) fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    text.chars().for_each(|c| *counts.entry(c).or_insert(0u32) += 1);
    let total = text.chars().count() as f64;
    let bits: f64 = counts.values().map(|&count| f64::from(count) / total).map(|share| -share * share.log2()).sum();
    // Of one repeated character the sum is a negative zero.
    bits.max(0.0)
}

/// Parts that say that a value is to be put in, or where it is kept.
const REFERENCES: [&str; 22] = [
    "***",
    "•",
    "...",
    "…",
    "<",
    ">",
    "${",
    "{{",
    "$(",
    "%(",
    "os.environ",
    "os.getenv",
    "process.env",
    "getenv(",
    "env:",
    "secrets.",
    "vault:",
    "op://",
    "arn:aws:",
    "secretref",
    "keyvault",
    "key_vault",
];

/// Words that only placeholders hold. `test` and `demo` are none: such keys work.
const WORDS: [&str; 21] = [
    "example",
    "sample",
    "placeholder",
    "changeme",
    "changethis",
    "replace",
    "replaceme",
    "redacted",
    "insert",
    "dummy",
    "fake",
    "your",
    "todo",
    "fixme",
    "undefined",
    "here",
    "mykey",
    "invalid",
    "notreal",
    "removed",
    "hidden",
];

/// Longer words and phrases, found also where no separator stands around them.
const PHRASES: [&str; 16] = [
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "replaceme",
    "replace-me",
    "replace_me",
    "redacted",
    "yourapikey",
    "your-",
    "your_",
    "not-a-",
    "no-key",
    "not-needed",
    "key-here",
];

fn is_placeholder(value: &str, body: &str) -> bool {
    if body.trim().is_empty() || value.starts_with(['$', '%', '{', '[']) {
        return true;
    }
    let lower = value.to_lowercase();
    if REFERENCES.iter().any(|part| lower.contains(part)) || PHRASES.iter().any(|part| lower.contains(part)) {
        return true;
    }
    if words(body).any(|word| WORDS.contains(&word.as_str())) {
        return true;
    }
    let letters: Vec<char> = body.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let distinct: std::collections::BTreeSet<char> = letters.iter().copied().collect();
    let few = letters.len() >= 6 && distinct.len() <= 2;
    few || regular(&letters) * 10 >= letters.len() * 6
}

/// How many characters belong to runs of four and more that repeat one character or count up or down.
fn regular(letters: &[char]) -> usize {
    let step = |pair: &[char]| match (pair[0], pair[1]) {
        ('9', '0') => 1,
        ('0', '9') => -1,
        (a, b) => b as i32 - a as i32,
    };
    let (mut total, mut run, mut last) = (0, 1, i32::MAX);
    let mut close = |run: usize| {
        if run >= 4 {
            total += run;
        }
    };
    for pair in letters.windows(2) {
        let now = step(pair);
        if now == last {
            run += 1;
            continue;
        }
        close(run);
        (run, last) = if (-1..=1).contains(&now) { (2, now) } else { (1, i32::MAX) };
    }
    close(run);
    total
}

/// Parts between separators, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a value reads like a name: `text-embedding-ada-002`, `my_secret_name`, `accessToken`, `a.b.c`.
fn is_name(body: &str) -> bool {
    let mut parts = body.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.all(|part| {
        let number = part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        number || is_word(part)
    })
}

/// Letters in one case, or humps of at least three letters: chance mixes cases otherwise.
fn is_word(part: &str) -> bool {
    const LONGEST: usize = 14;
    if !part.chars().all(char::is_alphabetic) {
        return false;
    }
    if part.chars().all(char::is_uppercase) {
        return part.len() <= LONGEST;
    }
    let mut hump = 0;
    for (at, c) in part.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            if hump < 3 {
                return false;
            }
            hump = 0;
        }
        hump += 1;
        if hump > LONGEST {
            return false;
        }
    }
    hump >= 3 || part.len() == hump
}

/// Whether what a variable of this name holds is a checksum or an id, and no secret.
fn holds_hash(name: &str) -> bool {
    const HASHES: [&str; 14] = [
        "sha",
        "sha1",
        "sha256",
        "sha512",
        "md5",
        "hash",
        "checksum",
        "digest",
        "integrity",
        "commit",
        "revision",
        "rev",
        "etag",
        "fingerprint",
    ];
    words(name).any(|word| HASHES.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Setting<'_> =
        Setting { prefix: "", distinctive: false, provider: true, name: None, before: None, generated: false };

    #[test]
    fn placeholders_secrets_and_other_things_are_told_apart() {
        let marked = Setting { prefix: "sk-", distinctive: true, ..BARE };
        for (values, setting, expected) in [
            (
                &[
                    "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
                    "sk-****************",
                    "sk-1234567890abcdef1234567890abcdef",
                    "sk-...",
                    "sk-your-key-here",
                    "sk-",
                    "sk-EXAMPLEabc8f72kd0s1",
                    "sk-<put it here>",
                    "sk-${KEY}",
                    "sk-0000000000000000",
                    "sk-abcdefghijklmnopqrstuvwxyz",
                ][..],
                marked,
                Verdict::Placeholder,
            ),
            (&["sk-test-9fK2mQ7vXc81", "sk-demo-key-for-the-team", "sk-9fK2mQ7vXc81TbR5wZ0p"], marked, Verdict::Secret),
            (&["sk-circle-fade-dot-before-after", "sk-cube-grid"], marked, Verdict::Unrelated),
            (&["9f2c81d07ab34e65f1d20c9b7a8e4f36", "b7Qx92LmZ0aPqR5t"], BARE, Verdict::Secret),
            (&["test-key-1", "demo_openai_key"], BARE, Verdict::Secret),
            (
                &[
                    "os.environ/OPENAI_API_KEY",
                    "${AZURE_KEY}",
                    "changeme",
                    "your_api_key",
                    "op://vault/item",
                    "<your-key>",
                    "xxxx",
                ],
                BARE,
                Verdict::Placeholder,
            ),
            (
                &[
                    "text-embedding-ada-002",
                    "api_key",
                    "access_token",
                    "a sentence with 4 words",
                    "aabbaabbaabb1",
                    "OPENAI_API_KEY",
                ],
                BARE,
                Verdict::Unrelated,
            ),
        ] {
            for value in values {
                assert_eq!(judge(value, setting), expected, "{value}");
            }
        }
        let hash = Setting { name: Some("image_sha256"), ..BARE };
        assert_eq!(judge("9f2c81d07ab34e65f1d20c9b7a8e4f36", hash), Verdict::Unrelated);
        assert_eq!(judge("sk-9fK2mQ7vXc81", Setting { before: Some('a'), ..marked }), Verdict::Unrelated);
    }

    #[test]
    fn entropy_is_per_character() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abab"), 1.0);
        assert_eq!(entropy(""), 0.0);
    }
}
