//! What can be asked of a [`Compilation`]: programs, queries, facts, values of params.

use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Severity, Span, did_you_mean};
use facts::{Type, Value, parse_duration, parse_time};

use crate::checks::tests;
use crate::clause::{self, Outcome};
use crate::lower;
use crate::model::QueryRule;
use crate::names::Scope;
use crate::{Compilation, Control, ParamInfo, Query, RelationInfo, Settings};

impl Compilation {
    /// The program for the relations named by `roots` (as in [`RelationInfo`], [`Control`] and [`crate::JudgedRule`])
    /// and for `queries`, with everything that they depend on and nothing else. Names that lead nowhere are left out.
    pub fn program(&self, roots: &[Arc<str>], queries: &[&Query], settings: &Settings) -> ir::Program {
        lower::program(&self.resolved, roots, queries, settings)
    }

    /// A query from the text of a body; every loaded module is reachable by its last name.
    pub fn query(&mut self, file: FileId, text: &str) -> Result<Query, Vec<Diagnostic>> {
        let (body, diagnostics) = syntax::parse_body(file, text);
        let place = Place { file, span: Span::new(0, text.len()) };
        let body = parsed(Some(body), diagnostics)?;
        let outcome = clause::query(self.outside(file), &body, self.query_name(), place);
        let rule = value(outcome)?;
        Ok(self.add_query(rule, None))
    }

    /// A query for the rows of one relation, from the text of an atom; its columns are those of the relation, and
    /// [`Query::target`] names it.
    pub fn atom_query(&mut self, file: FileId, text: &str) -> Result<Query, Vec<Diagnostic>> {
        let (atom, diagnostics) = syntax::parse_atom(file, text);
        let place = Place { file, span: Span::new(0, text.len()) };
        let atom = parsed(atom, diagnostics)?;
        let outcome = clause::query_atom(self.outside(file), &atom, self.query_name(), place);
        let (rule, target) = value(outcome)?;
        let target = self.resolved.relation(target).decl.name.clone();
        Ok(self.add_query(rule, Some(target)))
    }

    fn outside(&self, file: FileId) -> Scope<'_> {
        Scope { world: &self.resolved, file, module: None, block: None }
    }

    /// The name of the next query's relation.
    pub(crate) fn query_name(&self) -> Arc<str> {
        format!("query.{}", self.resolved.queries.len() + 1).into()
    }

    /// Keeps the rule of a query.
    pub(crate) fn add_query(&mut self, rule: QueryRule, target: Option<Arc<str>>) -> Query {
        let decl = rule.decl.clone();
        self.resolved.queries.push(Arc::new(rule));
        Query { relation: decl.name.clone(), decl, target, number: self.resolved.queries.len() - 1 }
    }

    /// The facts that policy files state for a relation, in their order.
    pub fn facts_of(&self, relation: &str) -> Vec<(Vec<Value>, Place)> {
        let Some(id) = self.resolved.relation_ids.get(relation) else { return Vec::new() };
        let facts = self.resolved.facts_of.of(*id).map(|number| &self.resolved.facts[number]);
        facts.map(|fact| (fact.row.clone(), fact.place)).collect()
    }

    /// The public relation of that qualified name.
    pub fn relation(&self, name: &str) -> Option<&RelationInfo> {
        let at = self.relations.binary_search_by(|relation| (*relation.decl.name).cmp(name)).ok()?;
        Some(&self.relations[at])
    }

    /// The control of that id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        let at = self.controls.binary_search_by(|control| (*control.id).cmp(id)).ok()?;
        Some(&self.controls[at])
    }

    /// The param of that name: module path and name, or the end of it from the module's last name on if only one
    /// param ends so.
    pub fn param(&self, name: &str) -> Option<&ParamInfo> {
        if let Some(param) = self.params.iter().find(|param| *param.name == *name) {
            return Some(param);
        }
        let mut ending = self.params.iter().filter(|param| {
            name.contains('.') && param.name.strip_suffix(name).is_some_and(|front| front.ends_with('.'))
        });
        let found = ending.next();
        found.filter(|_| ending.next().is_none())
    }

    /// The full name of a param and the value that the text writes for it: a literal of its type, strings with or
    /// without quotes.
    #[expect(clippy::result_large_err, reason = "asked once for each setting")]
    pub fn parse_param(&self, name: &str, value: &str) -> Result<(Arc<str>, Value), Diagnostic> {
        let Some(param) = self.param(name) else {
            let known = self.params.iter().map(|param| &*param.name);
            let all = || match self.params.is_empty() {
                true => "the loaded policies have no params".to_owned(),
                false => format!("the loaded policies have {}", known.clone().collect::<Vec<_>>().join(", ")),
            };
            let help = did_you_mean(name, known.clone()).unwrap_or_else(all);
            return Err(Diagnostic::plain("E0206", Severity::Error, format!("there is no param `{name}`")).help(help));
        };
        match parse_value(value, &param.ty) {
            Some(value) => Ok((param.name.clone(), value)),
            None => Err(tests::param_value(None, &param.name, &param.ty.to_string())
                .help(format!("its default is `{}`", param.default))),
        }
    }
}

