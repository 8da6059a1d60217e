//! The commands of the prompt. To add one: its line in the list, its arm in `carry_out`.

use audit::{ExplainOptions, Explanation, Failure};
use clap::ValueEnum;

use super::session::Prompt;
use crate::answers::RowFormat;
use crate::commands::schema;
use crate::table::Table;
use crate::terminal::Terminal;

/// Name, arguments, what it does.
pub const COMMANDS: [(&str, &str, &str); 13] = [
    ("explain", "ATOM | ROW", "why a row holds: of an atom, or of the last answer by its number from 1"),
    ("why-not", "ATOM", "why no row is so"),
    ("relations", "[PART]", "the relations, or those whose name holds PART"),
    ("schema", "[RELATION]", "the columns of a relation"),
    ("rules", "", "the rules of this session: type `head :- body.` to add one"),
    ("forget", "[NAME]", "takes the rules of a relation of this session away, or all"),
    ("load", "[RELATION]", "reads what a relation needs now, and says how many rows it has"),
    ("reload", "", "reads the files again with the next question"),
    ("limit", "[N | off]", "how many rows are shown"),
    ("format", "[table | tsv | json | csv]", "how rows are printed"),
    ("time", "[on | off]", "whether the time that a question took is told"),
    ("help", "", "this list"),
    ("quit", "", "leaves, as Ctrl-D does"),
];

/// Carries a command out. False if it is the last one.
pub fn carry_out(prompt: &mut Prompt, name: &str, rest: &str, terminal: &mut Terminal) -> bool {
    match name {
        "explain" | "e" => explain(prompt, rest, terminal),
        "why-not" | "w" => {
            let options = ExplainOptions::default();
            let found = prompt.session.why_not(rest, options, &mut |line| terminal.progress(line));
            show(prompt, found, terminal);
        }
        "relations" | "r" => relations(prompt, rest, terminal),
        "schema" | "s" => columns(prompt, rest, terminal),
        "rules" => {
            let text: String = prompt.session.rules().iter().map(|rule| format!("{}.\n", rule.text)).collect();
            terminal.out(if text.is_empty() { "no rules: type `head :- body.` to add one\n" } else { &text });
        }
        "forget" => match prompt.session.forget(Some(rest).filter(|name| !name.is_empty())) {
            Ok(0) => prompt.refuse("there are no such rules", terminal),
            Ok(1) => terminal.out("1 rule forgotten\n"),
            Ok(count) => terminal.out(&format!("{count} rules forgotten\n")),
            Err(failure) => prompt.fail(&failure, terminal),
        },
        "load" => load(prompt, rest, terminal),
        "reload" => prompt.reload(),
        "limit" | "format" | "time" => set(prompt, name, rest, terminal),
        "help" | "h" | "?" => help(terminal),
        "quit" | "q" | "exit" => return false,
        _ => {
            let names = COMMANDS.iter().map(|(name, ..)| *name);
            let help = base::did_you_mean(name, names).unwrap_or_else(|| "`:help` lists the commands".to_owned());
            prompt.refuse(&format!("there is no command `:{name}`: {help}"), terminal);
        }
    }
    true
}

fn explain(prompt: &mut Prompt, rest: &str, terminal: &mut Terminal) {
    if let Ok(number) = rest.parse::<usize>() {
        let found =
            prompt.last.as_ref().and_then(|answer| prompt.session.explain_answer(answer, number.checked_sub(1)?));
        return match found {
            Some(explanation) => show(prompt, Ok(explanation), terminal),
            None => prompt.refuse(&format!("the last answer has no row {rest}"), terminal),
        };
    }
    if rest.is_empty() {
        return prompt.refuse("name an atom, or the number of a row of the last answer", terminal);
    }
    let found = prompt.session.explain(rest, ExplainOptions::default(), &mut |line| terminal.progress(line));
    show(prompt, found, terminal);
}

