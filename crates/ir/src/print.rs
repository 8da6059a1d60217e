//! The text form of a program: close to the policy language, read back by [`crate::read`].
//!
//! ```text
//! input edge(a: int, b: int)
//! rel path(a: int, b: int)
//! edge(1, 2).
//! path(x, z) :- path(x, y), edge(y, z), not (`odd-name`(z)).
//! ```
//!
//! Variables of one name but different ids get a number behind it.

use std::collections::HashMap;
use std::fmt::{self, Display, Write};
use std::sync::Arc;

use facts::Value;

use crate::{
    Aggregate, AggregateFunction, Arg, ArithmeticOp, Atom, Body, Comparison, Expr, ExprKind, Literal, LiteralKind,
    Program, RelationKind, Rule, TextTest, VarId,
};

impl Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for relation in &self.relations {
            let word = match (relation.kind, relation.open) {
                (RelationKind::Input, _) => "input",
                (RelationKind::Derived, true) => "open rel",
                (RelationKind::Derived, false) => "rel",
            };
            write!(f, "{word} {}(", Name(&relation.decl.name))?;
            for (at, column) in relation.decl.columns.iter().enumerate() {
                let comma = if at == 0 { "" } else { ", " };
                let key = if column.key { "key " } else { "" };
                let mark = if column.optional { "?" } else { "" };
                write!(f, "{comma}{key}{}: {}{mark}", column.name, column.ty)?;
            }
            f.write_str(")\n")?;
        }
        for fact in &self.facts {
            let row: Vec<String> = fact.row.iter().map(|value| Constant(value).to_string()).collect();
            writeln!(f, "{}({}).", Name(&self.relation(fact.relation).decl.name), row.join(", "))?;
        }
        for rule in &self.rules {
            writeln!(f, "{}", ShowRule { program: self, rule })?;
        }
        Ok(())
    }
}

/// A rule in text form.
pub struct ShowRule<'a> {
    /// The program that it belongs to.
    pub program: &'a Program,
    /// The rule.
    pub rule: &'a Rule,
}

impl Display for ShowRule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = unique_names(self.rule);
        let printer = Printer { program: self.program, name: &|variable| names[variable.0 as usize].to_string() };
        let args: Vec<String> = self.rule.args.iter().map(|arg| printer.expr(arg)).collect();
        write!(f, "{}({})", Name(&self.program.relation(self.rule.head).decl.name), args.join(", "))?;
        if !self.rule.body.is_empty() {
            write!(f, " :- {}", printer.body(&self.rule.body))?;
        }
        f.write_char('.')
    }
}

/// A literal in text form, with the values of variables in their place where `value` knows one.
pub fn show_literal(
    program: &Program,
    rule: &Rule,
    literal: &Literal,
    value: &dyn Fn(VarId) -> Option<Value>,
) -> String {
    let name = |variable: VarId| match value(variable) {
        Some(value) => Constant(&value).to_string(),
        None => rule.variable(variable).name.to_string(),
    };
    Printer { program, name: &name }.literal(literal)
}

/// An expression in text form, likewise.
pub fn show_expr(program: &Program, rule: &Rule, expr: &Expr, value: &dyn Fn(VarId) -> Option<Value>) -> String {
    let name = |variable: VarId| match value(variable) {
        Some(value) => Constant(&value).to_string(),
        None => rule.variable(variable).name.to_string(),
    };
    Printer { program, name: &name }.expr(expr)
}

fn unique_names(rule: &Rule) -> Vec<Arc<str>> {
    let mut seen: HashMap<Arc<str>, usize> = HashMap::new();
    let mut names = Vec::with_capacity(rule.variables.len());
    for variable in &rule.variables {
        let plain: String = variable.name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let mut name: Arc<str> = if plain.is_empty() || plain == "_" || plain.starts_with(|c: char| c.is_ascii_digit())
        {
            format!("v{plain}").into()
        } else {
            plain.into()
        };
        while seen.contains_key(&name) || crate::read::is_word(&name) {
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            name = format!("{name}__{count}").into();
        }
        seen.insert(name.clone(), 1);
        names.push(name);
    }
    names
}

struct Printer<'a> {
    program: &'a Program,
    name: &'a dyn Fn(VarId) -> String,
}

