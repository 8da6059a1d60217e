//! Violation and note rules: each fills a relation of its own, the subject first and then what its message says.
//!
//! ```text
//! violation(v, "{v} is {age} old, more than {limit}") :- …      AI-CC9.2-02.violation.3(subject, age, limit)
//! ```

use std::sync::Arc;

use base::Span;
use facts::{Column, RelationDecl, Type};
use ir::RelId;
use syntax::ast::{self, ExprKind, LiteralValue, Part};

use super::entry::{Checked, Outcome, check, outcome};
use super::infer::Head;
use super::resolve::Resolver;
use super::tree::{Arg, ArgKind, Atom, Lit, LitKind, Operand, OperandKind, Tree, Use};
use crate::checks::{controls, safety};
use crate::lints::drops_missing::{Optionals, optional_columns};
use crate::lints::{self, View};
use crate::model::{Constant, Param, Rule};
use crate::names::Scope;
use crate::{Template, TemplatePart};

/// A compiled violation or note rule.
#[derive(Debug)]
pub(crate) struct Judged {
    /// Columns of its relation.
    pub decl: RelationDecl,
    /// The rule; its head is to be set.
    pub rule: Rule,
    /// Its message.
    pub template: Template,
    /// What it does with columns whose values may be missing.
    pub optionals: Optionals,
}

/// Compiles a rule of a control's block; `text` is the file's, `name` that of the relation to make.
pub(crate) fn judged(
    scope: Scope,
    clause: &ast::Clause,
    population: RelId,
    name: Arc<str>,
    text: &str,
) -> Outcome<Judged> {
    let mut resolver = Resolver::new(scope);
    let form = form(&clause.head.relation.last().text);
    let place = scope.place(clause.head.span);
    if matches!(&clause.head.args, ast::Args::Positional(args) if args.len() != form.columns.len()) {
        resolver.error(controls::judged_form(place, &form.name));
        return outcome(resolver, None);
    }
    let Some(aligned) = resolver.align(&clause.head, &form, place) else { return outcome(resolver, None) };
    let [Some(subject), Some(message)] = aligned.as_slice() else {
        if !resolver.broken {
            resolver.error(controls::judged_form(place, &form.name));
        }
        return outcome(resolver, None);
    };
    let mut body = Vec::new();
    let mut head = Vec::new();
    if let Some((operand, arg)) = subject_of(&mut resolver, subject) {
        let args = vec![Arg { kind: arg, span: subject.span }];
        body.push(Lit { kind: LitKind::Atom(Atom { relation: population, args }), span: subject.span });
        head.push(operand);
    }
    let message = Message::of(&mut resolver, message, &mut head, text);
    body.extend(resolver.body(clause.body.as_deref().unwrap_or_default()));
    let names = resolver.names.clone();
    let tree = Tree { head, body, names: Vec::new() };
    let columns = columns_of(&tree, &names, &scope.world.params);
    let Some(checked) = check(&mut resolver, tree, &Head::Free, None) else { return outcome(resolver, None) };
    for operand in &checked.tree.head {
        if let OperandKind::Var(var) = operand.kind
            && let Some((bound, _)) = checked.variables[var].uses.iter().find(|(_, usage)| *usage == Use::Optional)
        {
            let (place, bound) = (scope.place(operand.span), scope.place(*bound));
            resolver.error(safety::maybe_missing(&checked.variables[var].name, place, bound));
        }
    }
    if message.computed
        && let Some(Some(ty)) = checked.types.head.get(1)
        && !ty.is_text()
    {
        resolver.error(controls::message_type(scope.place(message.span), ty));
    }
    if resolver.broken {
        return outcome(resolver, None);
    }
    let Checked { tree, variables, types } = &checked;
    let view = View { scope: &scope, source: clause, tree, variables, types, head: None };
    lints::clause(&view, &mut resolver.diagnostics);
    let optionals = optional_columns(scope.world, &checked.tree.body);
    let types: Vec<Type> = checked.types.head.iter().map(|ty| ty.clone().unwrap_or(Type::String)).collect();
    let columns = columns.into_iter().zip(&types).map(|(name, ty)| Column {
        name,
        ty: ty.clone(),
        optional: false,
        key: false,
        doc: "".into(),
    });
    let decl = RelationDecl { name, columns: columns.collect(), doc: "".into() };
    let place = scope.place(clause.span);
    let head = RelId(u32::MAX);
    let rule = super::emit::emit(scope.world, &checked.tree, &checked.variables, &checked.types, &types, head, place);
    outcome(resolver, Some(Judged { decl, rule, template: message.template, optionals }))
}

