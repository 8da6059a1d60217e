//! Questions one after the other, as at a prompt: facts are read once, rules may be added for the while.
//!
//! Rules of the session are a module of their own, made anew from their texts whenever one comes or goes: its relations are
//! declared with the types that the compiler finds for their columns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Cancel, Diagnostic};
use facts::{RelationDecl, Value};
use lang::{Compilation, ModuleSource, Query};

use crate::pipeline::{Gathered, inputs_of};
use crate::{Evaluated, ExplainOptions, Explanation, Failure, Project};

/// The module that rules of the session stand in.
const MODULE: &str = "session";

/// A project that is asked one question after the other.
pub struct Session {
    /// The project.
    pub project: Project,
    gathered: Option<Gathered>,
    rules: Vec<SessionRule>,
    /// Modules without that of the session.
    modules: Vec<ModuleSource>,
}

/// A rule of the session.
#[derive(Debug, Clone)]
pub struct SessionRule {
    /// The name of its relation, without a module.
    pub name: Arc<str>,
    /// As it was typed, without the final `.`.
    pub text: String,
    /// Declares its relation; the same for all rules of one.
    declaration: String,
}

/// A body's answers.
pub struct Answer {
    /// Their columns.
    pub decl: Arc<RelationDecl>,
    /// The rows, by value.
    pub rows: Vec<Vec<Value>>,
    /// What they come from.
    pub evaluated: Evaluated,
}

impl Session {
    /// A session without facts yet.
    pub fn new(project: Project) -> Self {
        let modules = project.policies.modules.clone();
        Session { project, gathered: None, rules: Vec::new(), modules }
    }

    /// A flag that stops the next question, once raised.
    pub fn arm(&mut self) -> Cancel {
        self.project.cancel = Cancel::new();
        self.project.cancel.clone()
    }

    /// Forgets what was read: the next question reads the files again.
    pub fn reload(&mut self) {
        self.gathered = None;
    }

    /// The rules of the session, in their order.
    pub fn rules(&self) -> &[SessionRule] {
        &self.rules
    }

    /// The answers of a body.
    pub fn ask(&mut self, body: &str, progress: &mut dyn FnMut(&str)) -> Result<Answer, Failure> {
        let query = self.project.query(&self.qualified(body))?;
        let evaluated = self.evaluate(&[], &[&query], progress)?;
        let rows = evaluated.rows(&query.relation);
        Ok(Answer { decl: query.decl, rows, evaluated })
    }

    /// The rows of a relation, by value.
    pub fn rows(&mut self, relation: &str, progress: &mut dyn FnMut(&str)) -> Result<Vec<Vec<Value>>, Failure> {
        let evaluated = self.evaluate(&[relation.into()], &[], progress)?;
        Ok(evaluated.rows(relation))
    }

