//! No secret leaves the machine through a report: credentials are planted in files of every kind, in healthy and in
//! broken places, and no part of one may stand in any output of any command.

use serde_json::Value;

use crate::support::sandbox::{Ran, Sandbox};

/// Credentials of several vendors, put together here so that no file of the repository holds one.
fn secrets() -> Vec<String> {
    [
        ("sk-proj-", "Zk3vQ9xLm2Tn8RbYw5HcJd7FgPs4AqEuXoViNy6KtMzBrWlCeDhGjSfUaOpI1234"),
        ("sk-ant-api03-", "Wq8ZrT5yNb2McXv7LkJh4GfDs9PaOiUe3RtYw6QzHnBmVgCjKxLdFpSoEuIaT1kR-7hM9nB2vC5xZ8lK4jH"),
        ("hf_", "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"),
        ("gsk_", "Rt7YuI9oPa3SdFg5HjKl1ZxCv8BnMq2WeRt4YuIo6PaSdFgHjKl0"),
        ("AIza", "SyB7nM4kLpQ2wXcV9zRtY6uHgF3dSaJ8eK5"),
        ("AKIA", "Q7XN3PZL5VWTRB2K"),
        ("r8_", "Hj4Kl9Zx2Cv7Bn5Mq3We8Rt6Yu1Io0Pa4Sd9F"),
    ]
    .iter()
    .map(|(prefix, rest)| format!("{prefix}{rest}"))
    .collect()
}

fn planted() -> Sandbox {
    let sandbox = Sandbox::new();
    let s = secrets();
    let (openai, anthropic, hub, groq, google, aws, replicate) = (&s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &s[6]);
    sandbox
        .write(".env", format!("OPENAI_API_KEY={openai}\nANTHROPIC_API_KEY='{anthropic}'\nAWS_ACCESS_KEY_ID={aws}\n"));
    sandbox.write(
        "app.py",
        format!(
            "import openai\nfrom flask import Flask\n\napp = Flask(__name__)\nKEY = \"{openai}\"\nHUB = 'Bearer ' + '{hub}'\n\
             client = openai.OpenAI(api_key=\"{openai}\")\n\n@app.route('/x/{groq}', methods=['POST'])\ndef x():\n    \
             return client.chat.completions.create(model='{google}', messages=[dict(content='{anthropic}')])\n"
        ),
    );
    sandbox.write("broken.py", format!("def f(:\n    x = \"{anthropic}\"\n    key = {replicate}\n  if\n"));
    sandbox.write("config.json", format!("{{\"openai\": {{\"apiKey\": \"{openai}\"}}, \"{hub}\": 1}}\n"));
    sandbox.write("broken.json", format!("{{\"token\": \"{hub}\", {groq}\n"));
    sandbox.write("config.yaml", format!("providers:\n  - name: groq\n    key: {groq}\n"));
    sandbox.write("broken.yaml", format!("a: [\"{groq}\"\nb: {openai}\n"));
    sandbox.write("pyproject.toml", format!("[tool.x]\nkey = \"{replicate}\"\n"));
    sandbox.write("broken.toml", format!("key = \"{replicate}\nb = {openai}\n"));
    // A credential pasted into the wrong column must not come back in the message about that column.
    sandbox.write(
        "vendors.csv",
        format!("name,soc2_report_date,dpa_signed\nOpenAI,{openai},{hub}\n{groq},2026-01-01,yes\n"),
    );
    sandbox.write("templates/page.html", format!("<script>const key = \"{google}\"; {{{{ reply|safe }}}}</script>\n"));
    sandbox.write("README.txt", format!("use {openai}\n"));
    sandbox.write("lawbook.toml", "[params]\n");
    sandbox
}

/// Every finding's id of a report in JSON.
fn ids(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).expect("the report is JSON");
    let lists = report["controls"].as_array().expect("controls").iter();
    let findings = lists.flat_map(|control| {
        [&control["findings"], &control["notes"]].into_iter().flat_map(|list| list.as_array().expect("a list"))
    });
    findings.map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
}

/// No ten characters of a credential in a row: prefixes are shorter, and four first and two last may be shown.
fn check(command: &[&str], ran: &Ran) {
    for secret in secrets() {
        for start in 0..secret.len() - 10 {
            let part = &secret[start..start + 10];
            if "sk-ant-api03-".contains(part) {
                continue;
            }
            for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
                if let Some(line) = text.lines().find(|line| line.contains(part)) {
                    panic!("{command:?}: `{part}` on {stream}: {line}");
                }
            }
        }
    }
}

#[test]
fn no_output_holds_a_secret() {
    let sandbox = planted();
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--as-of", "2026-11-20"]].concat();
        let ran = sandbox.run(&arguments);
        check(&arguments, &ran);
        ran
    };
    let report = run(&["check", "--format", "json"]).stdout;
    let ids = ids(&report);
    assert!(report.contains("AI-CC6.1-09@"), "the planted credentials were not found");
    run(&["check"]);
    run(&["check", "--format", "sarif"]);
    for id in &ids {
        for format in ["tree", "json"] {
            run(&["explain", id, "--format", format]);
        }
    }
    run(&["facts"]);
    for relation in ["secret.match", "code.text", "code.call", "code.expression", "code.import", "vendor.register"] {
        let ran = run(&["facts", relation]);
        assert_ne!(ran.status, 2, "facts {relation}: {}", ran.stderr);
    }
    let query = run(&["query", "code.text{value: v, text: t}"]);
    assert_ne!(query.status, 2, "{}", query.stderr);
}
