//! Templates of pages, filled in.

use crate::ground::{Shown, on_one_line};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

/// How every page begins: what it may do, its style, and the way past its head.
const HEAD: &str = include_str!("kop.html");

/// What the head of a page says, under `kop`.
#[derive(Serialize)]
pub(crate) struct PageHead {
    /// What the page is about, before the year.
    pub onderwerp: &'static str,
    /// Where whoever skips the head goes, and what that link says.
    pub verder: [&'static str; 2],
}

/// A page made of its head, a template and what they fill in; what isn't said to be safe is escaped, and
/// what steers in it shown as such.
pub(crate) fn fill_in(template: &str, page: &impl Serialize) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // What the program made as HTML, such as a chart and the findings, is written as it is.
    templates.set_formatter(|out, state, value| {
        match value.as_str().filter(|_| !value.is_safe()) {
            Some(text) => {
                let text = Shown::from(text);
                escape_formatter(out, state, &Value::from(&*on_one_line(&text)))
            }
            None => escape_formatter(out, state, value),
        }
    });
    templates.add_template_owned("template.html", format!("{HEAD}{template}"))?;
    templates.get_template("template.html")?.render(Serde(page))
}
