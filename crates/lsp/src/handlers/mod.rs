//! Requests, one file a group. To add one: its function, its line in the table below.

mod actions;
mod calls;
pub mod completion;
mod diagnostics;
mod formatting;
mod hints;
mod hover;
mod lenses;
mod links;
mod navigate;
mod outline;
mod rename;
pub mod tokens;

use lsp_types::request as r;
use serde_json::Value;

use crate::context::Context;
use crate::tasks::Refusal;

/// A request made ready: what its answer takes.
type Answer = fn(&Context, Value) -> Result<Value, Refusal>;

macro_rules! requests {
    ($($method:ty => $handler:path,)*) => {
        /// The function that answers a method.
        pub fn handler(method: &str) -> Option<Answer> {
            $(if method == <$method as r::Request>::METHOD {
                return Some(|context, params| {
                    let params = serde_json::from_value(params).map_err(|error| Refusal::Malformed(error.to_string()))?;
                    let result: <$method as r::Request>::Result = $handler(context, params)?;
                    serde_json::to_value(result).map_err(|error| Refusal::Failed(error.to_string()))
                });
            })*
            None
        }

        /// The methods that are answered.
        #[cfg(test)]
        pub const METHODS: &[&str] = &[$(<$method as r::Request>::METHOD),*];
    };
}

requests! {
    r::Completion => completion::complete,
    r::ResolveCompletionItem => completion::resolve,
    r::HoverRequest => hover::hover,
    r::GotoDefinition => navigate::definition,
    r::GotoDeclaration => navigate::declaration,
    r::GotoTypeDefinition => navigate::type_definition,
    r::GotoImplementation => navigate::implementation,
    r::References => navigate::references,
    r::DocumentHighlightRequest => navigate::highlight,
    r::LinkedEditingRange => navigate::linked,
    r::PrepareRenameRequest => rename::prepare,
    r::Rename => rename::rename,
    r::SignatureHelpRequest => hints::signature,
    r::InlayHintRequest => hints::hints,
    r::DocumentSymbolRequest => outline::document,
    r::WorkspaceSymbolRequest => outline::workspace,
    r::FoldingRangeRequest => outline::folding,
    r::SelectionRangeRequest => outline::selection,
    r::DocumentLinkRequest => links::links,
    r::SemanticTokensFullRequest => tokens::full,
    r::SemanticTokensRangeRequest => tokens::range,
    r::SemanticTokensFullDeltaRequest => tokens::delta,
    r::CallHierarchyPrepare => calls::prepare,
    r::CallHierarchyIncomingCalls => calls::incoming,
    r::CallHierarchyOutgoingCalls => calls::outgoing,
    r::CodeLensRequest => lenses::lenses,
    r::CodeActionRequest => actions::actions,
    r::CodeActionResolveRequest => actions::resolve,
    r::Formatting => formatting::file,
    r::RangeFormatting => formatting::range,
    r::OnTypeFormatting => formatting::on_type,
    r::DocumentDiagnosticRequest => diagnostics::document,
    r::WorkspaceDiagnosticRequest => diagnostics::workspace,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_one_handler() {
        assert!(METHODS.iter().all(|method| handler(method).is_some()));
        let mut methods = METHODS.to_vec();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!(methods.len(), METHODS.len());
        assert!(handler("no/such").is_none());
    }
}
