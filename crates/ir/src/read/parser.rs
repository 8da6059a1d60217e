//! Tokens to a program; types of operands are filled in later by `infer`.

use std::collections::HashMap;
use std::sync::Arc;

use base::{FileId, Place, Span};
use facts::{Column, RelationDecl, Type, Value};

use super::ReadError;
use super::lexer::{Token, tokens};
use crate::{
    Aggregate, AggregateFunction, Arg, ArithmeticOp, Atom, Body, Comparison, Expr, ExprKind, Fact, Function, Group,
    Literal, LiteralKind, Program, RelId, Relation, RelationKind, Rule, TextTest, VarId, Variable,
};

/// Nesting that is read; deeper texts are refused.
const DEPTH: usize = 100;

type Result<T> = std::result::Result<T, ReadError>;

pub(super) fn parse(text: &str) -> Result<Program> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        program: Program::default(),
        relations: HashMap::new(),
        variables: Vec::new(),
        depth: 0,
    };
    while parser.at < parser.tokens.len() {
        parser.item()?;
    }
    Ok(parser.program)
}

struct Parser {
    tokens: Vec<(Token, usize, usize)>,
    at: usize,
    program: Program,
    relations: HashMap<Arc<str>, RelId>,
    /// Those of the clause at hand.
    variables: Vec<Variable>,
    depth: usize,
}

impl Parser {
    fn item(&mut self) -> Result<()> {
        let called = matches!(self.tokens.get(self.at + 1), Some((Token::Sign("("), ..)));
        match self.peek_name() {
            Some("input") if !called => self.declaration(RelationKind::Input),
            Some("rel" | "open") if !called => self.declaration(RelationKind::Derived),
            _ => self.clause(),
        }
    }

    fn declaration(&mut self, kind: RelationKind) -> Result<()> {
        let open = self.word("open");
        self.at += 1;
        let name: Arc<str> = self.name()?.into();
        let mut columns = Vec::new();
        self.expect("(")?;
        while !self.sign(")") {
            let key = self.peek_name() == Some("key")
                && matches!(self.tokens.get(self.at + 1), Some((Token::Name(_), ..)))
                && self.word("key");
            let name = self.name()?.into();
            self.expect(":")?;
            let ty = match self.name()?.as_str() {
                "string" => Type::String,
                "int" => Type::Int,
                "float" => Type::Float,
                "bool" => Type::Bool,
                "time" => Type::Time,
                "duration" => Type::Duration,
                entity => Type::Entity(entity.into()),
            };
            columns.push(Column { name, ty, optional: self.sign("?"), key, doc: "".into() });
            if !self.sign(",") {
                self.expect(")")?;
                break;
            }
        }
        let id = RelId(self.program.relations.len() as u32);
        if self.relations.insert(name.clone(), id).is_some() {
            return self.fail(format!("relation `{name}` is declared twice"));
        }
        let decl = Arc::new(RelationDecl { name, columns, doc: "".into() });
        self.program.relations.push(Relation { decl, kind, open });
        Ok(())
    }

    fn clause(&mut self) -> Result<()> {
        let start = self.at;
        self.variables.clear();
        let head = self.relation()?;
        self.expect("(")?;
        let args = self.exprs(")")?;
        let width = self.program.relation(head).decl.columns.len();
        if args.len() != width {
            let name = self.program.relation(head).decl.name.clone();
            return self.fail(format!("`{name}` takes {width} arguments"));
        }
        if self.sign(".") {
            let place = self.place(start);
            let constants: Option<Vec<Value>> = args.iter().map(constant).collect();
            let fact = constants.filter(|_| self.variables.is_empty());
            match fact {
                Some(row) => self.program.facts.push(Fact { relation: head, row, place }),
                None => {
                    self.program.rules.push(Rule { head, args, body: vec![], variables: self.variables.clone(), place })
                }
            }
            return Ok(());
        }
        self.expect(":-")?;
        let body = self.body()?;
        self.expect(".")?;
        let place = self.place(start);
        self.program.rules.push(Rule { head, args, body, variables: std::mem::take(&mut self.variables), place });
        Ok(())
    }

