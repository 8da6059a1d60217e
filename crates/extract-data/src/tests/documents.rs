//! Paths, alternatives and conversions over JSON, YAML, TOML, `.env` and text.

use crate::testing::{Input, check, extract, input, request, show};
use base::MemoryFiles;

fn users(format: &str) -> Input {
    input("user", "key arn: Arn, name: string, created: time?", format, "**/*.*")
        .given("Users")
        .each("Users[*]")
        .column("arn", "Arn")
        .column("name", "UserName or name")
        .column("created", "CreateDate none N/A")
}

#[test]
fn rows_stand_at_their_key_whatever_the_format() {
    let expected = "FILE:LINE:COLUMN user{arn: \"a1\", name: \"Zoé\", created: 2026-03-04}.
        FILE:LINE2:COLUMN2 user{arn: \"a2\", name: \"Bo\"}.";
    let place = |file: &str, first: (u32, u32), second: (u32, u32)| {
        expected
            .replace("FILE", file)
            .replace("LINE2", &second.0.to_string())
            .replace("COLUMN2", &second.1.to_string())
            .replace("LINE", &first.0.to_string())
            .replace("COLUMN", &first.1.to_string())
    };
    let json = r#"{"Users": [
  {"UserName": "Zoé", "Arn": "a1", "CreateDate": "2026-03-04T00:00:00+00:00"},
  {"name": "Bo", "Arn": "a2", "CreateDate": "N/A"}]}"#;
    check(users("json"), "x.json", json, &place("x.json", (2, 30), (3, 25)));
    let yaml = "Users:\n- UserName: Zoé\n  Arn: a1\n  CreateDate: 2026-03-04\n- {name: Bo, Arn: a2, CreateDate: ~}\n";
    check(users("yaml"), "x.yaml", yaml, &place("x.yaml", (3, 8), (5, 19)));
    let toml = "[[Users]]\nUserName = 'Zoé'\nArn = 'a1'\nCreateDate = 2026-03-04\n[[Users]]\nname = 'Bo'\nArn = 'a2'\n";
    check(users("toml"), "x.toml", toml, &place("x.toml", (3, 7), (7, 7)));
}

