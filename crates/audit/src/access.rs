//! Looking things up in a project and in what was evaluated, for `query`, `eval`, `facts`, `schema` and `controls`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::{Diagnostic, did_you_mean};
use facts::{RelationDecl, Value};
use ir::{RelId, RelationKind};
use lang::{Control, Query, RelationInfo, RelationOrigin};

use crate::pipeline::control_roots;
use crate::{Evaluated, Failure, Project, Spot};

impl Project {
    /// Compiles the body of a query.
    pub fn query(&mut self, body: &str) -> Result<Query, Failure> {
        let file = self.policies.sources.add("<query>", body);
        Arc::make_mut(&mut self.compilation).query(file, body).map_err(|diagnostics| self.all_at_policies(diagnostics))
    }

    /// Compiles one atom.
    pub(crate) fn atom(&mut self, atom: &str) -> Result<Query, Failure> {
        let file = self.policies.sources.add("<atom>", atom);
        Arc::make_mut(&mut self.compilation)
            .atom_query(file, atom)
            .map_err(|diagnostics| self.all_at_policies(diagnostics))
    }

    /// That there is no such relation, with the nearest ones.
    pub fn unknown_relation(&self, name: &str) -> Failure {
        let modules = self.compilation.relations.iter().filter_map(|info| info.decl.name.rsplit_once('.'));
        let modules: BTreeSet<&str> = modules.map(|(module, _)| module).collect();
        let known = self.compilation.relations.iter().map(|info| &*info.decl.name).chain(modules);
        let help = did_you_mean(name, known).unwrap_or_else(|| "`lawbook schema` lists all relations".to_owned());
        Failure::plain("E0923", format!("there is no relation `{name}`")).help(help)
    }

    /// Names of the input relations asked for (all without a name given), sorted.
    pub fn input_relations(&self, names: &[String]) -> Result<Vec<Arc<str>>, Failure> {
        let inputs = |info: &&RelationInfo| matches!(info.origin, RelationOrigin::Extracted | RelationOrigin::Input);
        if names.is_empty() {
            return Ok(self.compilation.relations.iter().filter(inputs).map(|info| info.decl.name.clone()).collect());
        }
        let find = |name: &String| match self.compilation.relations.iter().find(|info| *info.decl.name == **name) {
            Some(info) if inputs(&info) => Ok(info.decl.name.clone()),
            Some(info) => {
                let message = format!("`{name}` is derived by rules, not extracted");
                let columns: Vec<&str> = info.decl.columns.iter().map(|column| &*column.name).collect();
                let help = format!("lawbook query '{name}{{{}}}'", columns.join(", "));
                Err(Failure::plain("E0924", message).help(help))
            }
            None => Err(self.unknown_relation(name)),
        };
        names.iter().map(find).collect()
    }