    fn body(&mut self) -> Result<Body> {
        let mut body = vec![self.literal()?];
        while self.sign(",") {
            body.push(self.literal()?);
        }
        Ok(body)
    }

    fn literal(&mut self) -> Result<Literal> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail("nested too deep");
        }
        let start = self.at;
        let kind = self.literal_kind()?;
        self.depth -= 1;
        Ok(Literal { kind, place: self.place(start) })
    }

    fn literal_kind(&mut self) -> Result<LiteralKind> {
        if self.word("not") {
            if self.sign("(") {
                let body = self.body()?;
                self.expect(")")?;
                return Ok(LiteralKind::Not(body));
            }
            return Ok(LiteralKind::Not(vec![self.literal()?]));
        }
        if let (Some(name), Some((Token::Sign("("), ..))) = (self.peek_name(), self.tokens.get(self.at + 1))
            && (self.relations.contains_key(name) || !self.is_function(name))
        {
            return self.atom();
        }
        // A parenthesis opens an `or` or an operand: try the first, go back if it turns out to be the second.
        if self.peek_sign() == Some("(") {
            let back = (self.at, self.depth, self.variables.len());
            match self.branches() {
                Ok(branches) if !self.operator_follows() => return Ok(LiteralKind::Or(branches)),
                _ => {
                    (self.at, self.depth) = (back.0, back.1);
                    self.variables.truncate(back.2);
                }
            }
        }
        let left = self.expr()?;
        self.comparison(left)
    }

    fn is_function(&self, name: &str) -> bool {
        name == "concat" || Function::ALL.iter().any(|(known, _)| *known == name)
    }

    fn operator_follows(&self) -> bool {
        const WORDS: [&str; 7] = ["contains", "starts_with", "ends_with", "matches", "like", "in", "not"];
        const SIGNS: [&str; 10] = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"];
        self.peek_name().is_some_and(|name| WORDS.contains(&name))
            || self.peek_sign().is_some_and(|sign| SIGNS.contains(&sign))
    }

    fn branches(&mut self) -> Result<Vec<Body>> {
        self.expect("(")?;
        let mut branches = vec![self.body()?];
        while self.word("or") {
            branches.push(self.body()?);
        }
        self.expect(")")?;
        Ok(branches)
    }

    fn atom(&mut self) -> Result<LiteralKind> {
        let relation = self.relation()?;
        self.expect("(")?;
        let mut args = Vec::new();
        while !self.sign(")") {
            args.push(self.arg()?);
            if !self.sign(",") {
                self.expect(")")?;
                break;
            }
        }
        let decl = &self.program.relation(relation).decl;
        if args.len() != decl.columns.len() {
            let message = format!("`{}` takes {} arguments", decl.name, decl.columns.len());
            return self.fail(message);
        }
        Ok(LiteralKind::Atom(Atom { relation, args }))
    }

    fn arg(&mut self) -> Result<Arg> {
        if self.word("_") {
            return Ok(Arg::Any);
        }
        if self.word("none") {
            return Ok(Arg::Missing);
        }
        let bare = self.peek_sign() != Some("(");
        let expr = self.expr()?;
        match expr.kind {
            ExprKind::Var(variable) if bare && self.sign("?") => {
                self.variables[variable.0 as usize].optional = true;
                Ok(Arg::Optional(variable))
            }
            ExprKind::Var(variable) if bare => Ok(Arg::Var(variable)),
            kind => Ok(Arg::Value(Expr { kind, ty: expr.ty })),
        }
    }

    fn comparison(&mut self, left: Expr) -> Result<LiteralKind> {
        for (sign, op) in [
            ("=", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessEqual),
            (">=", Comparison::GreaterEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ] {
            if self.sign(sign) {
                if let (ExprKind::Var(variable), true) = (&left.kind, self.word("none")) {
                    return Ok(LiteralKind::IsNone { variable: *variable, negated: op == Comparison::NotEqual });
                }
                return Ok(LiteralKind::Compare(op, left, self.expr()?));
            }
        }
        let negated = self.word("not");
        if self.word("in") {
            self.expect("[")?;
            let exprs = self.exprs("]")?;
            let values: Option<Vec<Value>> = exprs.iter().map(constant).collect();
            let Some(values) = values else { return self.fail("expected constants") };
            return Ok(LiteralKind::In { operand: left, values, negated });
        }
        for (word, test) in [
            ("contains", TextTest::Contains),
            ("starts_with", TextTest::StartsWith),
            ("ends_with", TextTest::EndsWith),
            ("matches", TextTest::Matches),
            ("like", TextTest::Like),
        ] {
            if self.word(word) {
                let right = self.expr()?;
                let groups = if self.word("as") { self.groups()? } else { Vec::new() };
                return Ok(LiteralKind::Text { test, negated, left, right, groups });
            }
        }
        self.fail("expected a comparison")
    }

    fn groups(&mut self) -> Result<Vec<Group>> {
        self.expect("(")?;
        let mut groups = Vec::new();
        loop {
            let name = self.name()?;
            let variable = self.variable(&name);
            if self.sign("?") {
                self.variables[variable.0 as usize].optional = true;
            }
            self.expect(":")?;
            match self.next() {
                Some(Token::Value(Value::Text(group))) => groups.push(Group { variable, group }),
                _ => return self.fail("expected a group's name in quotes"),
            }
            if !self.sign(",") {
                self.expect(")")?;
                return Ok(groups);
            }
        }
    }

    fn exprs(&mut self, close: &'static str) -> Result<Vec<Expr>> {
        let mut exprs = Vec::new();
        while !self.sign(close) {
            exprs.push(self.expr()?);
            if !self.sign(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(exprs)
    }

    fn expr(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail("nested too deep");
        }
        let mut left = self.term()?;
        loop {
            let op = match self.peek_sign() {
                Some("+") => ArithmeticOp::Add,
                Some("-") => ArithmeticOp::Subtract,
                _ => break,
            };
            self.at += 1;
            left = untyped(ExprKind::Arithmetic(op, Box::new(left), Box::new(self.term()?)));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn term(&mut self) -> Result<Expr> {
        let mut left = self.operand()?;
        loop {
            let op = match self.peek_sign() {
                Some("*") => ArithmeticOp::Multiply,
                Some("/") => ArithmeticOp::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            left = untyped(ExprKind::Arithmetic(op, Box::new(left), Box::new(self.operand()?)));
        }
    }

    fn operand(&mut self) -> Result<Expr> {
        if self.sign("-") {
            // Directly before a number the sign belongs to it: it is how negative constants are written.
            if let Some(Token::Value(value)) = self.tokens.get(self.at).map(|(token, ..)| token.clone()) {
                self.at += 1;
                return match value {
                    Value::Int(value) => Ok(untyped(ExprKind::Const(Value::Int(-value)))),
                    Value::Float(value) => Ok(untyped(ExprKind::Const(Value::Float(-value)))),
                    Value::Duration(value) => Ok(untyped(ExprKind::Const(Value::Duration(-value)))),
                    _ => self.fail("expected a number"),
                };
            }
            return Ok(untyped(ExprKind::Negate(Box::new(self.operand()?))));
        }
        if self.sign("@") {
            let sign = if self.sign("-") { -1 } else { 1 };
            return match self.next() {
                Some(Token::Value(Value::Int(micros))) => Ok(untyped(ExprKind::Const(Value::Time(sign * micros)))),
                _ => self.fail("expected microseconds"),
            };
        }
        if self.sign("(") {
            let inner = self.expr()?;
            let out = match (&inner.kind, self.word("else")) {
                (ExprKind::Var(variable), true) => {
                    let variable = *variable;
                    let value = self.operand()?;
                    let Some(value) = constant(&value) else { return self.fail("expected a constant") };
                    untyped(ExprKind::Else(variable, value))
                }
                _ => inner,
            };
            self.expect(")")?;
            return Ok(out);
        }
        match self.next() {
            Some(Token::Value(value)) => Ok(untyped(ExprKind::Const(value))),
            Some(Token::Name(name)) => self.named(&name),
            _ => self.fail("expected an operand"),
        }
    }

    fn named(&mut self, name: &str) -> Result<Expr> {
        let kind = match name {
            "true" => ExprKind::Const(Value::Bool(true)),
            "false" => ExprKind::Const(Value::Bool(false)),
            "none" => ExprKind::Const(Value::None),
            _ if self.peek_sign() == Some("{") => return self.aggregate(name),
            "concat" if self.sign("(") => ExprKind::Concat(self.exprs(")")?),
            _ if self.peek_sign() == Some("(") => {
                let Some((_, function)) = Function::ALL.iter().find(|(known, _)| *known == name) else {
                    return self.fail(format!("no function `{name}`"));
                };
                self.at += 1;
                ExprKind::Call(*function, self.exprs(")")?)
            }
            _ => ExprKind::Var(self.variable(name)),
        };
        Ok(untyped(kind))
    }

    fn aggregate(&mut self, name: &str) -> Result<Expr> {
        let function = match name {
            "count" => AggregateFunction::Count,
            "sum" => AggregateFunction::Sum,
            "min" => AggregateFunction::Min,
            "max" => AggregateFunction::Max,
            "avg" => AggregateFunction::Avg,
            "join" => AggregateFunction::Join,
            _ => return self.fail(format!("no aggregate `{name}`")),
        };
        self.expect("{")?;
        let listed = self.exprs(":")?;
        let body = self.body()?;
        self.expect("}")?;
        Ok(untyped(ExprKind::Aggregate(Box::new(Aggregate { function, listed, body }))))
    }

    fn variable(&mut self, name: &str) -> VarId {
        let known = self.variables.iter().position(|variable| *variable.name == *name);
        let at = known.unwrap_or_else(|| {
            self.variables.push(Variable { name: name.into(), ty: Type::Bool, optional: false });
            self.variables.len() - 1
        });
        VarId(at as u32)
    }

    fn relation(&mut self) -> Result<RelId> {
        let name = self.name()?;
        match self.relations.get(name.as_str()) {
            Some(id) => Ok(*id),
            None => self.fail(format!("no relation `{name}`")),
        }
    }

    fn name(&mut self) -> Result<String> {
        match self.next() {
            Some(Token::Name(name)) => Ok(name),
            _ => self.fail("expected a name"),
        }
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at)?.0.clone();
        self.at += 1;
        Some(token)
    }

    fn peek_name(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some((Token::Name(name), ..)) => Some(name),
            _ => None,
        }
    }

    fn peek_sign(&self) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some((Token::Sign(sign), ..)) => Some(sign),
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek_name() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = self.peek_sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<()> {
        if self.sign(sign) { Ok(()) } else { self.fail(format!("expected `{sign}`")) }
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        let end = self.tokens.last().map_or(0, |token| token.2);
        Err(ReadError { at: self.tokens.get(self.at).map_or(end, |token| token.1), message: message.into() })
    }

    /// From the token at `start` to the last one taken.
    fn place(&self, start: usize) -> Place {
        Place { file: FileId(0), span: Span::new(self.tokens[start].1, self.tokens[self.at - 1].2) }
    }
}

fn untyped(kind: ExprKind) -> Expr {
    Expr { kind, ty: Type::Bool }
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Const(value) => Some(value.clone()),
        _ => None,
    }
}
