//! Plans and profiles as JSON: the view as it is.

use super::view::View;

pub(super) fn write(view: &View) -> String {
    serde_json::to_string_pretty(view).unwrap_or_default() + "\n"
}
