//! JSON for people and programs: indented, one line end at the end.

use super::WriteError;
use serde::Serialize;
use std::path::Path;

pub(crate) fn write_value(value: &impl Serialize, path: &Path) -> Result<(), WriteError> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| WriteError::Assembling {
        what: "de samenvatting kan niet worden geschreven",
        cause: e.to_string(),
    })?;
    text.push('\n');
    std::fs::write(path, text).map_err(|e| WriteError::writing(path, &e))
}