    /// Why an atom holds, or not.
    pub fn explain(
        &mut self,
        atom: &str,
        options: ExplainOptions,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Explanation, Failure> {
        let query = self.project.atom(&self.qualified(atom))?;
        let evaluated = self.evaluate(&[], &[&query], progress)?;
        self.project.explain_query(atom, &query, &evaluated, options)
    }

    /// Why an atom does not hold.
    pub fn why_not(
        &mut self,
        atom: &str,
        options: ExplainOptions,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Explanation, Failure> {
        let query = self.project.atom(&self.qualified(atom))?;
        let evaluated = self.evaluate(&[], &[&query], progress)?;
        self.project.query_why_not(atom, &query, &evaluated, options)
    }

    /// Why an answer of a body holds: the proof of its row.
    pub fn explain_answer(&self, answer: &Answer, row: usize) -> Option<Explanation> {
        let relation = answer.evaluated.program.find(&answer.decl.name)?;
        let values = answer.rows.get(row)?;
        let row = answer.evaluated.evaluation.find(relation, values)?;
        let bound = answer.decl.columns.iter().zip(values).map(|(column, value)| format!("{} = {value}", column.name));
        let title = bound.collect::<Vec<_>>().join(", ");
        Some(Explanation { title, ..self.project.explain_row(row, &answer.evaluated) })
    }

    fn evaluate(
        &mut self,
        roots: &[Arc<str>],
        queries: &[&Query],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Evaluated, Failure> {
        let job = self.project.job();
        let program = Arc::new(self.project.compilation.program(roots, queries, &job.settings));
        let mut wanted: BTreeMap<Arc<str>, Arc<RelationDecl>> = inputs_of(&program);
        let known = |gathered: &Gathered| wanted.keys().all(|name| gathered.asked.contains(name));
        if !self.gathered.as_ref().is_some_and(known) {
            // What was read before is read again with what is new, so that values have one meaning.
            let before: BTreeSet<Arc<str>> =
                self.gathered.as_ref().map(|facts| facts.asked.clone()).unwrap_or_default();
            for input in &self.project.compilation.inputs {
                if before.contains(&input.relation.name) {
                    wanted.entry(input.relation.name.clone()).or_insert_with(|| Arc::new(input.relation.clone()));
                }
            }
            let gathered = job.gather(&job.request(&wanted)?, progress)?;
            self.gathered = Some(gathered);
        }
        match &self.gathered {
            // A copy, so that a question that is stopped takes nothing away.
            Some(gathered) => job.derive(program, gathered.clone(), progress),
            None => Err(Failure::plain("E0930", "nothing was read")),
        }
    }

    /// Adds a rule, `head :- body` without its final `.`. Returns the relation's name and columns.
    pub fn define(&mut self, text: &str) -> Result<Arc<RelationDecl>, Failure> {
        let (head, body) = text.split_once(":-").unwrap_or((text, ""));
        let (name, args) = head_parts(head)
            .ok_or_else(|| Failure::plain("E0943", "a rule of the session begins with `name(arguments) :- `"))?;
        let known = self.rules.iter().find(|rule| *rule.name == name).map(|rule| rule.declaration.clone());
        let declarations = match known {
            Some(declaration) => vec![declaration],
            None => self.declarations(&name, &args, body)?,
        };
        let mut first = None;
        for declaration in declarations {
            let rule = SessionRule { name: name.as_str().into(), text: text.trim().to_owned(), declaration };
            self.rules.push(rule);
            match self.compile() {
                Ok(compilation) => {
                    self.project.compilation = Arc::new(compilation);
                    let full = format!("{MODULE}.{name}");
                    let decl = self.project.compilation.relation(&full).map(|info| info.decl.clone());
                    return decl.ok_or_else(|| Failure::plain("E0943", format!("`{name}` could not be declared")));
                }
                Err(failure) => {
                    self.rules.pop();
                    first.get_or_insert(failure);
                }
            }
        }
        Err(first.unwrap_or_default())
    }

    /// Takes the rules of a relation away, all without a name. Returns how many there were.
    pub fn forget(&mut self, name: Option<&str>) -> Result<usize, Failure> {
        let before = self.rules.clone();
        self.rules.retain(|rule| name.is_some_and(|name| *rule.name != *name));
        match self.compile() {
            Ok(compilation) => {
                self.project.compilation = Arc::new(compilation);
                Ok(before.len() - self.rules.len())
            }
            Err(failure) => {
                self.rules = before;
                Err(failure)
            }
        }
    }

    /// A text in which relations of the session have their full names: questions stand outside of its module.
    fn qualified(&self, text: &str) -> String {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(word) {
            let end = rest[at..].find(|c| !word(c)).map_or(rest.len(), |length| at + length);
            let (before, name) = (&rest[..at], &rest[at..end]);
            out.push_str(before);
            let in_text = out.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
            let reads = rest[end..].starts_with(['(', '{']) && !out.ends_with('.') && !in_text;
            if reads && self.rules.iter().any(|rule| *rule.name == *name) {
                out.push_str(MODULE);
                out.push('.');
            }
            out.push_str(name);
            rest = &rest[end..];
        }
        out + rest
    }

    /// Forms in which a relation may be declared: the types of its columns are those of the head's arguments; where entities
    /// cannot be named, texts.
    fn declarations(&mut self, name: &str, args: &[String], body: &str) -> Result<Vec<String>, Failure> {
        let word = |text: &str| {
            text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_numeric())
        };
        let column = |at: usize| format!("column_{}", at + 1);
        let mut asked = body.trim().to_owned();
        for (at, arg) in args.iter().enumerate().filter(|(_, arg)| !word(arg)) {
            asked.push_str(&format!(", {} = {arg}", column(at)));
        }
        let query = self.project.query(&self.qualified(&asked))?;
        let columns = |entities: bool| -> Option<Vec<String>> {
            let mut columns: Vec<String> = Vec::new();
            for (at, arg) in args.iter().enumerate() {
                let own = column(at);
                let found = query.decl.columns.iter().find(|column| *column.name == **arg || *column.name == *own)?;
                let ty = if entities || !found.ty.is_text() { found.ty.to_string() } else { "string".to_owned() };
                let optional = if found.optional { "?" } else { "" };
                let taken = columns.iter().any(|column| column.starts_with(&format!("{arg}: ")));
                let shown = if word(arg) && !taken { arg.clone() } else { own };
                columns.push(format!("{shown}: {ty}{optional}"));
            }
            Some(columns)
        };
        let tell = |entities: bool| columns(entities).map(|columns| format!("rel {name}({})", columns.join(", ")));
        let mut forms: Vec<String> = [true, false].into_iter().filter_map(tell).collect();
        forms.dedup();
        match forms.is_empty() {
            true => Err(Failure::plain("E0943", format!("an argument of `{name}` is not bound in the body"))),
            false => Ok(forms),
        }
    }

    /// All modules with that of the session.
    fn compile(&mut self) -> Result<Compilation, Failure> {
        let mut modules = self.modules.clone();
        if !self.rules.is_empty() {
            let file = self.project.policies.sources.add("<session>", self.text());
            let source = ModuleSource { file, name: MODULE.into(), builtin: false, folder: "".into() };
            modules.push(source);
            modules.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let mut compilation = lang::compile(&self.project.policies.sources, &modules);
        let errors: Vec<Diagnostic> = compilation.diagnostics.drain(..).filter(Diagnostic::is_error).collect();
        if errors.is_empty() { Ok(compilation) } else { Err(self.project.all_at_policies(errors)) }
    }

    /// The module's text: every other module is reachable by its last name, as in questions.
    fn text(&self) -> String {
        let mut text = String::from("//! Rules of this session.\n");
        let mut lasts: BTreeSet<&str> = BTreeSet::new();
        for module in &self.modules {
            let last = module.name.rsplit('.').next().unwrap_or_default();
            if last != MODULE && lasts.insert(last) {
                text.push_str(&format!("use {}\n", module.name));
            }
        }
        let mut declared: BTreeSet<&str> = BTreeSet::new();
        for rule in self.rules.iter().filter(|rule| declared.insert(&rule.declaration)) {
            text.push_str(&format!("{}\n", rule.declaration));
        }
        for rule in &self.rules {
            text.push_str(&format!("{}.\n", rule.text));
        }
        text
    }
}

/// The name and the arguments of a head; nothing where it is no plain one.
fn head_parts(head: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = head.trim().split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')')?;
    let name = name.trim();
    let plain = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !plain {
        return None;
    }
    let mut args = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in inside.chars() {
        match c {
            _ if quoted => {
                quoted = escaped || c != '"';
                escaped = !escaped && c == '\\';
            }
            '"' => quoted = true,
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            ',' if depth == 0 => {
                args.push(String::new());
                continue;
            }
            _ => {}
        }
        args.last_mut()?.push(c);
    }
    let args: Vec<String> = args.into_iter().map(|arg| arg.trim().to_owned()).collect();
    let whole = args.iter().all(|arg| !arg.is_empty()) || args.len() == 1;
    whole.then(|| (name.to_owned(), args.into_iter().filter(|arg| !arg.is_empty()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_taken_apart() {
        let parts = |head: &str| head_parts(head).map(|(name, args)| format!("{name}: {}", args.join(" | ")));
        assert_eq!(parts(" r(x, y + 1, \"a, (b\") ").as_deref(), Some("r: x | y + 1 | \"a, (b\""));
        assert_eq!(parts("r(count { a : p(a, b) })").as_deref(), Some("r: count { a : p(a, b) }"));
        assert_eq!(parts("r()").as_deref(), Some("r: "));
        for wrong in ["r", "r(x", "m.r(x)", "r(x,,y)", "1r(x)", "r{a: x}"] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
