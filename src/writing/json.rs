//! JSON for people and programs: indented, one line end at the end.

use super::WriteError;
use serde::Serialize;
use std::path::Path;

pub(crate) fn schrijf_waarde(waarde: &impl Serialize, pad: &Path) -> Result<(), WriteError> {
    let mut tekst = serde_json::to_string_pretty(waarde).map_err(|e| WriteError::Samenstellen {
        wat: "de samenvatting kan niet worden geschreven",
        oorzaak: e.to_string(),
    })?;
    tekst.push('\n');
    std::fs::write(pad, tekst).map_err(|e| WriteError::schrijven(pad, &e))
}
