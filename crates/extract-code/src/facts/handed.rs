//! Functions handed to what runs them: `to_thread(engine.chat, question)` calls `engine.chat` with `question`.
//!
//! The handed expression is a call of its own, with the arguments that the runner passes on; its result is the
//! runner's. What takes a function without running it, such as a registration, has `bound` rows only.

use super::Writer;
use crate::idioms::{After, Runner};
use crate::tree::{Argument, ExprId, Kind};

/// An argument that reaches a function by way of another.
pub(super) struct Passed<'a> {
    pub index: Option<i64>,
    pub keyword: Option<&'a str>,
    pub value: ExprId,
}

/// A function that a call runs.
pub(super) struct Handed<'a> {
    pub runner: ExprId,
    pub value: ExprId,
    pub arguments: Vec<Passed<'a>>,
}

impl<'a> Writer<'a, '_, '_> {
    /// Finds what the file's calls run.
    pub(super) fn find_handed(&mut self) {
        let tree = self.tree;
        for number in 0..tree.exprs.len() as u32 {
            let id = ExprId(number);
            if let Kind::Call { callee, arguments } = tree.kind(id)
                && !arguments.is_empty()
                && !self.roles[id.at()].ty
                && let Some(runner) = self.runner(*callee)
                && let Some(handed) = self.handed_to((id, *callee), runner, arguments)
            {
                self.handed.push(handed);
            }
        }
    }

    /// Rows of the calls that runners make; the calls in a lambda are rows already.
    pub(super) fn handed_calls(&mut self) {
        let found = std::mem::take(&mut self.handed);
        for handed in &found {
            if !self.is_lambda(handed.value) {
                self.call(handed.value, handed.value);
                self.passed(handed.value, &handed.arguments);
            }
        }
        self.handed = found;
    }

    pub(super) fn is_lambda(&self, value: ExprId) -> bool {
        matches!(self.tree.kind(value), Kind::Function(_))
    }

    /// Functions and bound methods that are arguments, and the objects that the methods are bound to.
    pub(super) fn bound(&mut self, arguments: &[Argument]) {
        let Some(relation) = self.relation("code.bound") else { return };
        for argument in arguments {
            let method = self.unbound(argument.value);
            let (Kind::Attribute { object, .. }, false) = (self.tree.kind(method), argument.spread) else { continue };
            let place = self.place(argument.value);
            for name in self.names.of(method) {
                if !self.names.get(name).known {
                    continue;
                }
                let text = self.name_text(name);
                let row = [self.expr(argument.value), self.expr(*object), self.text(&text)];
                self.row(relation, &row, place);
            }
        }
    }

    /// The method that `chat.ask.bind(chat)` stands for.
    fn unbound(&self, value: ExprId) -> ExprId {
        if let Kind::Call { callee, .. } = self.tree.kind(value)
            && let &Kind::Attribute { object, name } = self.tree.kind(*callee)
            && self.file.idioms.binding.contains(&self.tree.text(name))
        {
            return object;
        }
        value
    }

