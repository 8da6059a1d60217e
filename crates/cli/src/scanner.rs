//! The scanner of credentials, made from the patterns of the policies.

use std::sync::Arc;

use extract::SecretScanner;
use extract_data::{Scanner, SecretPattern};

/// The scanner of these rows of `secret.pattern` (kind, provider, regex, keywords); patterns that cannot be used are
/// left out and returned with the reason.
pub fn make(rows: &[[Arc<str>; 4]], salt: Option<&str>) -> (Box<dyn SecretScanner>, Vec<(usize, String)>) {
    let salt = salt.unwrap_or("lawbook");
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (number, [kind, provider, regex, keywords]) in rows.iter().enumerate() {
        let pattern = SecretPattern {
            kind: kind.to_string(),
            provider: provider.to_string(),
            regex: regex.to_string(),
            keywords: keywords.to_string(),
        };
        match pattern.check() {
            Ok(()) => good.push(pattern),
            Err(reason) => wrong.push((number, reason)),
        }
    }
    match Scanner::new(&good, salt) {
        Ok(scanner) => (Box::new(scanner), wrong),
        Err(reasons) => {
            wrong.extend(reasons.into_iter().map(|reason| (0, reason)));
            (Box::new(Nothing), wrong)
        }
    }
}

/// Stands in where there is no scanner: the errors end the run before anything is read.
struct Nothing;

impl SecretScanner for Nothing {
    fn scan(&self, _: &str, _: extract::Piece<'_>, _: &mut extract::Output<'_>) -> Vec<base::Span> {
        Vec::new()
    }
}
