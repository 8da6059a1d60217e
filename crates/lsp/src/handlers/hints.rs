//! Inlay hints and signature help.

use ide::hints::{self, HintKind};
use ide::signature;
use lsp_types::{
    Documentation, InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, ParameterInformation, ParameterLabel,
    SignatureHelp, SignatureHelpParams, SignatureInformation,
};

use crate::context::Context;
use crate::handlers::completion::markdown;
use crate::tasks::Refusal;

pub fn hints(context: &Context, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let range = context.lines(file).span(params.range);
    let found = hints::hints(&context.snapshot, file, range, context.options.hints);
    let shown = found.into_iter().map(|hint| InlayHint {
        position: context.position(file, hint.at),
        label: InlayHintLabel::String(hint.label),
        kind: match hint.kind {
            HintKind::Type => Some(InlayHintKind::TYPE),
            HintKind::Column => Some(InlayHintKind::PARAMETER),
            HintKind::Value | HintKind::Rows => None,
        },
        text_edits: None,
        tooltip: None,
        padding_left: None,
        padding_right: (hint.kind == HintKind::Column).then_some(true),
        data: None,
    });
    Ok(Some(shown.collect()))
}

pub fn signature(context: &Context, params: SignatureHelpParams) -> Result<Option<SignatureHelp>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position_params)?;
    let Some(found) = signature::signature(&context.snapshot, file, offset) else { return Ok(None) };
    let encoding = context.client.encoding;
    let units = |at: usize| encoding.length(&found.label[..at]) as u32;
    let parameters = found.parameters.iter().zip(&found.docs).map(|((start, end), doc)| ParameterInformation {
        label: ParameterLabel::LabelOffsets([units(*start), units(*end)]),
        documentation: (!doc.is_empty()).then(|| markdown(doc.clone())),
    });
    let active = found.active.map(|active| active as u32);
    let signature = SignatureInformation {
        parameters: Some(parameters.collect()),
        documentation: (!found.doc.is_empty()).then(|| -> Documentation { markdown(found.doc.clone()) }),
        active_parameter: active,
        label: found.label,
    };
    Ok(Some(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active }))
}
