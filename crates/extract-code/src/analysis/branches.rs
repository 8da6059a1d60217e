//! The walk's statements: where paths part and join.

use std::collections::BTreeMap;

use base::Span;

use super::environment::{Changes, ValueId};
use super::reach::{Def, Source, Value};
use super::walk::{LoopFrame, Walker};
use crate::tree::{Case, ClassId, Loop, Slot, Stmt, Target, Touched, Try};

/// More breaks and continues of one loop are not told apart.
const MANY: usize = 64;

impl<'a> Walker<'a> {
    pub fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(value) | Stmt::Assert(value) => self.expression(*value),
            Stmt::Assign { targets, value, annotation } => {
                value.iter().chain(annotation).for_each(|&expr| self.expression(expr));
                for target in targets {
                    match (value, target) {
                        (Some(value), _) => self.assign(target, *value, Source::Value(*value), *annotation),
                        (None, Target::Name(expr, slot)) => {
                            let def = Def { source: Source::Declared, expr: Some(*expr), annotation: *annotation };
                            self.record(*slot, def);
                        }
                        (None, _) => {}
                    }
                }
            }
            Stmt::Import(range) => {
                for number in range.clone() {
                    if let Some(slot) = self.tree.imports[number as usize].slot {
                        self.define(slot, Def { source: Source::Import(number), expr: None, annotation: None });
                    }
                }
            }
            Stmt::Function(id) => {
                self.head(*id);
                let name = self.tree.function(*id).name;
                self.declare(name, Source::Function(*id));
            }
            Stmt::Class(id) => self.class(*id),
            Stmt::Return(value) => {
                if let Some(value) = *value {
                    self.expression(value);
                    self.found.results.push((self.function, value));
                }
                self.now.dead = true;
            }
            Stmt::Raise(value, _) => {
                value.iter().for_each(|&value| self.expression(value));
                self.now.dead = true;
            }
            Stmt::If { arms, otherwise } => self.branches(arms, otherwise),
            Stmt::Loop(inner) => self.repeat(inner),
            Stmt::Try(inner) => self.guarded(inner),
            Stmt::With { items, body } => {
                for (context, target) in items {
                    self.expression(*context);
                    if let Some(target) = target {
                        self.assign(target, *context, Source::Context(*context), None);
                    }
                }
                self.block(body);
            }
            Stmt::Match { subject, cases } => {
                self.expression(*subject);
                self.cases(*subject, cases);
            }
            Stmt::Break | Stmt::Continue => {
                if !self.now.dead
                    && let Some(frame) = self.loops.last_mut()
                {
                    frame.many |= frame.breaks.len() + frame.continues.len() >= MANY;
                    if !frame.many {
                        let list =
                            if matches!(statement, Stmt::Break) { &mut frame.breaks } else { &mut frame.continues };
                        list.push(self.now.changes(frame.mark));
                    }
                }
                self.now.dead = true;
            }
        }
    }

    fn declare(&mut self, name: crate::tree::Sym, source: Source) {
        if let Some(&slot) = self.scope().names.get(&name) {
            self.define(slot, Def { source, expr: None, annotation: None });
        }
    }

    fn class(&mut self, id: ClassId) {
        let class = self.tree.class(id);
        self.expressions(&class.decorators);
        self.expressions(&class.bases);
        self.expressions(&class.settings);
        let (outer, loops) = (self.scope, std::mem::take(&mut self.loops));
        self.scope = class.scope;
        let dead = self.now.dead;
        self.block(&class.body);
        self.now.dead = dead;
        (self.scope, self.loops) = (outer, loops);
        self.declare(class.name, Source::Class(id));
    }

    fn branches(&mut self, arms: &'a [(crate::tree::ExprId, Vec<Stmt>)], otherwise: &'a [Stmt]) {
        let dead = self.now.dead;
        let span = arms.first().map_or(Span::at(0), |(condition, _)| self.tree.expr(*condition).span);
        let mut paths = Vec::new();
        for (condition, block) in arms {
            self.expression(*condition);
            paths.push(self.path(dead, |this| this.block(block)));
        }
        paths.push(self.path(dead, |this| this.block(otherwise)));
        self.join(paths, span);
    }

    fn cases(&mut self, subject: crate::tree::ExprId, cases: &'a [Case]) {
        let dead = self.now.dead;
        let span = self.tree.expr(subject).span;
        let mut paths = Vec::new();
        for case in cases {
            paths.push(self.path(dead, |this| {
                this.expressions(&case.values);
                for target in &case.targets {
                    // A name alone holds the subject itself.
                    let source = if case.always { Source::Value(subject) } else { Source::Element(subject) };
                    this.assign(target, subject, source, None);
                }
                case.guard.iter().for_each(|&guard| this.expression(guard));
                this.block(&case.body);
            }));
        }
        if !cases.iter().any(|case| case.always) {
            paths.push(self.path(dead, |_| ()));
        }
        self.join(paths, span);
    }

    /// Walks one of several paths and goes back to where they part.
    fn path(&mut self, dead: bool, inner: impl FnOnce(&mut Self)) -> Option<Changes> {
        let mark = self.now.mark();
        self.now.dead = dead;
        inner(self);
        self.now.take(mark)
    }

    /// Joins paths; none of them stands for one that does not come here.
    pub fn join(&mut self, paths: Vec<Option<Changes>>, span: Span) {
        let alive = paths.iter().flatten().count();
        if alive == 0 {
            self.now.dead = true;
            return;
        }
        let mut changed: BTreeMap<Slot, Vec<ValueId>> = BTreeMap::new();
        for (slot, value) in paths.into_iter().flatten().flatten() {
            changed.entry(slot).or_default().push(value);
        }
        for (slot, mut values) in changed {
            if values.len() < alive {
                let base = self.untouched(slot);
                values.push(base);
            }
            let value = self.choose(slot, values, span);
            self.now.set(slot, value);
        }
    }

    fn repeat(&mut self, inner: &'a Loop) {
        if let Some((_, iterable)) = &inner.each {
            self.expression(*iterable);
        }
        let dead = self.now.dead;
        let heads = self.heads(inner);
        let mark = self.now.mark();
        let log = self.now.guard();
        self.loops.push(LoopFrame { mark, log, ..LoopFrame::default() });
        inner.condition.iter().for_each(|&condition| self.expression(condition));
        if let Some((target, iterable)) = &inner.each {
            self.assign(target, *iterable, Source::Element(*iterable), None);
        }
        self.block(&inner.body);
        let end = self.now.take(mark);
        let mut frame = self.loops.pop().unwrap_or_default();
        if frame.many {
            // Any of what was written may come out at any of the ways.
            let written = self.now.written(frame.log);
            let flat = written.iter().flat_map(|(&slot, values)| values.iter().map(move |&value| (slot, value)));
            frame.continues.push(flat.collect());
            frame.breaks.push(self.stirred(&written, inner.span));
        }
        self.now.unguard();

        // What the body leaves behind is what its next round, and the code after the loop, may see.
        let rounds = end.into_iter().chain(frame.continues);
        let mut again: BTreeMap<Slot, Vec<ValueId>> = BTreeMap::new();
        for (slot, value) in rounds.flatten() {
            again.entry(slot).or_default().push(value);
        }
        for (slot, head) in heads {
            let Some(values) = again.remove(&slot) else { continue };
            if let Value::Choice { inputs, .. } = &mut self.found.values[head.0 as usize] {
                inputs.extend(values.into_iter().filter(|&value| value != head && value != ValueId::NONE));
                inputs.sort_unstable();
                inputs.dedup();
            }
        }
        let endless = inner.each.is_none() && inner.condition.is_none();
        let normal = self.path(dead || endless, |this| this.block(&inner.otherwise));
        let paths = std::iter::once(normal).chain(frame.breaks.into_iter().map(Some)).collect();
        self.join(paths, inner.span);
    }

    /// What changes where anything may have been assigned, or not.
    fn stirred(&mut self, written: &BTreeMap<Slot, Vec<ValueId>>, span: Span) -> Changes {
        let mark = self.now.mark();
        self.disturb(written, span);
        let changes = self.now.changes(mark);
        self.now.take(mark);
        changes
    }

    /// Gives everything that a loop assigns a choice that its end can add to.
    fn heads(&mut self, inner: &Loop) -> Vec<(Slot, ValueId)> {
        let mut slots = Vec::new();
        for &Touched { name, attribute } in &inner.assigned {
            let Some(slot) = self.lookup(name) else { continue };
            match attribute {
                None => slots.push(slot),
                Some(attribute) => slots.extend([self.field(slot, attribute), self.contents(slot)]),
            }
        }
        slots.sort_unstable();
        slots.dedup();
        let mut heads = Vec::new();
        for slot in slots {
            let before = self.untouched(slot);
            let inputs = (before != ValueId::NONE).then_some(before).into_iter().collect();
            let choice = Value::Choice { inputs, span: inner.span, function: self.function, slot };
            let value = self.value(choice);
            self.now.set(slot, value);
            heads.push((slot, value));
        }
        heads
    }

    fn guarded(&mut self, inner: &'a Try) {
        let dead = self.now.dead;
        let span = inner.handlers.first().map_or(Span::at(0), |handler| handler.span);
        let log = self.now.guard();
        let mut paths = Vec::new();
        let mark = self.now.mark();
        self.block(&inner.body);
        // An error may come anywhere in the body: handlers see all that was assigned on the way.
        let written = self.now.written(log);
        self.block(&inner.otherwise);
        paths.push(self.now.take(mark));
        for handler in &inner.handlers {
            paths.push(self.path(dead, |this| {
                this.disturb(&written, span);
                this.expressions(&handler.types);
                if let Some(Target::Name(expr, slot)) = &handler.target {
                    let source = Source::Error(handler.types.first().copied());
                    this.define(*slot, Def { source, expr: Some(*expr), annotation: None });
                }
                this.block(&handler.body);
            }));
        }
        let written = self.now.written(log);
        self.now.unguard();
        self.join(paths, span);
        if !inner.finally.is_empty() {
            self.finally(&inner.finally, &written, span);
        }
    }

    /// Anything may have been assigned, or not.
    fn disturb(&mut self, written: &BTreeMap<Slot, Vec<ValueId>>, span: Span) {
        for (&slot, values) in written {
            let mut values = values.clone();
            values.push(self.untouched(slot));
            let value = self.choose(slot, values, span);
            self.now.set(slot, value);
        }
    }

    /// The last block sees every state of the guarded one; the code after it only those that came to its end.
    fn finally(&mut self, block: &'a [Stmt], written: &BTreeMap<Slot, Vec<ValueId>>, span: Span) {
        let dead = self.now.dead;
        let mark = self.now.mark();
        self.now.dead = false;
        self.disturb(written, span);
        let inner = self.now.mark();
        self.block(block);
        let leaves = self.now.dead;
        let changes = self.now.changes(inner);
        self.now.take(mark);
        self.now.apply(&changes);
        self.now.dead = dead || leaves;
    }
}
