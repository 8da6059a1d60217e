//! An explanation for programs: `docs/explaining.md` describes it.

use serde_json::{Value, json};

use super::tree::{Cell, Explanation, Node};
use crate::Spot;

impl Explanation {
    /// Everything, for programs.
    pub fn json(&self) -> String {
        let path = self.path.iter().map(|(label, spot)| json!({ "label": label, "place": place(spot) }));
        let all = json!({
            "version": 1,
            "title": self.title,
            "holds": self.holds,
            "summary": self.summary,
            "path": path.collect::<Vec<_>>(),
            "proofs": self.roots,
            "nodes": self.nodes.iter().enumerate().map(node_json).collect::<Vec<_>>(),
        });
        serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
    }
}

fn node_json((id, node): (usize, &Node)) -> Value {
    let mut out = json!({
        "id": id,
        "kind": node.kind.name(),
        "text": node.text,
        "places": node.spots.iter().map(place).collect::<Vec<_>>(),
        "premises": node.children,
    });
    if let Some(relation) = &node.relation {
        out["relation"] = json!(relation);
        let row = node.cells.iter().map(|cell| (cell.column.to_string(), scalar(cell)));
        out["row"] = Value::Object(row.collect());
        let wanted = node.cells.iter().filter_map(|cell| Some((cell.column.to_string(), json!(cell.wanted.as_ref()?))));
        let wanted: serde_json::Map<String, Value> = wanted.collect();
        if !wanted.is_empty() {
            out["differs"] = Value::Object(wanted);
        }
    }
    out
}

/// JSON has numbers, booleans and null; times and durations are their printed forms.
fn scalar(cell: &Cell) -> Value {
    match &cell.value {
        facts::Value::None => Value::Null,
        facts::Value::Bool(value) => json!(value),
        facts::Value::Int(value) => json!(value),
        facts::Value::Float(value) => json!(value),
        facts::Value::Text(text) => json!(text),
        value => json!(value.to_string()),
    }
}

fn place(spot: &Spot) -> Value {
    json!({ "path": spot.path, "line": spot.line, "column": spot.column, "excerpt": spot.excerpt })
}
