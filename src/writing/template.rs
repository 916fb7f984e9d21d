//! Texts with places to fill in.

use super::WriteError;
use crate::ground::Shown;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

/// Fills in a template, with what could be a Bsn masked in each text. What it names and isn't there is an error.
pub(crate) fn render(
    name: &str,
    template: &str,
    values: &impl Serialize,
) -> Result<String, WriteError> {
    let filled_in = || {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates
            .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        templates.set_formatter(|out, state, value| match value.as_str() {
            Some(text) => escape_formatter(out, state, &Value::from(&*Shown::from(text))),
            None => escape_formatter(out, state, value),
        });
        templates.add_template(name, template)?;
        templates.get_template(name)?.render(minijinja::value::Serde(values))
    };
    filled_in().map_err(|e: minijinja::Error| WriteError::Assembling {
        what: "de brief kan niet worden gemaakt",
        cause: e.to_string(),
    })
}
