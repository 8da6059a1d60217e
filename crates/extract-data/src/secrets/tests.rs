//! Credentials as they stand in repositories. They are put together at run time, so that no scanner trips over this file.

use std::sync::Arc;

use base::MemoryFiles;
use extract::{Request, SecretScanner};
use facts::{Column, RelationDecl, Type};

use super::{Scanner, SecretPattern};
use crate::testing::{extract, input, request, show};

fn patterns() -> Vec<SecretPattern> {
    let pattern = |kind: &str, provider: &str, regex: &str, keywords: &str| SecretPattern {
        kind: kind.into(),
        provider: provider.into(),
        regex: regex.into(),
        keywords: keywords.into(),
    };
    vec![
        pattern("anthropic_api_key", "Anthropic", r"\bsk-ant-[A-Za-z0-9_\-]{16,}", "sk-ant-"),
        pattern("openai_project_key", "OpenAI", r"\bsk-proj-[A-Za-z0-9_\-]{16,}", "sk-proj-"),
        pattern("openai_api_key", "OpenAI", r"\bsk-[A-Za-z0-9_\-]{16,}", "sk-"),
        pattern("huggingface_token", "Hugging Face", r"\bhf_[A-Za-z0-9]{16,}", "hf_"),
        pattern("google_api_key", "Google", r"\bAIza[0-9A-Za-z_\-]{30,}", "aiza"),
        pattern(
            "azure_openai_key",
            "Azure OpenAI",
            r#"(?i)azure[a-z0-9_.\-]*key["']?\s*[:=]\s*["']?([0-9a-f]{32})\b"#,
            "azure",
        ),
        pattern(
            "pinecone_api_key",
            "Pinecone",
            r#"(?i)pinecone[a-z0-9_.\-]*["']?\s*[:=]\s*["']?([0-9a-f]{8}-[0-9a-f\-]{27})"#,
            "pinecone",
        ),
        pattern(
            "vendor_assignment",
            "Cohere",
            r#"(?i)(?:cohere|co)_?(?:api)?_?(?:key|token)["']?\]?\s*(?::\s*\w+\s*)?[:=]\s*["']([^"'\s]{6,})["']"#,
            "cohere,co_",
        ),
    ]
}

fn relation() -> Arc<RelationDecl> {
    let column = |name: &str, ty: Type, optional: bool| Column {
        name: name.into(),
        key: name == "secret",
        ty,
        optional,
        doc: "".into(),
    };
    let text = |name: &str, optional| column(name, Type::String, optional);
    Arc::new(RelationDecl {
        name: "secret.match".into(),
        columns: vec![
            column("secret", Type::Entity("secret.Secret".into()), false),
            text("file", false),
            text("kind", false),
            text("provider", true),
            text("prefix", true),
            text("name", true),
            text("masked", false),
            column("entropy", Type::Float, false),
            column("placeholder", Type::Bool, false),
        ],
        doc: "".into(),
    })
}

/// 32 characters that look like chance.
fn random() -> String {
    ["9fK2mQ7v", "Xc81TbR5", "wZ0pLs4J", "dY6hGe3N"].concat()
}

fn hex() -> String {
    ["9f2c81d0", "7ab34e65", "f1d20c9b", "7a8e4f36"].concat()
}

/// `kind name masked placeholder` of each match, by place.
#[track_caller]
fn check(path: &str, content: String, expected: &[&str]) {
    let scanner = Scanner::new(patterns(), "");
    let request = Request { schema: vec![relation()], ..Request::default() };
    let files = MemoryFiles::new().with(path, &content);
    let extraction = extract(&request, &files, Some(&scanner));
    let table = extraction.database.table("secret.match").unwrap();
    let mut rows: Vec<_> = (0..table.len())
        .map(|row| {
            let cell = |column: usize| {
                extraction
                    .database
                    .values
                    .decode(&table.decl().columns[column].ty, table.row(row).nth(column).unwrap())
                    .to_string()
            };
            let place = table.origin(row).place;
            (
                (place.line, place.column),
                format!("{}:{} {} {} {} {}", place.line, place.column, cell(2), cell(5), cell(6), cell(8)),
            )
        })
        .collect();
    rows.sort();
    let rows: Vec<String> = rows.into_iter().map(|(_, row)| row).collect();
    assert_eq!(rows, expected, "{content}");
}

