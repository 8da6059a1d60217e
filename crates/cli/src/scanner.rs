//! The scanner of credentials, made from the patterns of the policies.

use std::sync::Arc;

use extract::SecretScanner;
use extract_data::{Scanner, SecretPattern};

/// The scanner of these rows of `secret.pattern` (kind, provider, regex, keywords).
pub fn make(rows: &[[Arc<str>; 4]], salt: Option<&str>) -> Box<dyn SecretScanner> {
    let pattern = |[kind, provider, regex, keywords]: &[Arc<str>; 4]| SecretPattern {
        kind: kind.to_string(),
        provider: provider.to_string(),
        regex: regex.to_string(),
        keywords: keywords.to_string(),
    };
    Box::new(Scanner::new(rows.iter().map(pattern).collect(), salt.unwrap_or("lawbook")))
}
