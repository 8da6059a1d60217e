//! The tree as compact S-expressions, for tests and for whoever wants to see what was read: a line for each item, member and
//! statement. Spans are left out.

use crate::ast::*;

/// The whole module.
pub fn dump(module: &Module) -> String {
    let mut out = String::new();
    if let Some(doc) = &module.doc {
        out += &format!("(doc {:?})\n", doc.text);
    }
    for item in &module.items {
        out += &documented(&item.doc, "");
        out += &item_text(&item.kind);
        out.push('\n');
    }
    out
}

fn documented(doc: &Option<Doc>, indent: &str) -> String {
    doc.as_ref().map(|doc| format!("{indent}/// {:?}\n", doc.text)).unwrap_or_default()
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    items.iter().map(|item| format!(" {}", text(item))).collect()
}

fn item_text(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Use(item) => match &item.alias {
            Some(alias) => format!("(use {} as {})", item.module.text(), alias.text),
            None => format!("(use {})", item.module.text()),
        },
        ItemKind::Entity(item) => match &item.parent {
            Some(parent) => format!("(entity {} < {})", item.name.text, parent.text()),
            None => format!("(entity {})", item.name.text),
        },
        ItemKind::Rel(item) => rel(item),
        ItemKind::Param(item) => format!("(param {}: {} = {})", item.name.text, type_text(&item.ty), expr(&item.value)),
        ItemKind::Framework(item) => {
            let criteria = list(&item.criteria, |(id, text)| format!("({} {:?})", id.text, text.text));
            format!("(framework {} {:?}{criteria})", item.id.text, item.title.text)
        }
        ItemKind::Input(item) => {
            let sources: String = item.sources.iter().map(|from| format!("\n  {}", source(from))).collect();
            format!("(input {}{}{sources})", item.name.text, list(&item.columns, column))
        }
        ItemKind::Control(item) => {
            let members: String = item
                .members
                .iter()
                .map(|member| format!("\n{}  {}", documented(&member.doc, "  "), member_text(&member.kind)))
                .collect();
            format!("(control {} {:?}{members})", item.id.text, item.title.text)
        }
        ItemKind::Test(item) => {
            let statements: String =
                item.statements.iter().map(|statement| format!("\n  {}", statement_text(&statement.kind))).collect();
            format!("(test {:?}{statements})", item.name.text)
        }
        ItemKind::Clause(item) => clause(item),
        ItemKind::Broken(item) => broken(item),
    }
}

fn broken(item: &Broken) -> String {
    let keyword = if item.keyword.is_empty() { String::new() } else { format!(" {}", item.keyword) };
    let name = item.name.as_ref().map(|name| format!(" {}", name.text())).unwrap_or_default();
    format!("(broken{keyword}{name}{})", list(&item.columns, |column| column.text.to_string()))
}

fn rel(item: &Rel) -> String {
    let open = if item.open { "open " } else { "" };
    format!("({open}rel {}{})", item.name.text, list(&item.columns, column))
}

fn column(column: &Column) -> String {
    let doc = column.doc.as_ref().map(|doc| format!("/// {:?} ", doc.text)).unwrap_or_default();
    let key = if column.key { "key " } else { "" };
    format!("({doc}{key}{}: {})", column.name.text, type_text(&column.ty))
}

fn type_text(ty: &TypeRef) -> String {
    format!("{}{}", ty.name.text(), if ty.optional { "?" } else { "" })
}

fn source(source: &Source) -> String {
    let mut out = format!("(from{}", list(&source.formats, |format| format.text.to_string()));
    if let Some(language) = &source.language {
        out += &format!(" {}", language.text);
    }
    out += &format!(" {:?}", source.pattern.text);
    if let Some(regex) = &source.regex {
        out += &format!(" /{}/", regex.pattern);
    }
    if source.headerless.is_some() {
        out += " headerless";
    }
    for (word, conditions) in [("where", &source.conditions), ("incomplete", &source.incomplete)] {
        if !conditions.is_empty() {
            out += &format!(" ({word}{})", list(conditions, condition));
        }
    }
    for each in &source.each {
        let alias = each.alias.as_ref().map(|alias| format!(" as {}", alias.text)).unwrap_or_default();
        out += &format!(" (each {}{alias})", doc_path(&each.path));
    }
    if let Some(columns) = &source.columns {
        out += &format!(" (columns{})", list(columns, column_map));
    }
    out + ")"
}