fn parse_value(text: &str, ty: &Type) -> Option<Value> {
    let trimmed = text.trim();
    let plain = || trimmed.replace('_', "");
    match ty {
        Type::String | Type::Entity(_) => {
            let quoted = trimmed.len() >= 2 && trimmed.starts_with('"') && trimmed.ends_with('"');
            if quoted {
                return match syntax::parse_literal_value(trimmed) {
                    Ok(syntax::ast::LiteralValue::Text(text)) => Some(Value::Text(text)),
                    _ => None,
                };
            }
            Some(Value::text(text))
        }
        Type::Int => plain().parse().ok().map(Value::Int),
        Type::Float => match plain().strip_suffix('%') {
            Some(percent) => Value::float(percent.parse::<f64>().ok()? / 100.0),
            None => Value::float(plain().parse().ok()?),
        },
        Type::Bool => trimmed.parse().ok().map(Value::Bool),
        Type::Time => parse_time(trimmed).map(Value::Time),
        Type::Duration => parse_duration(trimmed).map(Value::Duration),
    }
}

fn parsed<T>(value: Option<T>, diagnostics: Vec<Diagnostic>) -> Result<T, Vec<Diagnostic>> {
    match value {
        Some(value) if !diagnostics.iter().any(Diagnostic::is_error) => Ok(value),
        _ => Err(diagnostics),
    }
}

fn value<T>(outcome: Outcome<T>) -> Result<T, Vec<Diagnostic>> {
    let Outcome { value, diagnostics, .. } = outcome;
    let errors = || diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    value.ok_or_else(errors)
}

#[cfg(test)]
mod samples {
    use std::sync::Arc;

    use base::{RenderStyle, render_all};
    use facts::Value;

    use crate::testing::{compile_all, pin};
    use crate::{Compilation, Query, Settings};

    const MODULES: [(&str, &str); 3] = [
        (
            "a.vendors",
            "param limit: int = 3\nparam share: float = 5%\nparam name: string = \"x\"\nparam age: duration = 90d\nrel known(name: string, since: time?)\nrel same(x: string)",
        ),
        ("b.vendors", "use a.vendors\nrel other(name: string)\nother(n) :- vendors.known(n, _).\nrel same(x: string)"),
        ("m", "rel r(c: code.Call, n: int)\nr(c, 1) :- code.call{call: c}."),
    ];

    fn ask(
        ask: impl FnOnce(&mut Compilation, base::FileId, &str) -> Result<Query, Vec<base::Diagnostic>>,
        text: &str,
    ) -> String {
        let (mut sources, mut compilation) = compile_all(&MODULES);
        let file = sources.add("query", text);
        match ask(&mut compilation, file, text) {
            Ok(query) => {
                format!("{text}\n{:?}\n{}", query.target, compilation.program(&[], &[&query], &Settings::default()))
            }
            Err(diagnostics) => format!("{text}\n{}", render_all(&diagnostics, &sources, RenderStyle::Plain)),
        }
    }

    #[test]
    fn queries_answer_with_their_variables() {
        let texts = [
            "r(c, n), code.call{call: c, receiver: r?}, _x = n + 1, not vendors.known(r else \"\", _)",
            "vendors.known(\"a\", _)",
            "other(n)",
            "a.vendors.same(x), b.vendors.same(x)",
            "same(x)",
            "vendor.known(x)",
            "r(c, n",
            "n = count { c : r(c, _) }",
            "( vendors.known(x, _) or r(y, _) )",
            "( vendors.known(x, _) or other(x), r(y, n), n > 1 )",
        ];
        let shown: Vec<String> = texts.iter().map(|text| ask(Compilation::query, text)).collect();
        pin!(shown.join("\n"));
    }

