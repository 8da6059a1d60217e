//! Code lenses.

use ide::lenses::{self, Action};
use lsp_types::{CodeLens, CodeLensParams, Command};
use serde_json::{Value, json};

use crate::commands;
use crate::context::Context;
use crate::tasks::Refusal;

pub fn lenses(context: &Context, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>, Refusal> {
    let uri = params.text_document.uri;
    let file = context.file(&uri)?;
    let shown = lenses::lenses(&context.snapshot, file).into_iter().map(|lens| {
        let (command, name): (&str, Option<&str>) = match &lens.action {
            Action::Run(id) => (commands::RUN, Some(id)),
            Action::Explain(id) => (commands::EXPLAIN, Some(id)),
            Action::WhyNot(id) => (commands::WHY_NOT, Some(id)),
            Action::Test(name) => (commands::TEST, Some(name)),
            Action::Debug(relation) => (commands::DEBUG, Some(relation)),
            Action::Report => (commands::REPORT, Some("report")),
            Action::Tell => ("", None),
        };
        let arguments: Option<Vec<Value>> = name.map(|name| vec![json!({ "uri": uri.as_str(), "name": name })]);
        CodeLens {
            range: context.range(file, lens.span),
            command: Some(Command { title: lens.title, command: command.to_owned(), arguments }),
            data: None,
        }
    });
    Ok(Some(shown.collect()))
}
