//! Edits that several fixes share, and walks over clauses as they are written.

use base::{FileId, Fix, Place, Span};
use syntax::ast::{self, Args, ExprKind, ItemKind, LiteralKind, MemberKind, Part};
use syntax::scan::RESERVED;

use super::View;

/// A fix in one file.
pub(super) fn fix(file: FileId, title: impl Into<String>, safe: bool, edits: Vec<(Span, String)>) -> Fix {
    let edits = edits.into_iter().map(|(span, text)| (Place { file, span }, text)).collect();
    Fix { title: title.into(), edits, safe }
}

/// The range to take away so that an element of a list goes with one of its commas; none if it is the only one, or if
/// a comment would go with it.
pub(super) fn element(text: &str, elements: &[Span], at: usize) -> Option<Span> {
    let piece = text.get(elements.get(at)?.range())?;
    let span =
        Span::new(elements[at].start as usize, elements[at].end as usize - (piece.len() - piece.trim_end().len()));
    let range = match (at.checked_sub(1).map(|before| elements[before]), elements.get(at + 1)) {
        (Some(before), _) => Span::new(before.end as usize, span.end as usize),
        (None, Some(after)) => Span::new(span.start as usize, after.start as usize),
        (None, None) => return None,
    };
    let gap = match at {
        0 => Span::new(span.end as usize, range.end as usize),
        _ => Span::new(range.start as usize, span.start as usize),
    };
    (!text.get(gap.range())?.contains("//")).then_some(range)
}

/// A name that the clause gives nothing else: that of a column, or one made from it.
pub(super) fn free_name(view: &View, column: &str) -> String {
    let free = |name: &str| {
        view.variables.iter().all(|variable| *variable.name != *name)
            && view.scope.own_param(name).is_none()
            && !RESERVED.contains(&name)
    };
    let mut name = column.to_owned();
    for number in 2.. {
        if free(&name) {
            break;
        }
        name = format!("{column}_{number}");
    }
    name
}

/// Clauses of a module, those in controls with the number of their item.
pub(super) fn clauses(tree: &ast::Module) -> impl Iterator<Item = (Option<usize>, &ast::Clause)> {
    tree.items.iter().enumerate().flat_map(|(number, item)| {
        let (own, members): (Option<&ast::Clause>, &[ast::Member]) = match &item.kind {
            ItemKind::Clause(clause) => (Some(clause), &[]),
            ItemKind::Control(control) => (None, &control.members),
            _ => (None, &[]),
        };
        let members = members.iter().filter_map(move |member| match &member.kind {
            MemberKind::Clause(clause) => Some((Some(number), clause)),
            _ => None,
        });
        own.map(|clause| (None, clause)).into_iter().chain(members)
    })
}

/// What stands in a clause, from the outside in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'a> {
    /// A body, a branch of an `or`, the body of a `not` or of an aggregate.
    Body(&'a [ast::Literal]),
    /// The branches of an `or`.
    Branches(&'a [Vec<ast::Literal>]),
    /// An atom of a body, or the head.
    Atom(&'a ast::Atom),
    /// An operand.
    Operand(&'a ast::Expr),
}

/// Walks over a clause.
pub(super) fn walk<'a>(clause: &'a ast::Clause, f: &mut dyn FnMut(Piece<'a>)) {
    atom(&clause.head, f);
    body(clause.body.as_deref().unwrap_or_default(), f);
}

fn body<'a>(literals: &'a [ast::Literal], f: &mut dyn FnMut(Piece<'a>)) {
    f(Piece::Body(literals));
    for literal in literals {
        match &literal.kind {
            LiteralKind::Atom(inner) => atom(inner, f),
            LiteralKind::Not(inner) => body(inner, f),
            LiteralKind::Or(branches) => {
                f(Piece::Branches(branches));
                branches.iter().for_each(|branch| body(branch, f));
            }
            LiteralKind::Compare(_, left, right) | LiteralKind::Word { left, right, .. } => {
                operand(left, f);
                operand(right, f);
            }
        }
    }
}

fn atom<'a>(atom: &'a ast::Atom, f: &mut dyn FnMut(Piece<'a>)) {
    f(Piece::Atom(atom));
    match &atom.args {
        Args::Positional(args) => args.iter().for_each(|arg| operand(arg, f)),
        Args::Named(args) => args.iter().for_each(|arg| operand(&arg.value, f)),
    }
}

fn operand<'a>(expr: &'a ast::Expr, f: &mut dyn FnMut(Piece<'a>)) {
    f(Piece::Operand(expr));
    match &expr.kind {
        ExprKind::Interpolated(parts) => parts.iter().for_each(|part| {
            if let Part::Expr(expr) = part {
                operand(expr, f);
            }
        }),
        ExprKind::List(parts) | ExprKind::Call(_, parts) => parts.iter().for_each(|part| operand(part, f)),
        ExprKind::Aggregate(aggregate) => {
            aggregate.listed.iter().for_each(|listed| operand(listed, f));
            body(&aggregate.body, f);
        }
        ExprKind::Negate(inner) => operand(inner, f),
        ExprKind::Arithmetic(_, left, right) | ExprKind::Else(left, right) => {
            operand(left, f);
            operand(right, f);
        }
        ExprKind::Literal(_)
        | ExprKind::Regex(_)
        | ExprKind::Name(_)
        | ExprKind::Param(_)
        | ExprKind::Optional(_)
        | ExprKind::Wildcard => {}
    }
}

/// The column of a field written in its short form (`{owner}`, `{owner?}`) at that place.
pub(super) fn short_field(clause: &ast::Clause, span: Span) -> Option<&str> {
    let mut found = None;
    walk(clause, &mut |piece| {
        if let Piece::Atom(ast::Atom { args: Args::Named(args), .. }) = piece {
            let arg = args.iter().find(|arg| arg.short && arg.value.span == span);
            found = arg.map(|arg| &*arg.name.text).or(found);
        }
    });
    found
}