    #[test]
    fn a_module_without_a_longer_path_keeps_its_name() {
        let modules = [
            ("std.ai.models", "rel named(x: string)\nrel placed(x: string)"),
            ("soc2_ai.lib.models", "rel named(x: string)"),
            ("models", "rel named(x: string)\nrel approved(x: string)"),
        ];
        for text in ["models.named(x)", "models.approved(x)", "std.ai.models.named(x)", "soc2_ai.lib.models.named(x)"] {
            let (mut sources, mut compilation) = compile_all(&modules);
            let file = sources.add("query", text);
            assert!(compilation.query(file, text).is_ok(), "{text}");
            let mut names: Vec<_> = compilation.relations.iter().map(|relation| relation.decl.name.clone()).collect();
            names.dedup();
            assert_eq!(names.len(), compilation.relations.len(), "each has a name of its own");
        }
    }

    #[test]
    fn a_module_cannot_have_the_name_of_one_of_std() {
        let (sources, compilation) = compile_all(&[("std.vendor", "rel r(x: string)"), ("vendor", "rel r(x: string)")]);
        let told = render_all(&compilation.diagnostics, &sources, RenderStyle::Plain);
        assert!(told.starts_with("error[E0228]: module `vendor` cannot be told from `std.vendor`"), "{told}");
    }

    #[test]
    fn atoms_ask_for_whole_rows() {
        let texts =
            ["vendors.known{name: \"a\"}", "vendors.known(x, none)", "r{n: 1}", "r(x, x)", "vendors.known{nam: 1}"];
        let shown: Vec<String> = texts.iter().map(|text| ask(Compilation::atom_query, text)).collect();
        pin!(shown.join("\n"));
    }

    #[test]
    fn params_are_read_by_their_types() {
        let (_, compilation) = compile_all(&MODULES);
        let value = |name: &str, text: &str| {
            let parsed = compilation.parse_param(name, text);
            parsed.map(|(name, value)| (name.to_string(), value)).map_err(Box::new)
        };
        let full = |name: &str| format!("a.vendors.{name}");
        assert_eq!(value("a.vendors.limit", "1_000"), Ok((full("limit"), Value::Int(1000))));
        assert_eq!(value("vendors.share", "7.5%"), Ok((full("share"), Value::Float(0.075))));
        assert_eq!(value("vendors.name", "plain text"), Ok((full("name"), Value::text("plain text"))));
        assert_eq!(value("vendors.name", "\"a\\nb\""), Ok((full("name"), Value::text("a\nb"))));
        assert_eq!(value("vendors.age", "2w"), Ok((full("age"), Value::Duration(14 * 86_400_000_000))));
        assert_eq!(value("vendors.age", "2").unwrap_err().message, "the value of param `a.vendors.age` is no duration");
        assert_eq!(value("vendors.lmit", "2").unwrap_err().help, ["did you mean `a.vendors.limit`?"]);
        let settings = Settings { params: vec![(full("limit").into(), Value::text("x"))], ..Settings::default() };
        assert!(compilation.program(&[], &[], &settings).rules.is_empty());
    }

    #[test]
    fn given_rows_are_facts_of_any_relation_that_is_asked_for() {
        let (_, compilation) = compile_all(&MODULES);
        let place = compilation.relation("vendors.known").unwrap().place;
        let given: Vec<(Arc<str>, Vec<Value>, base::Place)> = vec![
            ("vendors.known".into(), vec![Value::text("a"), Value::None], place),
            ("code.call".into(), vec![Value::text("c"); 4], place),
        ];
        let settings = Settings { given, ..Settings::default() };
        let program = compilation.program(&["b.vendors.other".into()], &[], &settings);
        let shown = program.to_string();
        assert_eq!(
            shown.lines().collect::<Vec<_>>(),
            [
                "rel vendors.known(name: string, since: time?)",
                "rel b.vendors.other(name: string)",
                "vendors.known(\"a\", none).",
                "b.vendors.other(n) :- vendors.known(n, _).",
            ]
        );
    }
}
