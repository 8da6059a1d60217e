//! Statements as ways through a function (see `order`).

use super::order::{Frame, Leave, Order};
use crate::tree::{Block, Case, ExprId, Kind, Loop, Stmt, Target, Try};

impl<'a> Order<'a> {
    pub fn block(&mut self, block: &'a [Stmt]) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(value) => {
                self.expression(*value);
                if self.never_returns(*value) {
                    self.leave(Leave::Raise);
                }
            }
            Stmt::Assign { targets, value, annotation } => {
                value.iter().chain(annotation).for_each(|&expr| self.expression(expr));
                targets.iter().for_each(|target| self.target(target));
            }
            Stmt::Import(_) => {}
            Stmt::Function(id) => self.head(*id),
            Stmt::Class(id) => self.class(*id),
            Stmt::Return(value) => {
                value.iter().for_each(|&value| self.expression(value));
                self.leave(Leave::Return);
            }
            Stmt::Raise(value, _) => {
                value.iter().for_each(|&value| self.expression(value));
                self.leave(Leave::Raise);
            }
            Stmt::Break => self.leave(Leave::Break),
            Stmt::Continue => self.leave(Leave::Continue),
            Stmt::Assert(value) => {
                self.expression(*value);
                self.passed(*value, None);
            }
            Stmt::If { arms, otherwise } => self.branches(arms, otherwise),
            Stmt::Loop(inner) => self.repeat(inner),
            Stmt::Try(inner) => self.guarded(inner),
            Stmt::With { items, body } => {
                for (context, target) in items {
                    self.expression(*context);
                    target.iter().for_each(|target| self.target(target));
                }
                self.block(body);
            }
            Stmt::Match { subject, cases } => {
                self.expression(*subject);
                self.cases(cases);
            }
        }
    }

    fn target(&mut self, target: &Target) {
        match target {
            Target::Name(..) => {}
            Target::Place(place) => self.expression(*place),
            Target::Tuple(targets) => targets.iter().for_each(|target| self.target(target)),
            Target::Attributes(parts) => parts.iter().for_each(|(_, target)| self.target(target)),
            Target::Rest(inner) => self.target(inner),
            Target::Default(inner, default) => {
                let start = self.at;
                self.expression(*default);
                let ends = start.into_iter().chain(self.at).collect();
                self.meet(ends);
                self.target(inner);
            }
        }
    }

    fn branches(&mut self, arms: &'a [(ExprId, Block)], otherwise: &'a [Stmt]) {
        // From the last arm to the first: how the rest leaves if none before was taken.
        let mut rest_leaves = vec![self.leaving(otherwise)];
        for (_, block) in arms.iter().skip(1).rev() {
            let rest = rest_leaves.last().copied().flatten();
            rest_leaves.push(rest.and(self.leaving(block)).and(rest));
        }
        rest_leaves.reverse();
        let mut ends = Vec::new();
        for ((condition, block), rest) in arms.iter().zip(rest_leaves) {
            self.expression(*condition);
            let start = self.at;
            if let Some(exit) = rest {
                self.passed(*condition, exit);
            }
            self.block(block);
            ends.extend(std::mem::replace(&mut self.at, start));
            if let Some(exit) = self.leaving(block) {
                self.passed(*condition, exit);
            }
        }
        self.block(otherwise);
        ends.extend(self.at);
        ends.dedup();
        self.meet(ends);
    }

    /// Whether a block always leaves the function, and by what expression if by one.
    fn leaving(&self, block: &[Stmt]) -> Option<Option<ExprId>> {
        match block.last()? {
            Stmt::Return(None) => Some(self.said_before(block)),
            Stmt::Return(value) | Stmt::Raise(value, _) => Some(*value),
            Stmt::Expr(value) if self.never_returns(*value) => Some(Some(*value)),
            Stmt::With { body, .. } => self.leaving(body),
            Stmt::If { arms, otherwise } => {
                let first = self.leaving(&arms.first()?.1)?;
                arms.iter()
                    .skip(1)
                    .map(|(_, block)| block.as_slice())
                    .chain([otherwise.as_slice()])
                    .try_fold(first, |first, block| self.leaving(block).map(|_| first))
            }
            Stmt::Try(inner) => {
                if let Some(exit) = self.leaving(&inner.finally) {
                    return Some(exit);
                }
                let body = if inner.otherwise.is_empty() { &inner.body } else { &inner.otherwise };
                let first = self.leaving(body)?;
                inner.handlers.iter().try_fold(first, |first, handler| self.leaving(&handler.body).map(|_| first))
            }
            _ => None,
        }
    }

    /// The call that stands before a bare return: what the function answers before it leaves.
    fn said_before(&self, block: &[Stmt]) -> Option<ExprId> {
        let [.., Stmt::Expr(value), _] = block else { return None };
        let call = match self.tree.kind(*value) {
            Kind::Await(inner) => *inner,
            _ => *value,
        };
        matches!(self.tree.kind(call), Kind::Call { .. }).then_some(call)
    }

    fn cases(&mut self, cases: &'a [Case]) {
        let start = self.at;
        let mut ends = Vec::new();
        for case in cases {
            self.at = start;
            self.expressions(&case.values);
            case.guard.iter().for_each(|&guard| self.expression(guard));
            self.block(&case.body);
            ends.extend(self.at);
        }
        if !cases.iter().any(|case| case.always) {
            ends.extend(start);
        }
        ends.dedup();
        self.meet(ends);
    }

    fn repeat(&mut self, inner: &'a Loop) {
        if let Some((target, iterable)) = &inner.each {
            self.expression(*iterable);
            self.target(target);
        }
        if self.at.is_some() {
            self.anchor();
        }
        inner.condition.iter().for_each(|&condition| self.expression(condition));
        let endless = inner.each.is_none() && inner.condition.is_none();
        let mut head = self.at.filter(|_| !endless);
        self.frames.push(Frame::Loop { breaks: Vec::new(), continues: Vec::new(), escapes: Vec::new() });
        self.block(&inner.body);
        let Some(Frame::Loop { mut breaks, continues, escapes }) = self.frames.pop() else { return };
        let mut ends: Vec<u32> = head.into_iter().collect();
        if !self.before {
            // The next round may end where any other does.
            let rounds: Vec<u32> = self.at.into_iter().chain(continues).collect();
            if !rounds.is_empty() {
                self.at = None;
                let breaks_out = !breaks.is_empty();
                let again = self.again(rounds);
                for leave in &escapes {
                    self.at = Some(again);
                    self.leave(*leave);
                }
                if head.is_some() {
                    ends.push(again);
                }
                if breaks_out {
                    breaks.push(again);
                }
                if endless && !breaks_out && escapes.is_empty() {
                    self.at = Some(again);
                    self.end();
                }
            }
        }
        if head.take().is_some() || !ends.is_empty() {
            self.meet(ends);
        } else {
            self.at = None;
        }
        self.block(&inner.otherwise);
        breaks.extend(self.at);
        self.meet(breaks);
    }

    fn again(&mut self, rounds: Vec<u32>) -> u32 {
        self.meet(rounds);
        self.anchor()
    }

    fn guarded(&mut self, inner: &'a Try) {
        let alive = self.at.is_some();
        let entry = self.anchor();
        if !alive {
            self.at = None;
        }
        let last = !inner.finally.is_empty();
        if last {
            self.frames.push(Frame::Finally { pending: Vec::new(), leaves: Vec::new() });
        }
        let mut raised = Vec::new();
        if !inner.handlers.is_empty() {
            self.frames.push(Frame::Handlers { raised: Vec::new() });
            self.block(&inner.body);
            if let Some(Frame::Handlers { raised: caught }) = self.frames.pop() {
                raised = caught;
            }
        } else {
            self.block(&inner.body);
        }
        self.block(&inner.otherwise);
        let mut ends: Vec<u32> = self.at.into_iter().collect();
        for handler in &inner.handlers {
            // Errors may come from anywhere; the block's start is on the way to all of it.
            let mut ways = raised.clone();
            ways.extend((self.before && alive).then_some(entry));
            self.meet(ways);
            self.anchor();
            self.block(&handler.body);
            ends.extend(self.at);
        }
        self.meet(ends);
        if last && let Some(Frame::Finally { pending, leaves }) = self.frames.pop() {
            self.finally(inner, entry, pending, leaves);
        }
    }

    fn finally(&mut self, inner: &'a Try, entry: u32, mut pending: Vec<u32>, leaves: Vec<Leave>) {
        let normal = self.at;
        let twice = self.before && self.finals == 0;
        if self.before {
            pending.push(entry);
        }
        if !twice {
            pending.extend(normal);
        }
        self.finals += 1;
        self.meet(pending);
        self.anchor();
        self.block(&inner.finally);
        let end = self.at;
        for leave in leaves {
            self.at = end;
            self.leave(leave);
        }
        self.at = end.filter(|_| normal.is_some());
        if twice && normal.is_some() {
            self.at = normal;
            self.block(&inner.finally);
        }
        self.finals -= 1;
    }
}
