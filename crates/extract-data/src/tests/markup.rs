//! HCL, XML and INI: formats whose objects repeat their keys.

use crate::testing::{check, input};

#[test]
fn hcl_blocks_are_objects_under_their_labels() {
    let buckets =
        input("bucket", "key name: string, acl: string?, region: string?, size: int?, rules: int?", "hcl", "*.tf")
            .each("resource.aws_s3_bucket.* as b, b.rule[*] as r")
            .column("name", "b.$key")
            .column("acl", "b.acl")
            .column("region", "b.tags.region")
            .column("size", "r.size")
            .column("rules", "r.$index");
    let text = r#"
# Two buckets.
resource "aws_s3_bucket" "logs" {
  acl = "private"
  tags = { region = var.region, "a b" = true }
  rule {
    size = 3
  }
  rule { size = -4 }
}
resource aws_s3_bucket "data" {
  acl = "x-${var.env}"
  tags = merge(local.tags, { region = "eu" })
  rule { size = 1 }
}
resource "aws_kms_key" "k" {
  policy = <<-EOT
    {"a": "${var.b}"}
  EOT
}
"#;
    check(
        buckets,
        "main.tf",
        text,
        r#"main.tf:3:1 bucket{name: "logs", acl: "private", region: "$\{var.region\}", size: 3, rules: 0}.
         main.tf:3:1 bucket{name: "logs", acl: "private", region: "$\{var.region\}", size: -4, rules: 1}.
         main.tf:11:1 bucket{name: "data", acl: "x-$\{var.env\}", size: 1}."#,
    );
    check(
        input("k", "policy: string, key: string", "hcl", "*.tf")
            .each("resource.aws_kms_key.*")
            .column("policy", "policy.json().a")
            .column("key", "$key"),
        "main.tf",
        text,
        r#"main.tf:16:1 k{policy: "$\{var.b\}", key: "k"}."#,
    );
}

#[test]
fn xml_elements_are_objects_of_attributes_and_children() {
    let cases = input("t", "suite: string, name: string, failure: string?, kind: string?", "xml", "*.xml")
        .given("testsuites")
        .each("testsuites.testsuite[*] as s, s.testcase[*] as c")
        .column("suite", "s.name")
        .column("name", "c[\"@name\"] or c.name")
        .column("failure", "c.failure[\"#text\"] or c.failure")
        .column("kind", "c.failure.type");
    let text = r#"<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY boom "ha">]>
<t:testsuites xmlns:t="urn:x">
  <t:testsuite name="a &amp; b">
    <testcase name="one"><name>child</name></testcase>
    <testcase name="two"><failure type="E">it &lt; broke &boom; <![CDATA[<&>]]></failure></testcase>
  </t:testsuite>
  <t:testsuite name="c"><testcase name="three"><failure>plain &#65;</failure></testcase></t:testsuite>
</t:testsuites>"#;
    check(
        cases,
        "r.xml",
        text,
        r#"r.xml:5:5 t{suite: "a & b", name: "one"}.
         r.xml:6:5 t{suite: "a & b", name: "two", failure: "it < broke &boom; <&>", kind: "E"}.
         r.xml:8:25 t{suite: "c", name: "three", failure: "plain A"}."#,
    );
}

#[test]
fn ini_sections_are_objects() {
    let text = "; top\nglobal: yes\n[core]\n\tbare = false ; said so\n\tpath = \"C:\\a; b\"\n[remote \"origin\"]\n    \
                fetch = one\n    fetch = two\n[metadata]\ndeps =\n    a>=1\n    b # not c\nflag\nlong = 1\\\n  2\n";
    let value = |each: &str| {
        input("r", "key: string, text: string?", "ini", "*").each(each).column("key", "$key").column("text", "$text")
    };
    check(value("global"), "git.ini", text, r#"git.ini:2:1 r{key: "global", text: "yes"}."#);
    check(
        value("core.*"),
        "git.ini",
        text,
        r#"git.ini:4:2 r{key: "bare", text: "false"}.
         git.ini:5:2 r{key: "path", text: "C:\\a; b"}."#,
    );
    check(
        input("r", "ref: string", "ini", "*").each("remote.origin.fetch[*]").column("ref", "$text"),
        "git.ini",
        text,
        r#"git.ini:7:5 r{ref: "one"}.
         git.ini:8:5 r{ref: "two"}."#,
    );
    check(
        value("metadata.*"),
        "git.ini",
        text,
        r#"git.ini:10:1 r{key: "deps", text: "a>=1\nb"}.
         git.ini:13:1 r{key: "flag", text: "true"}.
         git.ini:14:1 r{key: "long", text: "12"}."#,
    );
    check(
        value("a"),
        "x.ini",
        "[a\nb = 1",
        "E0802 x.ini:1:1 this section's `[` is never closed: `r` cannot be read from it",
    );
}
