//! Templates of pages, filled in.

use crate::writing::templates;
use minijinja::AutoEscape;
use minijinja::value::Serde;
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
    let mut templates = templates()?;
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_template_owned("template.html", format!("{HEAD}{template}"))?;
    templates.get_template("template.html")?.render(Serde(page))
}
