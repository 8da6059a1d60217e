//! Files as real systems and people write them (`fixtures/ORIGIN.md` says where each comes from).

use crate::testing::{Input, extract, input, request, show};
use base::MemoryFiles;

fn sample(input: Input, path: &str, content: &[u8]) -> String {
    show(&extract(&request(vec![input]), &MemoryFiles::new().with(path, content), None))
}

#[test]
fn vendor_registers_read_alike_in_csv_and_yaml() {
    let register = || {
        input(
            "register",
            "key name: string, soc2: time?, hours: int?, review: time?, subprocessor: bool?",
            "table",
            "grc/vendors.*",
        )
        .column("name", "'Vendor' or 'Vendor name' or 'name'")
        .column("soc2", "'SOC 2 period end' or soc2.period_end")
        .column("hours", "'Incident notice (hours)' or incident_notice_hours")
        .column("review", "'Next review' or review.next")
        .column("subprocessor", "'Sub-processor' or sub_processor")
    };
    let csv = sample(register(), "grc/vendors.csv", include_bytes!("fixtures/vendors.csv"));
    insta::assert_snapshot!(csv, @r#"
    grc/vendors.csv:2:1 register{name: "OpenAI", soc2: 2026-03-31, hours: 72, review: 2027-02-01, subprocessor: true}.
    grc/vendors.csv:3:1 register{name: "Anthropic", soc2: 2025-06-30, review: 2026-09-01, subprocessor: true}.
    grc/vendors.csv:4:1 register{name: "Pinecone", soc2: 2026-01-31, hours: 72, review: 2027-04-10, subprocessor: true}.
    grc/vendors.csv:5:1 register{name: "Datadog", soc2: 2025-12-31, hours: 48, review: 2027-02-20, subprocessor: false}.
    grc/vendors.csv:6:1 register{name: "Cohere"}.
    "#);
    let marked = sample(register(), "grc/vendors.csv", include_bytes!("fixtures/vendors.bom.csv"));
    assert!(!marked.is_empty() && csv.starts_with(&marked), "{marked}");
    insta::assert_snapshot!(sample(register(), "grc/vendors.yaml", include_bytes!("fixtures/vendors.yaml")), @r#"
    grc/vendors.yaml:7:11 register{name: "OpenAI", soc2: 2026-03-31, hours: 72, review: 2027-02-01, subprocessor: true}.
    grc/vendors.yaml:18:11 register{name: "Anthropic", soc2: 2025-06-30, review: 2026-09-01, subprocessor: true}.
    "#);
}

#[test]
fn markers_of_a_credential_report_are_missing_values() {
    let report = input("user", "key arn: string, user: string, password: bool?, used: time?", "csv", "**/*.csv")
        .column("password", "password_enabled none not_supported")
        .column("used", "password_last_used none N/A,no_information")
        .column("arn", "arn")
        .column("user", "user");
    insta::assert_snapshot!(sample(report, "aws/report.csv", include_bytes!("fixtures/credential-report.csv")), @r#"
    aws/report.csv:2:16 user{arn: "arn:aws:iam::123456789012:root", user: "<root_account>", used: 2019-03-03T16:58:16Z}.
    aws/report.csv:3:13 user{arn: "arn:aws:iam::123456789012:user/auditor_tmp", user: "auditor_tmp", password: false}.
    aws/report.csv:4:6 user{arn: "arn:aws:iam::123456789012:user/user", user: "user", password: true, used: 2018-05-07T15:35:54Z}.
    "#);
}

#[test]
fn compressed_logs_are_read_through() {
    let events = input("event", "key id: string, name: string, at: time, mfa: bool?", "json", "**/*.json")
        .given("Records")
        .each("Records[*]")
        .column("id", "eventID")
        .column("name", "eventName")
        .column("at", "eventTime")
        .column("mfa", "userIdentity.sessionContext.attributes.mfaAuthenticated");
    insta::assert_snapshot!(sample(events, "trail/a.json.gz", include_bytes!("fixtures/cloudtrail.json.gz")), @r#"
    trail/a.json.gz:35:18 event{id: "a0ed971f-389f-406a-9fcf-887c5ca6903a", name: "DescribeLaunchConfigurations", at: 2017-12-11T15:01:51Z, mfa: false}.
    trail/a.json.gz:67:18 event{id: "b25ff7e3-f1cf-4b7f-883d-b09168c454d5", name: "AssumeRole", at: 2017-12-11T15:04:51Z}.
    "#);
}

#[test]
fn tickets_have_dates_of_their_own_and_cells_over_lines() {
    let created = input("issue", "key id: string, created: time, approver: string?", "csv", "*.csv")
        .column("id", "'Issue key'")
        .column("created", "Created as %d/%b/%y %I:%M %p")
        .column("approver", "'Custom field (Approver)'");
    let content = include_bytes!("fixtures/jira-export.csv");
    insta::assert_snapshot!(sample(created, "jira.csv", content), @r#"
    jira.csv:2:47 issue{id: "CHG-1042", created: 2026-05-04T09:12:00Z, approver: "Dana Ortiz"}.
    jira.csv:4:33 issue{id: "CHG-1043", created: 2026-05-11T19:02:00Z}.
    jira.csv:5:43 issue{id: "CHG-1044", created: 2026-05-12T10:00:00Z}.
    "#);
}

#[test]
fn settings_of_gateways_and_env_examples() {
    let models = input("model", "name: string, key: string?", "yaml", "*.yaml")
        .given("model_list")
        .each("model_list[*]")
        .column("name", "model_name")
        .column("key", "litellm_params.api_key");
    insta::assert_snapshot!(sample(models, "config.yaml", include_bytes!("fixtures/litellm-pass-through.yaml")), @r#"
    config.yaml:2:5 model{name: "fake-openai-endpoint", key: "fake-key"}.
    config.yaml:7:5 model{name: "claude-sonnet-4-5-20250929", key: "os.environ/ANTHROPIC_API_KEY"}.
    config.yaml:11:5 model{name: "anthropic/*", key: "os.environ/ANTHROPIC_API_KEY"}.
    config.yaml:15:5 model{name: "openai/*", key: "os.environ/OPENAI_API_KEY"}.
    "#);
    let env = input("env", "key name: string, value: string", "env", "**/*.env*")
        .each("*")
        .column("name", "$key")
        .column("value", "$text");
    let shown = sample(env, "service/.env.example", include_bytes!("fixtures/chatgpt-web.env.example"));
    assert_eq!(shown.lines().count(), 14, "{shown}");
    assert!(shown.contains("service/.env.example:22:12 env{name: \"TIMEOUT_MS\", value: \"100000\"}."), "{shown}");
}
