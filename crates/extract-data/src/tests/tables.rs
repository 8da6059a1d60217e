//! Tables as people keep them.

use crate::testing::{Input, check, input};

fn register(pattern: &str) -> Input {
    input("register", "key name: string, report: time?, dpa: bool?", "table", pattern)
        .column("name", "'Vendor' or 'Vendor Name'")
        .column("report", "'SOC 2 report date' or 'soc2_report_date' none n/a")
        .column("dpa", "'DPA signed' or 'dpa'")
}

#[test]
fn headings_are_found_below_titles_and_compared_loosely() {
    let rows = "v.csv:LINE:1 register{name: \"OpenAI\", report: 2026-03-31, dpa: true}.
        v.csv:NEXT:1 register{name: \"Pine, Inc\"}.";
    let expected = |line: u32, column: &str| {
        rows.replace("LINE", &line.to_string())
            .replace("NEXT", &(line + 1).to_string())
            .replace("Pine", &format!("{column}Pine"))
    };
    let text = "vendor name, SOC 2  Report date ,dpa signed,Notes\r\nOpenAI,2026-03-31,Yes,\"a\r\nb\"\r\n\"Pine, Inc\",n/a,,\r\n";
    check(
        register("*.csv"),
        "v.csv",
        text,
        "
        v.csv:2:1 register{name: \"OpenAI\", report: 2026-03-31, dpa: true}.
        v.csv:4:2 register{name: \"Pine, Inc\"}.",
    );
    let titled =
        "\u{feff}Vendor register;;\n;;\nVendor;DPA signed;SOC 2 report date\nOpenAI;1;2026-03-31\n\nPine, Inc;;\n";
    check(register("*.csv"), "v.csv", titled, &expected(4, "").replace("v.csv:5", "v.csv:6"));
    let wide: Vec<u8> = titled.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(register("*.csv"), "v.csv", wide, &expected(4, "").replace("v.csv:5", "v.csv:6"));
}

#[test]
fn lists_in_yaml_and_json_are_tables() {
    let expected = "v.yaml:3:11 register{name: \"OpenAI\", report: 2026-03-31, dpa: true}.";
    let text = "schema: v1\nvendors:\n- vendor: OpenAI\n  soc2_report_date: 2026-03-31\n  DPA: yes\n";
    check(register("*.yaml"), "v.yaml", text, expected);
    check(register("*.json"), "v.json", "[{\"Vendor\": \"X\"}]", "v.json:1:13 register{name: \"X\"}.");
    check(register("*.json"), "v.json", "[]", "");
    check(
        register("*.json"),
        "v.json",
        "{\"a\": 1}",
        "E0802 v.json:1:1 the document holds no list of objects, or several: `register` cannot be read from it",
    );
}

#[test]
fn missing_columns_and_cells_are_errors_with_the_headings_found() {
    check(
        register("*.csv"),
        "v.csv",
        "Vendro,Owner\nX,Y\n",
        "
        E0803 v.csv:1:1 the table has no column `Vendor` or `Vendor Name`, which `name` of `register` needs
          help: did you mean `Vendro`? its headings are `Vendro`, `Owner`",
    );
    check(
        register("*.csv"),
        "v.csv",
        "Vendor,DPA signed\nX,pending\n,yes\nY,no\n",
        "
        v.csv:4:1 register{name: \"Y\", dpa: false}.
        E0804 v.csv:2:3 `pending` is no bool, which the column `dpa` needs
          help: read are true, false, yes, no, 1 and 0; other words can be told as missing: `none \"…\"`
        E0803 v.csv:3:1 this row has no `vendor` or `vendor name`, which the required column `name` of `register` needs
          help: declare the column as optional (`name: string?`) if it may be missing",
    );
    check(
        register("*.csv"),
        "v.csv",
        "",
        "E0802 v.csv:0:0 the table is empty, it has no heading: `register` cannot be read from it",
    );
    check(
        register("*.csv"),
        "v.csv",
        "Vendor,Notes\nX,\"open\nY,\n",
        "
        E0802 v.csv:2:1 a quoted cell of this record is never closed: `register` cannot be read from it",
    );
}

#[test]
fn tables_without_heading_go_by_order() {
    let edges = || input("edge", "a: int, b: string", "tsv", "*.facts").headerless();
    check(
        edges(),
        "e.facts",
        "1\tx\n\n2\t\"q\n3\t\n",
        "
        e.facts:1:1 edge{a: 1, b: \"x\"}.
        e.facts:3:1 edge{a: 2, b: \"\\\"q\"}.
        e.facts:4:1 edge{a: 3, b: \"\"}.",
    );
    check(
        edges(),
        "e.facts",
        "1\n",
        "
        E0803 e.facts:1:1 this row has no `[1]`, which the required column `b` of `edge` needs
          help: declare the column as optional (`b: string?`) if it may be missing",
    );
    check(edges(), "e.facts", "", "");
}

#[test]
fn cells_can_hold_documents_and_rows_can_be_filtered() {
    let r = input("r", "id: string, tag: string", "csv", "*.csv")
        .given("status = open")
        .each("tags.json()[*]")
        .column("id", "$file")
        .column("tag", "$text");
    check(
        r,
        "t.csv",
        "Id,Status,Tags\n1,open,\"[\"\"a\"\",\"\"b\"\"]\"\n2,closed,\"[\"\"c\"\"]\"\n",
        "
        t.csv:2:9 r{id: \"t.csv\", tag: \"a\"}.
        t.csv:2:9 r{id: \"t.csv\", tag: \"b\"}.",
    );
}
