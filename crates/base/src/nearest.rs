//! The known names that a misspelled one may have meant.

/// The candidates nearest to `name`, best first, at most three. Near means: equal but for case or
/// separators, or a Damerau–Levenshtein distance of at most a third of the name's length (at least 1),
/// or the same last part of a dotted name.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = fold(name);
    let limit = (wanted.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let distance = strsim::damerau_levenshtein(&wanted, &folded);
            if distance <= limit {
                return Some((distance, candidate));
            }
            let last = |text: &str| text.rsplit('.').next().map(fold);
            (name != candidate && last(name) == last(candidate)).then_some((limit + 1, candidate))
        })
        .collect();
    found.sort();
    found.dedup();
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The nearest names as a help text, such as ``did you mean `a.b` or `a.c`?``.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let found: Vec<String> = nearest(name, candidates).iter().map(|name| format!("`{name}`")).collect();
    match found.as_slice() {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [most @ .., last] => Some(format!("did you mean {} or {last}?", most.join(", "))),
    }
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_case_and_the_last_part() {
        let known = ["ai.model_call", "ai.embedding_call", "web.route", "vendor.register"];
        assert_eq!(nearest("ai.modelcall", known), ["ai.model_call"]);
        assert_eq!(nearest("web.rout", known), ["web.route"]);
        assert_eq!(nearest("register", known), ["vendor.register"]);
        assert!(nearest("zzz", known).is_empty());
        assert_eq!(did_you_mean("web.rout", known).as_deref(), Some("did you mean `web.route`?"));
    }
}