/// `violation(subject, message)` as a relation, for its columns' names.
fn form(name: &Arc<str>) -> RelationDecl {
    let column =
        |name: &str| Column { name: name.into(), ty: Type::String, optional: false, key: false, doc: "".into() };
    RelationDecl { name: name.clone(), columns: vec![column("subject"), column("message")], doc: "".into() }
}

/// The subject, in the head and as an argument of `scope`.
fn subject_of(resolver: &mut Resolver, subject: &ast::Expr) -> Option<(Operand, ArgKind)> {
    let operand = resolver.head_operand(subject)?;
    let span = operand.span;
    match &operand.kind {
        OperandKind::Var(var) => {
            let arg = ArgKind::Var(*var);
            Some((operand, arg))
        }
        OperandKind::Const(value, ty) => {
            let same = Operand { kind: OperandKind::Const(value.clone(), ty.clone()), span };
            Some((operand, ArgKind::Value(same)))
        }
        _ => {
            let place = resolver.place(span);
            resolver.error(controls::subject_form(place));
            None
        }
    }
}

struct Message {
    template: Template,
    /// Whether it is no string literal.
    computed: bool,
    span: Span,
}

impl Message {
    /// The template of a message; what it says of variables goes to the head.
    fn of(resolver: &mut Resolver, expr: &ast::Expr, head: &mut Vec<Operand>, text: &str) -> Message {
        let span = expr.span;
        let mut parts = Vec::new();
        let mut written = String::new();
        let mut computed = false;
        match &expr.kind {
            ExprKind::Literal(LiteralValue::Text(plain)) => {
                written.push_str(plain);
                parts.push(TemplatePart::Text(plain.clone()));
            }
            ExprKind::Interpolated(pieces) => {
                for piece in pieces {
                    match piece {
                        Part::Text(plain) => {
                            written.push_str(plain);
                            parts.push(TemplatePart::Text(plain.clone()));
                        }
                        Part::Expr(expr) => {
                            written.push('{');
                            written.push_str(text.get(expr.span.range()).unwrap_or_default().trim());
                            written.push('}');
                            let operand = resolver.operand(expr);
                            parts.extend(operand.map(|operand| TemplatePart::Column(column(head, operand))));
                        }
                    }
                }
            }
            _ => {
                computed = true;
                written.push_str("{message}");
                if let Some(operand) = resolver.operand(expr) {
                    head.push(operand);
                    parts.push(TemplatePart::Column(head.len() - 1));
                }
            }
        }
        Message { template: Template { text: written.into(), parts }, computed, span }
    }
}

/// The column that holds an argument: one that has the same variable or constant already, or a new one.
fn column(head: &mut Vec<Operand>, operand: Operand) -> usize {
    let same = head.iter().position(|known| match (&known.kind, &operand.kind) {
        (OperandKind::Var(a), OperandKind::Var(b)) => a == b,
        (OperandKind::Constant(a, _), OperandKind::Constant(b, _)) => a == b,
        _ => false,
    });
    same.unwrap_or_else(|| {
        head.push(operand);
        head.len() - 1
    })
}

/// Names of the columns: that of the variable or param, else of the place; each once.
fn columns_of(tree: &Tree, names: &[Arc<str>], params: &[Param]) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for (at, operand) in tree.head.iter().enumerate() {
        let name: Arc<str> = match &operand.kind {
            _ if at == 0 => "subject".into(),
            OperandKind::Var(var) => names[*var].clone(),
            OperandKind::Constant(Constant::Today, _) => "today".into(),
            OperandKind::Constant(Constant::Param(param), _) => {
                let name = &params[*param].name;
                name.rsplit('.').next().unwrap_or(name).into()
            }
            _ => format!("arg{at}").into(),
        };
        let name = if found.contains(&name) { format!("{name}_{at}").into() } else { name };
        found.push(name);
    }
    found
}