    /// The relations of an `eval` program by the name that they are shown with: those named, or all derived ones of the program.
    pub fn program_relations(&self, names: &[String]) -> Result<Vec<(String, Arc<str>)>, Failure> {
        let Some(module) = self.policies.files.keys().find(|name| self.policies.program.as_ref() == Some(name)) else {
            return Ok(Vec::new());
        };
        let own: Vec<&RelationInfo> = self.compilation.relations.iter().filter(|info| info.module == *module).collect();
        let short = |info: &RelationInfo| info.decl.name.rsplit('.').next().unwrap_or_default().to_owned();
        if names.is_empty() {
            let derived =
                own.iter().filter(|info| matches!(info.origin, RelationOrigin::Derived | RelationOrigin::Open));
            return Ok(derived.map(|info| (short(info), info.decl.name.clone())).collect());
        }
        let find = |name: &String| {
            let own = own.iter().find(|info| short(info) == *name).copied();
            let any = || self.compilation.relations.iter().find(|info| *info.decl.name == **name);
            match own.or_else(any) {
                Some(info) => Ok((name.clone(), info.decl.name.clone())),
                None => {
                    let known: Vec<String> = own.iter().map(|info| short(info)).collect();
                    let help =
                        did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| match known.len() {
                            0 => "the program declares no relation".to_owned(),
                            _ => format!("the program declares {}", known.join(", ")),
                        });
                    Err(Failure::plain("E0923", format!("there is no relation `{name}`")).help(help))
                }
            }
        };
        names.iter().map(find).collect()
    }

    /// The inputs that each of some controls reads, by name.
    pub fn inputs_of(&self, controls: &[&Control]) -> Vec<Vec<Arc<str>>> {
        let roots: Vec<Vec<Arc<str>>> = controls.iter().map(|control| control_roots(control).collect()).collect();
        let program = self.compilation.program(&roots.concat(), &[], &self.program_settings());
        let ids: Vec<Vec<RelId>> =
            roots.iter().map(|names| names.iter().filter_map(|name| program.find(name)).collect()).collect();
        // All questions at once: one for each control would go over the whole program as often.
        let mut dependencies = lang::dependencies(&program, &ids.concat()).into_iter();
        let inputs = |ids: &Vec<RelId>| -> Vec<Arc<str>> {
            let reached =
                dependencies.by_ref().take(ids.len()).flatten().map(|dependency| program.relation(dependency.id));
            let inputs = reached.filter(|relation| relation.kind == RelationKind::Input);
            inputs.map(|relation| relation.decl.name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        ids.iter().map(inputs).collect()
    }
}

impl Evaluated {
    fn find(&self, relation: &str) -> Option<RelId> {
        self.program.find(relation)
    }

    /// The declaration of a relation of the program.
    pub fn decl(&self, relation: &str) -> Option<Arc<RelationDecl>> {
        self.find(relation).map(|id| self.program.relation(id).decl.clone())
    }

    /// How many rows a relation has.
    pub fn count(&self, relation: &str) -> usize {
        self.find(relation).map_or(0, |id| self.evaluation.count(id))
    }

    /// The rows of a relation, sorted by value.
    pub fn rows(&self, relation: &str) -> Vec<Vec<Value>> {
        let Some(id) = self.find(relation) else { return Vec::new() };
        self.evaluation.sorted(id).map(|(_, values)| values).collect()
    }

    /// The first rows of a relation in the order in which they were made, each with the place that it came from, if it has one
    /// in a file.
    pub fn samples(&self, relation: &str, most: usize) -> Vec<(Vec<Value>, Option<Spot>)> {
        let Some(id) = self.find(relation) else { return Vec::new() };
        let rows = self.evaluation.rows(id).take(most);
        rows.map(|row| {
            let origin = match self.evaluation.made_by(row) {
                engine::MadeBy::Input(origins) => origins.first().copied(),
                _ => None,
            };
            (self.evaluation.values(row), origin.map(|origin| self.spot(origin)))
        })
        .collect()
    }

    /// The texts in a column with how often each occurs, the most frequent first; at most so many.
    pub fn texts(&self, relation: &str, column: usize, most: usize) -> Vec<(Arc<str>, usize)> {
        let Some(id) = self.find(relation) else { return Vec::new() };
        let ty = self.program.relation(id).decl.columns.get(column).map(|column| &column.ty);
        if !ty.is_some_and(facts::Type::is_text) {
            return Vec::new();
        }
        let mut counts: HashMap<u32, usize> = HashMap::new();
        let codes = self.evaluation.column(id, column);
        self.evaluation.rows(id).for_each(|row| *counts.entry(codes[row.row as usize]).or_default() += 1);
        let mut counts: Vec<(u32, usize)> =
            counts.into_iter().filter(|(code, _)| !facts::Code(*code).is_none()).collect();
        counts.sort_unstable_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
        counts.truncate(most);
        let values = &self.evaluation.database().values;
        let texts = counts.into_iter().map(|(code, count)| (values.text(facts::Code(code)).clone(), count));
        let mut found: Vec<(Arc<str>, usize)> = texts.collect();
        found.sort_by(|a, b| (std::cmp::Reverse(a.1), &a.0).cmp(&(std::cmp::Reverse(b.1), &b.0)));
        found
    }

    /// How many rows have these values in these columns.
    pub fn matching(&self, relation: &str, wanted: &[(usize, Value)]) -> usize {
        let Some(id) = self.find(relation) else { return 0 };
        let values = &self.evaluation.database().values;
        let mut columns = Vec::with_capacity(wanted.len());
        for (column, value) in wanted {
            match values.lookup(value) {
                Some(code) if *column < self.program.relation(id).decl.columns.len() => {
                    columns.push((self.evaluation.column(id, *column), code.0));
                }
                _ => return 0,
            }
        }
        let matches = |row: &engine::RowRef| columns.iter().all(|(codes, code)| codes[row.row as usize] == *code);
        self.evaluation.rows(id).filter(matches).count()
    }

    fn spot(&self, origin: facts::Origin) -> Spot {
        Spot {
            path: self.evaluation.database().file(origin.file).clone(),
            line: origin.place.line,
            column: origin.place.column,
            end_line: origin.place.line,
            end_column: origin.place.column,
            excerpt: None,
        }
    }

    /// The extracted rows and given facts that the proof of a row rests on: relation and row, each once, in their order.
    pub fn leaves(&self, row: engine::RowRef) -> Vec<(Arc<str>, Vec<Value>)> {
        let proof = self.evaluation.proof(row);
        let extracted = proof.nodes.iter().filter(|node| matches!(node.reason, engine::Reason::Input(_)));
        let mut found: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
        for node in extracted {
            let leaf = (self.program.relation(node.row.relation).decl.name.clone(), node.values.clone());
            if !found.contains(&leaf) {
                found.push(leaf);
            }
        }
        found
    }

    /// The rows of an input relation in the order of extraction, each with the places it came from.
    pub fn rows_with_places(&self, relation: &str) -> Vec<(Vec<Value>, Vec<Spot>)> {
        let database = self.evaluation.database();
        let Some(table) = database.table(relation) else { return Vec::new() };
        let rows = (0..table.len()).map(|row| {
            let columns = &table.decl().columns;
            let values = table.row(row).zip(columns).map(|(code, column)| database.values.decode(&column.ty, code));
            (values.collect(), table.origins(row).map(|origin| self.spot(origin)).collect())
        });
        rows.collect()
    }

    /// Inputs of the program that no file matched, each with its patterns.
    pub fn unmatched(&self, project: &Project) -> Vec<String> {
        let inputs = project.compilation.inputs.iter().filter(|input| {
            self.find(&input.relation.name).is_some()
                && !self.looked.present(&input.relation.name)
                // Why it was not read is told already.
                && self.looked.failures(&input.relation.name).is_empty()
                && !input.sources.is_empty()
        });
        let tell = |input: &Arc<facts::InputDecl>| {
            let patterns: Vec<String> = input.sources.iter().map(|source| format!("`{}`", source.pattern)).collect();
            format!("no file {}: the input `{}` has no rows", patterns.join(" or "), input.relation.name)
        };
        inputs.map(tell).collect()
    }

    /// Faults of rules, as diagnostics at their literals.
    pub fn tell_faults(&self) -> Vec<Diagnostic> {
        let tell = |faults: &engine::RuleFaults| {
            let first = faults.kept.first()?;
            let rule = self.program.rule(faults.rule);
            let head = &self.program.relation(rule.head).decl.name;
            let values: Vec<String> =
                first.values.iter().map(|(id, value)| format!("{} = {value}", rule.variable(*id).name)).collect();
            let with = if values.is_empty() { String::new() } else { format!(", first with {}", values.join(", ")) };
            let times = if faults.count == 1 { "once".to_owned() } else { format!("{} times", faults.count) };
            let diagnostic = Diagnostic::error("E0931", first.place, first.message.clone())
                .note(format!("the rule of `{head}` faults {times}{with}"))
                .help("test the operands in the same body, so that the rule does not match where this cannot be done");
            Some(diagnostic)
        };
        self.evaluation.faults().iter().filter_map(tell).collect()
    }
}