fn show(prompt: &mut Prompt, found: Result<Explanation, Failure>, terminal: &mut Terminal) {
    terminal.progress("");
    match found {
        Ok(explanation) => terminal.out(&explanation.tree(terminal.color_out, false)),
        Err(failure) => prompt.fail(&failure, terminal),
    }
}

fn relations(prompt: &Prompt, part: &str, terminal: &mut Terminal) {
    let mut table = Table::new(&["relation", "columns"]);
    for info in prompt.session.project.compilation.relations.iter().filter(|info| info.decl.name.contains(part)) {
        let columns: Vec<&str> = info.decl.columns.iter().map(|column| &*column.name).collect();
        table.row(&[&*info.decl.name, &columns.join(", ")]);
    }
    terminal.out(&table.to_string());
}

fn columns(prompt: &mut Prompt, name: &str, terminal: &mut Terminal) {
    if name.is_empty() {
        return relations(prompt, "", terminal);
    }
    let all = &prompt.session.project.compilation.relations;
    let wanted = |info: &&lang::RelationInfo| {
        *info.decl.name == *name || *info.module == *name || info.decl.name.ends_with(&format!(".{name}"))
    };
    let found: Vec<&lang::RelationInfo> = all.iter().filter(wanted).collect();
    if found.is_empty() {
        let failure = prompt.session.project.unknown_relation(name);
        return prompt.fail(&failure, terminal);
    }
    let text: Vec<String> = found.into_iter().map(schema::detail).collect();
    terminal.out(&text.join("\n"));
}

fn load(prompt: &mut Prompt, name: &str, terminal: &mut Terminal) {
    if name.is_empty() {
        return prompt.reload();
    }
    if prompt.session.project.compilation.relation(name).is_none() {
        let failure = prompt.session.project.unknown_relation(name);
        return prompt.fail(&failure, terminal);
    }
    let rows = prompt.session.rows(name, &mut |line| terminal.progress(line));
    terminal.progress("");
    match rows {
        Ok(rows) => terminal.out(&format!("{name}: {} rows\n", rows.len())),
        Err(failure) => prompt.fail(&failure, terminal),
    }
}

/// Settings: without a value they are told.
fn set(prompt: &mut Prompt, name: &str, value: &str, terminal: &mut Terminal) {
    match (name, value) {
        ("limit", "") => match prompt.limit {
            Some(limit) => terminal.out(&format!("limit {limit}\n")),
            None => terminal.out("limit off\n"),
        },
        ("limit", "off" | "all") => prompt.limit = None,
        ("limit", value) => match value.parse() {
            Ok(limit) => prompt.limit = Some(limit),
            Err(_) => prompt.refuse("write `:limit 20` or `:limit off`", terminal),
        },
        ("time", "") => terminal.out(if prompt.time { "time on\n" } else { "time off\n" }),
        ("time", "on") => prompt.time = true,
        ("time", "off") => prompt.time = false,
        ("format", value) if !value.is_empty() => match RowFormat::from_str(value, true) {
            Ok(format) => prompt.format = format,
            Err(_) => prompt.refuse("write `:format table`, `tsv`, `json` or `csv`", terminal),
        },
        ("format", _) => {
            let shown = prompt.format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            terminal.out(&format!("format {shown}\n"));
        }
        _ => prompt.refuse("write `:time on` or `:time off`", terminal),
    }
}

fn help(terminal: &mut Terminal) {
    let mut text = String::from(
        "Type a body, such as `vendor.register{name: n, dpa_signed: d?}`: its variables become the columns of the answer.\n\
         It goes on over lines while something is open; `head :- body.` adds a rule for this session.\n\n",
    );
    let width = COMMANDS.iter().map(|(name, arguments, _)| name.len() + arguments.len() + 2).max().unwrap_or(0);
    for (name, arguments, what) in COMMANDS {
        text.push_str(&format!("  {:<width$}  {what}\n", format!(":{name} {arguments}").trim_end()));
    }
    terminal.out(&text);
}