    fn runner(&mut self, callee: ExprId) -> Option<&'static Runner> {
        let runners = self.file.idioms.runners;
        let names = self.names.of(callee);
        names.into_iter().find_map(|id| {
            let text = &self.names.get(id).text;
            let last = text.rsplit('.').next().unwrap_or_default();
            runners.iter().find(|runner| runner.method == last)
        })
    }

    fn handed_to(
        &mut self,
        (id, callee): (ExprId, ExprId),
        runner: &Runner,
        arguments: &'a [Argument],
    ) -> Option<Handed<'a>> {
        let tree = self.tree;
        let idioms = self.file.idioms;
        let keyword = |argument: &Argument| argument.keyword.map(|keyword| tree.text(keyword));
        let among = |argument: &Argument, words: &[&str]| keyword(argument).is_some_and(|word| words.contains(&word));
        let plain = arguments.iter().take_while(|argument| argument.keyword.is_none() && !argument.spread).count();
        let positional = runner.function.filter(|&at| at < plain);
        let at = positional.or_else(|| arguments.iter().position(|it| among(it, idioms.function_keywords)))?;

        let mut passed = Vec::new();
        let value = self.unwrapped(arguments[at].value, &mut passed);
        if !self.can_run(value, runner.sure) {
            return None;
        }
        if runner.after == After::Object
            && let &Kind::Attribute { object, .. } = tree.kind(callee)
        {
            passed.push(Passed { index: Some(0), keyword: None, value: object });
        }
        for (place, argument) in arguments.iter().enumerate().filter(|&(place, it)| place != at && !it.spread) {
            match keyword(argument) {
                Some(word) if idioms.argument_keywords.contains(&word) => self.packed(argument.value, &mut passed),
                Some(word) if idioms.option_keywords.contains(&word) => self.packed(argument.value, &mut passed),
                Some(word) if runner.after == After::Arguments => {
                    passed.push(Passed { index: None, keyword: Some(word), value: argument.value });
                }
                None if positional.is_some_and(|at| place > at && place < plain) => match runner.after {
                    After::Arguments => {
                        let index = Some(next_index(&passed));
                        passed.push(Passed { index, keyword: None, value: argument.value });
                    }
                    After::Packed => self.packed(argument.value, &mut passed),
                    After::Nothing | After::Object => {}
                },
                _ => {}
            }
        }
        Some(Handed { runner: id, value, arguments: passed })
    }

    /// The function behind partial application; the arguments that are applied to it go first.
    fn unwrapped(&mut self, value: ExprId, passed: &mut Vec<Passed<'a>>) -> ExprId {
        let tree = self.tree;
        let Kind::Call { callee, arguments } = tree.kind(value) else { return value };
        match arguments.first() {
            Some(first) if first.keyword.is_none() && self.named(*callee, self.file.idioms.partial) => {
                self.applied(&arguments[1..], passed);
                first.value
            }
            _ => value,
        }
    }

    fn applied(&self, arguments: &'a [Argument], passed: &mut Vec<Passed<'a>>) {
        for argument in arguments.iter().filter(|argument| !argument.spread) {
            let keyword = argument.keyword.map(|keyword| self.tree.text(keyword));
            let index = keyword.is_none().then(|| next_index(passed));
            passed.push(Passed { index, keyword, value: argument.value });
        }
    }

    /// Arguments given as a tuple or as a dictionary.
    fn packed(&self, value: ExprId, passed: &mut Vec<Passed<'a>>) {
        let tree = self.tree;
        let Kind::Container { entries, .. } = tree.kind(value) else { return };
        for entry in entries.iter().filter(|entry| !entry.spread) {
            let keyword = match entry.key.map(|key| tree.kind(key)) {
                None => None,
                Some(Kind::Text(text)) => Some(&**text),
                Some(_) => continue,
            };
            let index = keyword.is_none().then(|| next_index(passed));
            passed.push(Passed { index, keyword, value: entry.value });
        }
    }

    /// Whether an expression is a function as far as names tell. A runner that takes nothing else vouches for it.
    fn can_run(&mut self, value: ExprId, sure: bool) -> bool {
        let bound = match self.tree.kind(value) {
            Kind::Name(_) => false,
            Kind::Attribute { .. } => true,
            Kind::Function(_) => return true,
            _ => return false,
        };
        sure || self.names.of(value).into_iter().any(|id| {
            let name = self.names.get(id);
            name.known && (bound || !name.instance)
        })
    }

    /// What partial application gave the function that a callee names: `ask = partial(complete, model="x")`.
    pub(super) fn applied_before(&mut self, callee: ExprId) -> Vec<Passed<'a>> {
        use crate::analysis::reach::Source;
        let tree = self.tree;
        let mut passed = Vec::new();
        let Some(def) = self.reaching.only(self.reaching.uses[callee.at()]).copied() else { return passed };
        if let Source::Value(value) = def.source
            && let Kind::Call { .. } = tree.kind(value)
        {
            self.unwrapped(value, &mut passed);
        }
        passed
    }
}

/// The place of the next argument without a name.
pub(super) fn next_index(passed: &[Passed<'_>]) -> i64 {
    passed.iter().filter(|passed| passed.index.is_some()).count() as i64
}
