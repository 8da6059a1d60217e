//! Registers that people keep in spreadsheets.

use std::io::{Cursor, Write};

use base::MemoryFiles;
use zip::write::SimpleFileOptions;

use crate::testing::{Input, check, extract, input, request, show};

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of the given sheets, each the XML of its rows. Style 1 is a date.
fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut names = String::new();
    let mut relations = String::new();
    let mut parts = Vec::new();
    for (number, (name, rows)) in sheets.iter().enumerate() {
        names += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"r{0}\"/>", number + 1);
        relations += &format!(
            "<Relationship Id=\"r{0}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
             Target=\"worksheets/s{0}.xml\"/>",
            number + 1
        );
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
        );
        parts.push((format!("xl/worksheets/s{}.xml", number + 1), sheet));
    }
    parts.push(("xl/workbook.xml".to_owned(), format!("<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{names}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>")));
    parts.push(("xl/styles.xml".to_owned(), "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_owned()));
    parts.push((
        "[Content_Types].xml".to_owned(),
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
    ));
    parts.push(("_rels/.rels".to_owned(), "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".to_owned()));
    archive(&parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect::<Vec<_>>())
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn row(number: u32, cells: &[String]) -> String {
    format!("<row r=\"{number}\">{}</row>", cells.concat())
}

fn register() -> Input {
    input("vendor", "key name: string, report: time?, dpa: bool?, seats: int?", "table", "**/vendors.{xlsx,ods}")
        .column("name", "'Vendor' or 'Name'")
        .column("report", "'SOC 2 report'")
        .column("dpa", "'DPA'")
        .column("seats", "'Seats'")
}

#[test]
fn sheets_with_the_headings_give_rows() {
    let vendors = [
        row(1, &[text("B1", "Vendor register, all of it")]),
        row(3, &[text("A3", "Seats"), text("B3", "Vendor"), text("C3", "SOC 2 report"), text("E3", "dpa")]),
        row(
            4,
            &[
                "<c r=\"A4\"><v>12</v></c>".to_owned(),
                text("B4", "OpenAI, &quot;Inc.&quot;\nUSA"),
                "<c r=\"C4\" s=\"1\"><v>45627</v></c>".to_owned(),
                "<c r=\"E4\" t=\"b\"><v>1</v></c>".to_owned(),
            ],
        ),
        row(7, &[text("B7", "Anthropic"), text("C7", "2026-03-01"), text("E7", "no")]),
    ];
    let bytes = xlsx(&[
        ("Read me", &row(1, &[text("A1", "How to fill in this register")])),
        ("2026", &vendors.concat()),
        (
            "2025",
            &(row(1, &[text("A1", "Vendor"), text("B1", "SOC 2 report"), text("C1", "DPA"), text("D1", "Seats")])
                + &row(2, &[text("A2", "Cohere")])),
        ),
    ]);
    check(
        register(),
        "grc/vendors.xlsx",
        &bytes,
        r#"grc/vendors.xlsx:4:5 vendor{name: "OpenAI, \"Inc.\" USA", report: 2024-12-01, dpa: true, seats: 12}.
         grc/vendors.xlsx:7:2 vendor{name: "Anthropic", report: 2026-03-01, dpa: false}.
         grc/vendors.xlsx:2:1 vendor{name: "Cohere"}."#,
    );
}

#[test]
fn open_documents_are_read_alike() {
    let content = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
        <table:table table:name="Vendors">
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell
          office:value-type="string"><text:p>SOC 2<text:s/>report</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"
          office:value-type="string"><office:annotation><text:p>not this</text:p></office:annotation><text:p>DPA</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>R&amp;D</text:p></table:table-cell><table:table-cell
          office:value-type="date" office:date-value="2026-02-03"><text:p>3 Feb</text:p></table:table-cell><table:table-cell
          office:value-type="boolean" office:boolean-value="true"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        </table:table></office:spreadsheet></office:body></office:document-content>"#;
    check(
        register(),
        "vendors.ods",
        archive(&[("content.xml", content)]),
        r#"vendors.ods:4:1 vendor{name: "R&D", report: 2026-02-03, dpa: true}."#,
    );
}

#[test]
fn a_workbook_that_cannot_be_read_is_an_error() {
    let far = row(1, &[text("A1", "Vendor")])
        + &(2..6_000).map(|n| row(n, &[text(&format!("XFD{n}"), "x")])).collect::<String>();
    let repeated = "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell \
                    table:number-columns-repeated=\"4000000000\" office:value-type=\"date\" office:date-value=\"LONG\"/></table:table-row></table:table>";
    let repeated = &repeated.replace("LONG", &"x".repeat(10_000));
    for (path, bytes, expected) in [
        ("vendors.xlsx", b"PK\x03\x04\0\0".to_vec(), "E0802 vendors.xlsx:0:0 the file is skipped: it is no workbook"),
        ("vendors.xlsx", archive(&[("a.txt", "x")]), "a zip archive without a workbook in it"),
        ("vendors.xlsx", xlsx(&[("s", "<row r=\"1\"><c r=\"A1\"><v>1</v>")]), "E080"),
        ("vendors.xlsx", xlsx(&[("s", &far)]), "more than the 64 MiB"),
        ("vendors.ods", archive(&[("content.xml", repeated)]), "more than the 64 MiB"),
        ("vendors.ods", archive(&[("content.xml", "<a><b></a>")]), "its content is broken"),
        (
            "vendors.xlsx",
            xlsx(&[("s", &row(1, &[text("A1", "Company")]))]),
            "the table has no column `Vendor` or `Name`",
        ),
    ] {
        let shown = show(&extract(&request(vec![register()]), &MemoryFiles::new().with(path, bytes), None));
        assert!(shown.contains(expected), "{expected}: {}", shown.chars().take(300).collect::<String>());
    }
}
