//! Texts with places to fill in.

use super::WriteError;
use crate::ground::{Shown, on_one_line};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

/// What every template of ours is filled in by: each text has what could be a Bsn masked and what steers
/// shown as such, on one line. What a template names and isn't there is an error. What the program made
/// itself and says to be safe, such as a chart or what a macro filled in, is written as it is.
pub(crate) fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    templates.set_formatter(|out, state, value| {
        match value.as_str().filter(|_| !value.is_safe()) {
            Some(text) => {
                let text = Shown::from(text);
                escape_formatter(out, state, &Value::from(&*on_one_line(&text)))
            }
            None => escape_formatter(out, state, value),
        }
    });
    Ok(templates)
}

/// Fills in a template of text.
pub(crate) fn render(
    name: &str,
    template: &str,
    values: &impl Serialize,
) -> Result<String, WriteError> {
    let filled_in = || {
        let mut templates = templates()?;
        templates.add_template_owned(name.to_owned(), template.to_owned())?;
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
