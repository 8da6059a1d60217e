//! What a literal is called: the variable, key, field or option to the left of it.

use std::sync::LazyLock;

use regex::Regex;

/// How far to the left a name is looked for.
const REACH: usize = 240;

static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"([A-Za-z_][A-Za-z0-9_.\-]*)["'`]?\]?\s*(?::\s*[A-Za-z_][\w\[\]., |?]*?)?\s*(?::=|=>|=|:)\s*(?:[A-Za-z]{0,2}["'`]{1,3}|\\")?(?:(?:Bearer|Basic|Token|token)\s+)?$"#,
    )
});
static ARGUMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["'`]([A-Za-z_][A-Za-z0-9_.\-]*)["'`]\s*,\s*["'`]$"#));
static FALLBACK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"["'`]([A-Za-z_][A-Za-z0-9_.\-]*)["'`][\])]*\s*(?:or|\|\||\?\?)\s*["'`]$"#));
static OPTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:--([A-Za-z][\w\-]*)|\b(?:ENV|ARG|setx?)\s+([A-Za-z_]\w*))[\s=]+["']?$"#));
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\b(?:name|key|Name|Key)["']?\s*[:=]\s*["']?([A-Za-z_][A-Za-z0-9_.\-]*)"#));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("written here, and run by the tests")
}

/// The name of the literal that begins at byte `at`.
pub(crate) fn name_at(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let left = tail(&text[start..at]);
    for regex in [&*ASSIGNED, &*ARGUMENT, &*FALLBACK, &*OPTION] {
        let Some(captures) = regex.captures(left) else { continue };
        let found = captures.get(1).or(captures.get(2))?;
        // `name: X` and `value: …`, on one line or on two as in manifests.
        if found.as_str().eq_ignore_ascii_case("value") {
            let above = text[..start].trim_end().lines().next_back().unwrap_or_default();
            let field = FIELD.captures(&left[..found.start()]).or_else(|| FIELD.captures(tail(above)));
            if let Some(field) = field {
                return Some(field[1].to_owned());
            }
        }
        return Some(found.as_str().trim_end_matches(['.', '-']).to_owned());
    }
    None
}

fn tail(line: &str) -> &str {
    let mut start = line.len().saturating_sub(REACH);
    while !line.is_char_boundary(start) {
        start += 1;
    }
    &line[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_to_the_left() {
        let check = |text: &str, expected: Option<&str>| {
            let at = text.find('@').unwrap();
            assert_eq!(name_at(text, at).as_deref(), expected, "{text}");
        };
        check("OPENAI_API_KEY=@", Some("OPENAI_API_KEY"));
        check("export KEY=\"@", Some("KEY"));
        check("client = OpenAI(api_key=\"@\")", Some("api_key"));
        check("def ask(api_key: str = '@'):", Some("api_key"));
        check("openai.api_key = f'@", Some("openai.api_key"));
        check("  \"apiKey\": \"@\"", Some("apiKey"));
        check("const key: string = `@", Some("key"));
        check("headers[\"X-Api-Key\"] = \"@", Some("X-Api-Key"));
        check("-H 'Authorization: Bearer @'", Some("Authorization"));
        check("os.environ.get(\"HF_TOKEN\", \"@", Some("HF_TOKEN"));
        check("os.getenv('HF_TOKEN') or '@", Some("HF_TOKEN"));
        check("- name: COHERE_KEY\n  value: \"@", Some("COHERE_KEY"));
        check("<add key=\"Pinecone\" value=\"@", Some("Pinecone"));
        check("run --api-key @", Some("api-key"));
        check("ENV TOKEN @", Some("TOKEN"));
        check("print(\"@", None);
        check("@", None);
    }
}