#[test]
fn each_is_a_product_and_marks_tell_where_things_are() {
    let policies = input("p", "user: string, policy: string, at: int, line: int, file: string", "json", "*.json")
        .each("Users[*] as u, u.Policies[*] as p")
        .column("user", "u.Name")
        .column("policy", "p.PolicyName")
        .column("at", "p.$index")
        .column("line", "$line")
        .column("file", "$file");
    let text = "{\"Users\": [\n{\"Name\": \"a\", \"Policies\": [{\"PolicyName\": \"x\"},\n{\"PolicyName\": \"y\"}]},\n{\"Name\": \"b\", \"Policies\": {\"PolicyName\": \"z\"}}, {\"Name\": \"c\"}, null]}";
    check(
        policies,
        "u.json",
        text,
        "u.json:2:28 p{user: \"a\", policy: \"x\", at: 0, line: 2, file: \"u.json\"}.
         u.json:3:1 p{user: \"a\", policy: \"y\", at: 1, line: 3, file: \"u.json\"}.
         E0803 u.json:4:27 this document or entry has no `p.$index`, which the required column `at` of `p` needs
           help: declare the column as optional (`at: int?`) if it may be missing",
    );
}

#[test]
fn steps_lead_through_objects_depths_and_decoded_text() {
    let deep = input("image", "name: string, text: string?", "yaml", "*.yaml")
        .each("..image")
        .column("name", "$text")
        .column("text", "$key");
    check(
        deep,
        "k.yaml",
        "spec:\n  a: [{image: x:1}, {image: y:2}]\nimage: z\n",
        "
        k.yaml:2:15 image{name: \"x:1\", text: \"image\"}.
        k.yaml:2:29 image{name: \"y:2\", text: \"image\"}.
        k.yaml:3:8 image{name: \"z\", text: \"image\"}.",
    );
    let values = input("server", "key name: string, command: string", "json", "*.json")
        .each("mcpServers.*")
        .column("name", "$key")
        .column("command", "command");
    check(
        values,
        ".mcp.json",
        "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}, // note\n\"b\": {\"command\": \"uvx\"},}}",
        "
        .mcp.json:1:22 server{name: \"a\", command: \"npx\"}.
        .mcp.json:2:6 server{name: \"b\", command: \"uvx\"}.",
    );
    let nested = input("statement", "effect: string", "json", "*.json")
        .each("policy.json().Statement[*]")
        .column("effect", "Effect");
    check(
        nested,
        "b.json",
        r#"{"policy": "{\"Statement\": {\"Effect\": \"Allow\"}}"}"#,
        "b.json:1:12 statement{effect: \"Allow\"}.",
    );
    let url = input("statement", "effect: string", "json", "*.json")
        .each("policy.url().json().Statement[*]")
        .column("effect", "Effect");
    check(
        url,
        "b.json",
        r#"{"policy": "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Deny%22%7D%5D%7D"}"#,
        "b.json:1:12 statement{effect: \"Deny\"}.",
    );
    let base64 = input("content", "first: string", "json", "*.json").column("first", "Content.base64()");
    check(base64, "b.json", r#"{"Content": "dXNlcixhcm4="}"#, "b.json:1:1 content{first: \"user,arn\"}.");
}

#[test]
fn documents_are_chosen_by_what_they_hold() {
    let kinds = |condition: &str| {
        input("k", "name: string", "yaml", "**/*.yaml").given(condition).column("name", "metadata.name")
    };
    let text = "kind: Pod\nmetadata: {name: a}\n---\n---\nkind: Service\nmetadata: {name: b}\nreplicas: 2\n";
    check(kinds("kind = Pod"), "m.yaml", text, "m.yaml:1:1 k{name: \"a\"}.");
    check(kinds("kind ~ ^Serv"), "m.yaml", text, "m.yaml:5:1 k{name: \"b\"}.");
    check(kinds("replicas = 2"), "m.yaml", text, "m.yaml:5:1 k{name: \"b\"}.");
    check(kinds("nothing"), "m.yaml", text, "");
    let paged = || {
        input("i", "id: string", "json", "*.json")
            .given("Items")
            .incomplete("NextToken")
            .each("Items[*]")
            .column("id", "Id")
    };
    check(
        paged(),
        "p.json",
        r#"{"Items": [{"Id": "1"}], "NextToken": "t"}"#,
        "p.json:1:12 i{id: \"1\"}.\nincomplete i: p.json",
    );
    check(paged(), "p.json", r#"{"Items": [], "NextToken": null}"#, "");
}

#[test]
fn what_cannot_be_parsed_is_an_error_only_where_it_may_matter() {
    let broken = "{\"Users\": [";
    check(
        users("json"),
        "x.json",
        broken,
        "E0802 x.json:1:12 expected a value, found the end: `user` cannot be read from it",
    );
    check(
        users("json"),
        "y.json",
        "{\"Other\": [",
        "W0802 y.json:1:12 expected a value, found the end: it is not read, and nothing shows that an input needs it",
    );
    check(
        users("json"),
        "z.json",
        b"PK\x03\x04\0\0\0",
        "W0802 z.json:0:0 the file is skipped: it is not text (it holds NUL bytes): it is not read, and nothing shows that an input needs it",
    );
    let any = || input("r", "n: string", "yaml", "values.yaml").column("n", "n");
    check(
        any(),
        "values.yaml",
        "a: [\n",
        "E0802 values.yaml:2:1 while parsing a node, did not find expected node content: `r` cannot be read from it",
    );
    // Templates match many inputs; one warning says it.
    let kinds =
        ["a", "b", "c"].map(|name| input(name, "n: string", "yaml", "**/*.yaml").given("spec").column("n", "n"));
    let files = MemoryFiles::new().with("t.yaml", "{{ if .x }}\na: 1\n{{ end }}");
    assert_eq!(show(&extract(&request(kinds.into()), &files, None)).lines().count(), 1);
    let mut bound = request(vec![users("json")]);
    bound.bindings.insert("user".into(), vec!["grc/y.json".into()]);
    let files = MemoryFiles::new().with("grc/y.json", "[1").with("other.json", "[1");
    insta::assert_snapshot!(show(&extract(&bound, &files, None)), @"E0802 grc/y.json:1:3 expected `,` or `]`, found the end: `user` cannot be read from it");
}

#[test]
fn values_that_do_not_fit_name_their_place() {
    let r = input("r", "since: time, n: int?, tags: string?", "json", "*.json")
        .column("since", "since")
        .column("n", "n")
        .column("tags", "tags");
    check(
        r,
        "v.json",
        "{\"since\": \"03/04/2026\"}\n{\"since\": \"2026-01-02\", \"n\": \"\"}\n{\"since\": \"2026-01-02\",\n \"tags\": [1]}",
        "
        v.json:2:1 r{since: 2026-01-02}.
        E0805 v.json:1:11 the date `03/04/2026` is ambiguous: day or month may come first
          help: say which: `as \"%d/%m/%Y\"` or `as \"%m/%d/%Y\"` after the column's path
        E0804 v.json:4:10 the column `tags` needs a string, not a list
          help: lead the path on to a single value, or take `$text` for the source of it",
    );
}

#[test]
fn json_comes_in_lines_and_one_after_another() {
    let log = |pattern: &str| input("log", "id: string, n: int?", "json", pattern).column("id", "id").column("n", "n");
    check(
        log("*.jsonl"),
        "l.jsonl",
        "{\"id\": \"a\"}\n\n{\"id\": \"ü\", \"n\": 3}\n{\"id\": 4",
        "
        l.jsonl:1:1 log{id: \"a\"}.
        l.jsonl:3:1 log{id: \"ü\", n: 3}.
        E0802 l.jsonl:4:9 expected `,` or `}`, found the end: `log` cannot be read from it",
    );
    check(
        log("*.json"),
        "l.json",
        "{\"id\": \"a\"} {\"id\":\n\"b\"}",
        "l.json:1:1 log{id: \"a\"}.\nl.json:1:13 log{id: \"b\"}.",
    );
    let escapes = "{\"id\": \"\\u00e9\\ud83d\\ude00\\ud800\\n\\/\", \"n\": NaN}";
    check(log("*.json"), "l.json", escapes, "l.json:1:1 log{id: \"é😀\u{fffd}\\n/\"}.");
}

#[test]
fn yaml_is_read_as_its_core_schema_says() {
    let r =
        || input("r", "key k: string, v: string?", "yaml", "*.yml").each("*").column("k", "$key").column("v", "$text");
    let text = "on: yes\nversion: 3.10\nhex: 0xFF\nref: !Ref Bucket\nquoted: 'no'\nempty:\nnull_: ~\nblock: |\n  a\n  b\ntagged: !!str 5\n[a, b]: c\n";
    check(
        r(),
        "a.yml",
        text,
        "
        a.yml:1:5 r{k: \"on\", v: \"yes\"}.
        a.yml:2:10 r{k: \"version\", v: \"3.10\"}.
        a.yml:3:6 r{k: \"hex\", v: \"255\"}.
        a.yml:4:6 r{k: \"ref\", v: \"Bucket\"}.
        a.yml:5:9 r{k: \"quoted\", v: \"no\"}.
        a.yml:9:3 r{k: \"block\", v: \"a\\nb\\n\"}.
        a.yml:11:9 r{k: \"tagged\", v: \"5\"}.
        a.yml:12:9 r{k: \"[a, b]\", v: \"c\"}.",
    );
    let prompt = "a:\n  prompt: \"one\n  two\n  three\"\n  b: 1\n";
    let r2 =
        input("r", "key k: string, v: string?", "yaml", "*.yml").each("a.*").column("k", "$key").column("v", "$text");
    check(
        r2,
        "p.yml",
        prompt,
        "p.yml:2:11 r{k: \"prompt\", v: \"one   two   three\"}.\np.yml:5:6 r{k: \"b\", v: \"1\"}.",
    );
    let services = input("s", "key name: string, image: string, restart: string", "yaml", "*.yml")
        .each("services.*")
        .column("name", "$key")
        .column("image", "image")
        .column("restart", "restart");
    let text = "x-base: &base\n  image: app\n  restart: always\nservices:\n  a:\n    <<: *base\n  b:\n    image: other\n    <<: [*base]\n";
    check(
        services,
        "c.yml",
        text,
        "
        c.yml:6:5 s{name: \"a\", image: \"app\", restart: \"always\"}.
        c.yml:8:5 s{name: \"b\", image: \"other\", restart: \"always\"}.",
    );
}

#[test]
fn env_files_are_one_object_of_texts() {
    let r = input("r", "key name: string, value: string", "env", "**/.env*")
        .each("*")
        .column("name", "$key")
        .column("value", "$text");
    let text = "# comment\nexport A=plain # note\nB=\"two\nlines \\\"q\\\"\"\nC='single # kept'\nD=\nE=a#b\r\nURL=${A}/x\nnot an assignment\n";
    check(
        r,
        "app/.env.example",
        text,
        "
        app/.env.example:2:10 r{name: \"A\", value: \"plain\"}.
        app/.env.example:3:4 r{name: \"B\", value: \"two\\nlines \\\"q\\\"\"}.
        app/.env.example:5:4 r{name: \"C\", value: \"single # kept\"}.
        app/.env.example:6:3 r{name: \"D\", value: \"\"}.
        app/.env.example:7:3 r{name: \"E\", value: \"a#b\"}.
        app/.env.example:8:5 r{name: \"URL\", value: \"$\\{A\\}/x\"}.",
    );
}

#[test]
fn lines_of_text_give_a_row_for_each_match() {
    let safe = input(
        "unsafe_filter",
        "file: string, expression: string, line: int",
        r"text \{\{\s*(?P<expression>[^|}]+?)\s*\|\s*safe",
        "**/*.html",
    )
    .column("file", "$file")
    .column("expression", "expression")
    .column("line", "$line");
    check(
        safe,
        "t/a.html",
        "<p>\r\n{{ reply | safe }} {{ name }} {{ x|safe }}\r\n",
        "
        t/a.html:2:1 unsafe_filter{file: \"t/a.html\", expression: \"reply\", line: 2}.
        t/a.html:2:31 unsafe_filter{file: \"t/a.html\", expression: \"x\", line: 2}.",
    );
}
