//! What could stand at a place, in the words of people: the grammar's rules have names of their own.

use crate::diagnose::{Stuck, What};
use crate::grammar::Rule;

/// A sentence that says what could stand there, with an example where the form is the trouble.
pub(super) fn sentence(stuck: &Stuck<'_>) -> String {
    let list = list(stuck);
    let form = match stuck.context.what {
        What::Use => "use std.ai",
        What::Entity => "entity Call < Expr",
        What::Rel => "rel owns(team: string, system: System)",
        What::Param => "param window: duration = 90d",
        What::Framework => "framework soc2 \"title\" { CC9.2: \"wording\" }",
        What::Input => "input name(column: type) from json \"**/*.json\" each items[*] { column: path }",
        What::Control => "control AI-CC9.2-02 \"title\" { … }",
        What::Test => "test \"name\" { … }",
        What::Field => "severity: high",
        What::Statement => match stuck.text(0) {
            "given" => "given relation(\"a\")`, `given file \"path\" = \"text\"` or `given empty relation",
            "as_of" => "as_of 2026-11-20",
            "param" => "param window = 30d",
            _ => "expect violation ID(\"subject\")`, `expect pass ID` or `expect relation(\"a\")",
        },
        _ => return format!("here could stand {list}"),
    };
    format!("here could stand {list}; the form is `{form}`")
}

/// What could stand there, as a list.
pub(super) fn list(stuck: &Stuck<'_>) -> String {
    let mut words: Vec<&str> = Vec::new();
    let whole = [Rule::kw_not, Rule::literal, Rule::body, Rule::element].into_iter().any(|rule| stuck.expects(rule));
    let operand = whole || stuck.expects(Rule::number) && stuck.expects(Rule::path);
    if operand {
        words.push(match stuck.after_operand() || !stuck.in_body() {
            true => "a value",
            false => "a condition or a value",
        });
    }
    for rule in stuck.expected {
        let groups = stuck.expects(Rule::operator) && matches!(rule, Rule::groups | Rule::kw_as);
        if let Some(word) = describe(*rule, operand).filter(|_| !groups)
            && !words.contains(&word)
        {
            words.push(word);
        }
    }
    if stuck.expects(Rule::operator) && stuck.open().is_some() {
        words.push("`,`");
        words.push(match stuck.open() {
            Some(("(", _)) => "`)`",
            Some(("[", _)) => "`]`",
            _ => "`}`",
        });
    } else if stuck.expects(Rule::operator)
        && stuck.in_body()
        && matches!(stuck.context.what, What::Clause | What::Body)
    {
        words.push("`,`");
    }
    match words.as_slice() {
        [] => "nothing more".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// A rule in words; none for what another rule says already, or what only confuses. `operand`: values are told of as a whole.
fn describe(rule: Rule, operand: bool) -> Option<&'static str> {
    Some(match rule {
        Rule::string
        | Rule::raw_string
        | Rule::raw_block
        | Rule::number
        | Rule::regex
        | Rule::boolean
        | Rule::nothing
            if operand =>
        {
            return None;
        }
        Rule::path | Rule::name | Rule::list | Rule::group | Rule::minus | Rule::kw_not | Rule::reference
            if operand =>
        {
            return None;
        }
        Rule::string | Rule::raw_string | Rule::raw_block => "a text in double quotes",
        Rule::number => "a number",
        Rule::regex => "a regex `/…/`",
        Rule::list => "a list `[…]`",
        Rule::boolean => "`true` or `false`",
        Rule::nothing | Rule::absent => "`none`",
        Rule::path | Rule::reference => "a name, with dots where it belongs to a module",
        Rule::name | Rule::word | Rule::column | Rule::mapping | Rule::group_variable => "a name",
        Rule::id | Rule::criterion => "an id",
        Rule::type_name => "a type such as `string`, `time?`",
        Rule::operator => "an operator",
        Rule::groups | Rule::kw_as => "`as`",
        Rule::if_ => "`:-`",
        Rule::stop => "`.`",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::equals => "`=`",
        Rule::slash => "`/`",
        Rule::subtype => "`<`",
        Rule::open_paren | Rule::columns => "`(`",
        Rule::close_paren => "`)`",
        Rule::open_brace | Rule::mappings => "`{`",
        Rule::close_brace => "`}`",
        Rule::kw_or => "`or`",
        Rule::kw_key => "`key`",
        Rule::kw_rel => "`rel`",
        Rule::kw_from | Rule::source => "`from`",
        Rule::kw_where | Rule::conditions => "`where`",
        Rule::kw_each | Rule::each => "`each`",
        Rule::kw_matches => "`matches`",
        Rule::kw_incomplete | Rule::incomplete => "`incomplete where`",
        Rule::headerless => "`headerless`",
        Rule::format => "a format such as `json`, `csv`",
        Rule::kw_code => "`code`",
        Rule::kw_with => "`with`",
        Rule::kw_at => "`at`",
        Rule::kw_file | Rule::kw_files => "`file`",
        Rule::kw_empty => "`empty`",
        Rule::kw_violation | Rule::violation => "`violation`",
        Rule::kw_no => "`no`",
        Rule::status => "an outcome (`pass`, `fail`, `waived`, `not_applicable`, `no_evidence`, `error`)",
        Rule::doc_path | Rule::key | Rule::mark | Rule::deep => "a path such as `items[*].name`",
        Rule::bracket => "`[`",
        Rule::every => "`*`",
        Rule::index => "an index",
        Rule::capture => "a capture `@name`",
        Rule::EOI => "the end",
        _ => return None,
    })
}