impl Printer<'_> {
    fn body(&self, body: &Body) -> String {
        body.iter().map(|literal| self.literal(literal)).collect::<Vec<_>>().join(", ")
    }

    fn literal(&self, literal: &Literal) -> String {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom),
            LiteralKind::Not(body) => format!("not ({})", self.body(body)),
            LiteralKind::Or(branches) => {
                let branches: Vec<String> = branches.iter().map(|body| self.body(body)).collect();
                format!("({})", branches.join(" or "))
            }
            LiteralKind::Compare(op, left, right) => {
                format!("{} {} {}", self.expr(left), comparison(*op), self.expr(right))
            }
            LiteralKind::IsNone { variable, negated } => {
                format!("{} {} none", (self.name)(*variable), if *negated { "!=" } else { "=" })
            }
            LiteralKind::Text { test, negated, left, right, groups } => {
                let not = if *negated { "not " } else { "" };
                let mut out = format!("{} {not}{} {}", self.expr(left), text_test(*test), self.expr(right));
                if !groups.is_empty() {
                    let groups: Vec<String> =
                        groups.iter().map(|g| format!("{}: {}", (self.name)(g.variable), quote(&g.group))).collect();
                    write!(out, " as ({})", groups.join(", ")).expect("writing to a string");
                }
                out
            }
            LiteralKind::In { operand, values, negated } => {
                let not = if *negated { "not " } else { "" };
                let values: Vec<String> = values.iter().map(|value| Constant(value).to_string()).collect();
                format!("{} {not}in [{}]", self.expr(operand), values.join(", "))
            }
        }
    }

    fn atom(&self, atom: &Atom) -> String {
        let args: Vec<String> = atom
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Any => "_".to_owned(),
                Arg::Var(variable) => (self.name)(*variable),
                Arg::Optional(variable) => format!("{}?", (self.name)(*variable)),
                Arg::Missing => "none".to_owned(),
                // A variable that is computed with, not joined on, stands in parentheses.
                Arg::Value(expr) if matches!(expr.kind, ExprKind::Var(_)) => format!("({})", self.expr(expr)),
                Arg::Value(expr) => self.expr(expr),
            })
            .collect();
        format!("{}({})", Name(&self.program.relation(atom.relation).decl.name), args.join(", "))
    }

    fn exprs(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Const(value) => Constant(value).to_string(),
            ExprKind::Var(variable) => (self.name)(*variable),
            ExprKind::Negate(inner) => format!("-({})", self.expr(inner)),
            ExprKind::Arithmetic(op, left, right) => {
                format!("({} {} {})", self.expr(left), arithmetic(*op), self.expr(right))
            }
            ExprKind::Call(function, args) => format!("{}({})", function.name(), self.exprs(args)),
            ExprKind::Concat(parts) => format!("concat({})", self.exprs(parts)),
            ExprKind::Else(variable, value) => format!("({} else {})", (self.name)(*variable), Constant(value)),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> String {
        let Aggregate { function, listed, body } = aggregate;
        format!("{} {{ {} : {} }}", aggregate_name(*function), self.exprs(listed), self.body(body))
    }
}

/// The word of an aggregate function.
pub fn aggregate_name(function: AggregateFunction) -> &'static str {
    match function {
        AggregateFunction::Count => "count",
        AggregateFunction::Sum => "sum",
        AggregateFunction::Min => "min",
        AggregateFunction::Max => "max",
        AggregateFunction::Avg => "avg",
        AggregateFunction::Join => "join",
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

/// The sign of an arithmetic operator.
pub fn arithmetic(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

fn text_test(test: TextTest) -> &'static str {
    match test {
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts_with",
        TextTest::EndsWith => "ends_with",
        TextTest::Matches => "matches",
        TextTest::Like => "like",
    }
}

/// A relation's name, in backticks unless it is made of words and dots.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if self.0.split('.').all(word) && !crate::read::is_word(self.0) {
            f.write_str(self.0)
        } else {
            write!(f, "`{}`", self.0)
        }
    }
}

/// A constant as the reader takes it.
struct Constant<'a>(&'a Value);

impl Display for Constant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Text(text) => f.write_str(&quote(text)),
            Value::Duration(micros) => f.write_str(&facts::format_duration(*micros).replace(' ', "")),
            // Beyond the calendar's years there is no date to write.
            Value::Time(micros) if facts::parse_time(&facts::format_time(*micros)) != Some(*micros) => {
                write!(f, "@{micros}")
            }
            value => write!(f, "{value}"),
        }
    }
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => write!(out, "\\u{{{:x}}}", c as u32).expect("writing to a string"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