fn condition(condition: &Condition) -> String {
    let path = doc_path(&condition.path);
    match &condition.test {
        ConditionTest::Present => path,
        ConditionTest::Equals(value) => format!("(= {path} {})", expr(value)),
        ConditionTest::Matches(regex) => format!("(matches {path} /{}/)", regex.pattern),
    }
}

fn column_map(map: &ColumnMap) -> String {
    let mut out = format!("({}:{}", map.column.text, list(&map.alternatives, doc_operand));
    if !map.absent.is_empty() {
        out += &format!(" none{}", list(&map.absent, |text| format!("{:?}", text.text)));
    }
    match &map.convert {
        Some(Convert::Word(word)) => out += &format!(" as {}", word.text),
        Some(Convert::Pattern(pattern)) => out += &format!(" as {:?}", pattern.text),
        None => {}
    }
    out + ")"
}

fn doc_operand(operand: &DocOperand) -> String {
    match operand {
        DocOperand::Path(path) => doc_path(path),
        DocOperand::Text(text) => format!("{:?}", text.text),
        DocOperand::Literal(value) => expr(value),
        DocOperand::Capture(name) => format!("@{}", name.text),
    }
}

fn doc_path(path: &DocPath) -> String {
    let mut out = String::new();
    for (step, _) in &path.steps {
        out += &match step {
            DocStep::Key { key, quoted: true } => format!("[{key:?}]"),
            DocStep::Key { key, quoted: false } if out.is_empty() => key.to_string(),
            DocStep::Key { key, quoted: false } => format!(".{key}"),
            DocStep::Index(index) => format!("[{index}]"),
            DocStep::All => "[*]".to_owned(),
            DocStep::Values => ".*".to_owned(),
            DocStep::Deep(key) => format!("..{key}"),
            DocStep::Mark(word) => format!("${word}"),
            DocStep::Decode(word) => format!(".{word}()"),
        };
    }
    out
}

fn member_text(kind: &MemberKind) -> String {
    match kind {
        MemberKind::Field(field) => format!("({}:{})", field.name.text, list(&field.values, field_value)),
        MemberKind::Rel(item) => rel(item),
        MemberKind::Clause(item) => clause(item),
        MemberKind::Broken(item) => broken(item),
    }
}

fn field_value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => format!("{:?}", text.text),
        FieldValue::Path(path) => path.text(),
        FieldValue::Criterion { framework, criterion } => format!("{}/{:?}", framework.text, criterion.text),
    }
}

fn statement_text(kind: &StatementKind) -> String {
    match kind {
        StatementKind::AsOf(value) => format!("(as_of {})", expr(value)),
        StatementKind::Param(path, value) => format!("(param {} = {})", path.text(), expr(value)),
        StatementKind::GivenFile(path, content) => format!("(given file {:?} {:?})", path.text, content.text),
        StatementKind::GivenFiles(folder) => format!("(given files {:?})", folder.text),
        StatementKind::GivenRow(row) => format!("(given {})", atom(row)),
        StatementKind::GivenEmpty(path) => format!("(given empty {})", path.text()),
        StatementKind::Expect(expectation) => format!("(expect {})", expectation_text(expectation)),
        StatementKind::Broken => "(broken)".to_owned(),
    }
}

fn expectation_text(expectation: &Expectation) -> String {
    let optional = |word: &str, text: &Option<Name>| {
        text.as_ref().map(|text| format!(" {word} {:?}", text.text)).unwrap_or_default()
    };
    match expectation {
        Expectation::Violation { control, subject, with, at } => {
            format!("violation {} {:?}{}{}", control.text, subject.text, optional("with", with), optional("at", at))
        }
        Expectation::NoViolation { control, subject } => format!("no violation {} {:?}", control.text, subject.text),
        Expectation::Status { status, control } => format!("{} {}", status.text, control.text),
        Expectation::Row(row) => atom(row),
        Expectation::NoRow(row) => format!("no {}", atom(row)),
        Expectation::Compare(op, left, right) => format!("({} {} {})", comparison(*op), expr(left), expr(right)),
    }
}

