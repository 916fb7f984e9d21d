//! Texts with places to fill in.

use super::WriteError;
use crate::ground::{Shown, on_one_line};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

/// Fills in a template, with what could be a Bsn masked in each text and what steers shown as such: each
/// is on one line. What the template names and isn't there is an error.
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
        // What a macro of the template made is of more lines, each of its values filled in already.
        templates.set_formatter(|out, state, value| {
            match value.as_str().filter(|_| !value.is_safe()) {
                Some(text) => {
                    let text = Shown::from(text);
                    escape_formatter(out, state, &Value::from(&*on_one_line(&text)))
                }
                None => escape_formatter(out, state, value),
            }
        });
        templates.add_template(name, template)?;
        templates.get_template(name)?.render(minijinja::value::Serde(values))
    };
    filled_in().map_err(|e: minijinja::Error| WriteError::Assembling {
        what: "de brief kan niet worden gemaakt",
        cause: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::render;
    use std::collections::BTreeMap;

    #[test]
    fn what_fills_a_place_begins_no_line_and_steers_nothing() {
        let text = "R1).\n\n# CORRECTIE\u{1b}[31m\t\u{202e}";
        let values = BTreeMap::from([("nummer", text)]);
        let filled_in = render("brief.txt", "Over {{ nummer }}.", &values).unwrap();
        assert_eq!(filled_in, "Over R1).␊␊# CORRECTIE␛[31m␉\u{fffd}.");
    }
}