#[test]
fn keys_of_vendors_are_found_under_their_names() {
    let (key, hex) = (random(), hex());
    check(
        "app.py",
        format!("client = OpenAI(api_key=\"sk-{key}\")\n"),
        &["1:26 openai_api_key api_key sk-9****3N false"],
    );
    check(
        ".env",
        format!("ANTHROPIC_API_KEY=sk-ant-api03-{key}\n"),
        &["1:19 anthropic_api_key ANTHROPIC_API_KEY sk-a****3N false"],
    );
    check(
        "a.yaml",
        format!("- name: OPENAI_KEY\n  value: sk-proj-{key}\n"),
        &["2:10 openai_project_key OPENAI_KEY sk-p****3N false"],
    );
    check(
        "a.ts",
        format!("const hf = process.env.HF ?? 'hf_{key}'"),
        &["1:31 huggingface_token none hf_9****3N false"],
    );
    check("a.json", format!("{{\"googleKey\": \"AIza{key}\"}}"), &["1:16 google_api_key googleKey AIza****3N false"]);
    check(
        "a.tfvars",
        format!("azure_openai_key = \"{hex}\"\n"),
        &["1:21 azure_openai_key azure_openai_key 9f2c****36 false"],
    );
    let uuid = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    check(
        "a.properties",
        format!("pinecone.apiKey={uuid}\n"),
        &["1:17 pinecone_api_key pinecone.apiKey 9f2c****36 false"],
    );
    check("a.py", format!("CO_API_KEY: str = '{}'\n", &key[..16]), &["1:20 vendor_assignment CO_API_KEY **** false"]);
    check("a.py", format!("cohere_key = 'test-key-{}'\n", 1), &["1:15 vendor_assignment cohere_key **** false"]);
}

#[test]
fn placeholders_are_told_apart_and_noise_is_left_out() {
    let (key, hex) = (random(), hex());
    let env = "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx\nA=sk-your-openai-key-here\nB=<your-key>\nC=sk-...\n";
    check(
        ".env.example",
        env.into(),
        &["1:16 openai_api_key OPENAI_API_KEY sk-x****xx true", "2:3 openai_api_key A sk-y****re true"],
    );
    check(
        "a.yaml",
        "cohere_key: \"os.environ/COHERE_KEY\"\n".into(),
        &["1:14 vendor_assignment cohere_key os.e****EY true"],
    );
    check("a.css", ".sk-circle-fade-dot-before-after {}\n.task-management-overview-page {}\n".into(), &[]);
    check("yarn.lock", format!("azure-key: \"{hex}\"\n"), &[]);
    check("dist/app.js", format!("{}azure_key=\"{hex}\"", "x".repeat(3000)), &[]);
    check(
        "dist/app.js",
        format!("{};k=\"sk-ant-{key}\"", "x".repeat(3000)),
        &["1:3005 anthropic_api_key k sk-a****3N false"],
    );
    check("a.py", "cohere_key = 'command-r-plus-model'\n".into(), &[]);
}

#[test]
fn no_row_of_any_extractor_holds_a_secret() {
    let secret = format!("sk-ant-{}", random());
    let log = input("log", "text: string", "json", "*.jsonl").column("text", "text");
    let env = input("env", "name: string, value: string", "env", "**/.env")
        .each("*")
        .column("name", "$key")
        .column("value", "$text");
    let yaml = input("y", "value: string", "yaml", "*.yaml").column("value", "key");
    let table = input("t", "value: string", "csv", "*.csv").column("value", "key");
    let line = input("l", "line: string", "text (?P<line>.+)", "*.*");
    let mut request = request(vec![log, env, yaml, table, line]);
    request.schema.push(relation());
    let files = MemoryFiles::new()
        .with("a.jsonl", format!("{{\"text\": \"a\"}}\n{{\"text\": \"use {secret} now\"}}\n"))
        .with(".env", format!("KEY={secret}\n"))
        .with("k.yaml", format!("key: {secret}\n"))
        .with("k.csv", format!("key,b\n{secret},1\n"))
        .with("broken.yaml", format!("key: [{secret}\n"));
    let scanner = Scanner::new(patterns(), "salt");
    let shown = show(&extract(&request, &files, Some(&scanner)));
    assert!(!shown.contains(&secret[8..]), "{shown}");
    assert!(shown.contains(&format!("k.yaml:1:1 y{{value: \"{}\"}}", "x".repeat(secret.len()))), "{shown}");
    assert!(shown.contains("a.jsonl:2:15 secret.match{"), "{shown}");
}

#[test]
fn keys_are_stable_and_salted() {
    let key = |salt: &str, content: String| {
        let scanner = Scanner::new(patterns(), salt);
        let request = Request { schema: vec![relation()], ..Request::default() };
        let extraction = extract(&request, &MemoryFiles::new().with("a", content), Some(&scanner));
        let table = extraction.database.table("secret.match").unwrap();
        let code = table.row(0).next().unwrap();
        (extraction.database.values.text(code).to_string(), extraction.database.label(code).to_string())
    };
    let line = format!("K=sk-{}\n", random());
    let (plain, label) = key("", line.clone());
    assert!(plain.starts_with("a:openai_api_key:") && plain.len() == "a:openai_api_key:".len() + 12);
    assert_eq!(label, "K in a");
    assert_eq!(key("", format!("# above\n\n{line}")).0, plain);
    assert_ne!(key("salt", line).0, plain);
}

#[test]
fn a_regex_that_cannot_be_used_is_named() {
    let broken =
        SecretPattern { kind: "mine".into(), provider: String::new(), regex: "sk-(".into(), keywords: String::new() };
    let reason = Scanner::new(vec![broken], "").check(0).unwrap_err();
    assert!(reason.starts_with("the regex `sk-(` of the secret pattern `mine` cannot be used"), "{reason}");
}
