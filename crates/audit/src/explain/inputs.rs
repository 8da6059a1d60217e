//! What was read for an input relation: patterns, files, and what went wrong with them.

use ir::RelId;

use super::tree::NodeKind;
use super::writer::Writer;

/// Files named.
const FILES: usize = 5;
/// Troubles told.
const TROUBLES: usize = 5;

impl Writer<'_, '_> {
    /// Which files an input relation was read from, and whether there were any.
    pub fn what_was_read(&mut self, relation: RelId) -> Vec<usize> {
        let name = self.decl(relation).name.clone();
        let declared = self.project.compilation.inputs.iter().find(|input| *input.relation.name == *name);
        let patterns: Vec<String> =
            declared.iter().flat_map(|input| &input.sources).map(|source| format!("`{}`", source.pattern)).collect();
        let mut bound = self.project.settings.bindings.iter().filter(|(input, ..)| **input == *name);
        let from = match (bound.next(), patterns.is_empty()) {
            (Some((_, globs, _)), _) => format!(" from {} (bound in the settings)", globs.join(", ")),
            (None, true) => String::new(),
            (None, false) => format!(" from {}", patterns.join(" or ")),
        };
        let files = self.evaluated.looked.files(&name);
        let shown: Vec<&str> = files.iter().take(FILES).map(|file| &**file).collect();
        let text = match files.len() {
            0 if self.evaluated.looked.present(&name) => format!("`{name}` is given by the test"),
            0 => format!("`{name}` is read{from}, and nothing was found there: there is no evidence either way"),
            count if count > FILES => {
                format!("`{name}` is read{from}: {count} files, such as {}", shown.join(", "))
            }
            1 => format!("`{name}` is read{from}: {}", shown.join(", ")),
            count => format!("`{name}` is read{from}: {count} files, {}", shown.join(", ")),
        };
        let mut out = vec![self.text(NodeKind::Text, text)];
        out.extend(self.troubles(relation));
        out
    }

    /// What was not or could not be read of an input relation.
    pub fn troubles(&mut self, relation: RelId) -> Vec<usize> {
        let name = self.decl(relation).name.clone();
        let looked = &self.evaluated.looked;
        let failed = looked.failures(&name).into_iter().map(|text| (NodeKind::Fault, text));
        let incomplete =
            looked.incomplete(&name).into_iter().map(|text| (NodeKind::Text, format!("not all was read: {text}")));
        let troubles: Vec<(NodeKind, String)> = failed.chain(incomplete).take(TROUBLES).collect();
        troubles.into_iter().map(|(kind, text)| self.text(kind, text)).collect()
    }
}