fn clause(clause: &Clause) -> String {
    match &clause.body {
        Some(body) => format!("(rule {}{})", atom(&clause.head), literals(body)),
        None => format!("(fact {})", atom(&clause.head)),
    }
}

fn atom(atom: &Atom) -> String {
    let args = match &atom.args {
        Args::Positional(args) => list(args, expr),
        Args::Named(args) => list(args, |arg| match arg.short {
            true => format!("{}:", expr(&arg.value)),
            false => format!("{}: {}", arg.name.text, expr(&arg.value)),
        }),
    };
    format!("({}{args})", atom.relation.text())
}

fn literals(body: &[Literal]) -> String {
    list(body, literal)
}

fn literal(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Atom(row) => atom(row),
        LiteralKind::Not(body) => format!("(not{})", literals(body)),
        LiteralKind::Or(branches) => {
            format!("(or{})", list(branches, |body| format!("({})", literals(body).trim_start())))
        }
        LiteralKind::Compare(op, left, right) => format!("({} {} {})", comparison(*op), expr(left), expr(right)),
        LiteralKind::Word { op, negated, left, right, groups } => {
            let not = if *negated { "not-" } else { "" };
            let groups = match groups.is_empty() {
                true => String::new(),
                false => format!(
                    " (as{})",
                    list(groups, |group| format!("{}{}", group.name.text, if group.optional { "?" } else { "" }))
                ),
            };
            format!("({not}{} {} {}{groups})", word(*op), expr(left), expr(right))
        }
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

fn word(op: WordOp) -> &'static str {
    match op {
        WordOp::Contains => "contains",
        WordOp::StartsWith => "starts_with",
        WordOp::EndsWith => "ends_with",
        WordOp::Matches => "matches",
        WordOp::Like => "like",
        WordOp::In => "in",
    }
}

fn expr(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal(value) => literal_value(value),
        ExprKind::Interpolated(parts) => {
            let parts = list(parts, |part| match part {
                Part::Text(text) => format!("{text:?}"),
                Part::Expr(inner) => self::expr(inner),
            });
            format!("(text{parts})")
        }
        ExprKind::Regex(regex) => format!("/{}/", regex.pattern),
        ExprKind::List(items) => format!("[{}]", list(items, self::expr).trim_start()),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Param(path) => path.text(),
        ExprKind::Optional(name) => format!("{}?", name.text),
        ExprKind::Wildcard => "_".to_owned(),
        ExprKind::Call(name, args) => format!("({}{})", name.text, list(args, self::expr)),
        ExprKind::Aggregate(aggregate) => {
            let function = format!("{:?}", aggregate.function).to_lowercase();
            format!("({function}{} :{})", list(&aggregate.listed, self::expr), literals(&aggregate.body))
        }
        ExprKind::Negate(inner) => format!("(- {})", self::expr(inner)),
        ExprKind::Arithmetic(op, left, right) => {
            let op = match op {
                ArithmeticOp::Add => "+",
                ArithmeticOp::Subtract => "-",
                ArithmeticOp::Multiply => "*",
                ArithmeticOp::Divide => "/",
            };
            format!("({op} {} {})", self::expr(left), self::expr(right))
        }
        ExprKind::Else(left, right) => format!("(else {} {})", self::expr(left), self::expr(right)),
    }
}

fn literal_value(value: &LiteralValue) -> String {
    match value {
        LiteralValue::None => "none".to_owned(),
        LiteralValue::Bool(value) => value.to_string(),
        LiteralValue::Int(value) => value.to_string(),
        LiteralValue::Float(value) => format!("{value:?}"),
        LiteralValue::Text(text) => format!("{text:?}"),
        LiteralValue::Time(micros) => match jiff::Timestamp::from_microsecond(*micros) {
            Ok(time) => time.to_string(),
            Err(_) => format!("{micros}us"),
        },
        LiteralValue::Duration(micros) => format!("{}s", *micros as f64 / 1_000_000.0),
    }
}
