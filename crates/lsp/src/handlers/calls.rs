//! Call hierarchy: what feeds a relation, and what reads it.

use ide::calls::{self, Node, Step};
use lsp_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range, SymbolKind,
};
use serde_json::json;

use crate::context::Context;
use crate::tasks::Refusal;

fn item(context: &Context, node: &Node) -> Option<CallHierarchyItem> {
    let location = context.location(node.place)?;
    let module = context.snapshot.compilation.module_of(node.place.file).map(|module| module.name.to_string());
    Some(CallHierarchyItem {
        name: node.name.to_string(),
        kind: if node.control { SymbolKind::EVENT } else { SymbolKind::CLASS },
        tags: None,
        detail: module,
        uri: location.uri,
        range: location.range,
        selection_range: location.range,
        data: Some(json!({ "name": &*node.name, "control": node.control })),
    })
}

fn node(context: &Context, item: &CallHierarchyItem) -> Option<Node> {
    let data = item.data.as_ref()?;
    calls::named(&context.snapshot, data.get("name")?.as_str()?, data.get("control")?.as_bool()?)
}

fn ranges(context: &Context, step: &Step, file: Option<base::FileId>) -> Vec<Range> {
    let own = step.places.iter().filter(|place| file.is_none_or(|file| file == place.file));
    own.map(|place| context.range(place.file, place.span)).collect()
}

pub fn prepare(
    context: &Context,
    params: CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position_params)?;
    let found = calls::prepare(&context.snapshot, file, offset);
    Ok(found.and_then(|node| item(context, &node)).map(|item| vec![item]))
}

pub fn incoming(
    context: &Context,
    params: CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>, Refusal> {
    let Some(node) = node(context, &params.item) else { return Ok(None) };
    let steps = calls::incoming(&context.snapshot, &node);
    // Ranges are those of the reader's file.
    let found = steps.iter().filter_map(|step| {
        Some(CallHierarchyIncomingCall {
            from: item(context, &step.node)?,
            from_ranges: ranges(context, step, Some(step.node.place.file)),
        })
    });
    Ok(Some(found.collect()))
}

pub fn outgoing(
    context: &Context,
    params: CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>, Refusal> {
    let Some(node) = node(context, &params.item) else { return Ok(None) };
    let steps = calls::outgoing(&context.snapshot, &node);
    let found = steps.iter().filter_map(|step| {
        Some(CallHierarchyOutgoingCall {
            to: item(context, &step.node)?,
            from_ranges: ranges(context, step, Some(node.place.file)),
        })
    });
    Ok(Some(found.collect()))
}
