//! The pages by the rules of axe-core: light, dark, on a small screen and enlarged. `.ci/run` fetches it.

use crate::chromium::Chromium;
use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, program};
use std::io::Write;
use std::path::Path;

/// The source of axe-core; `None`, and a line that says so, where there is none.
fn axe(check: &str) -> Option<String> {
    let named = std::env::var_os("RECHTMATIG_AXE");
    let source = named.map(|path| std::fs::read_to_string(path).expect("the named axe.min.js"));
    if source.is_none() {
        // Past the capture of the test harness: a skipped test must be seen.
        let _ = writeln!(std::io::stderr(), "skipped {check}: RECHTMATIG_AXE names no axe.min.js");
    }
    source
}

/// What axe finds moderate or worse, in words.
const FOUND: &str =
    "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations
  .filter(v => ['moderate', 'serious', 'critical'].includes(v.impact))
  .map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html}`))";

#[track_caller]
fn nothing_that_matters(c: &mut Chromium, axe: &str, page: &Path) {
    // Of 1280 by 900 at 200% half is left.
    for (colours, wide, high) in
        [("light", 1280, 900), ("dark", 1280, 900), ("light", 400, 800), ("dark", 640, 450)]
    {
        c.screen(wide, high);
        c.media(&[("prefers-color-scheme", colours), ("prefers-reduced-motion", "reduce")]);
        c.open(page);
        // What opens is looked at open.
        c.value("document.querySelectorAll('.openen').forEach((k, i) => i < 5 && k.click())");
        c.value(&format!("{axe};0"));
        assert_eq!(c.value(FOUND), serde_json::json!([]), "{colours}, {wide} wide");
    }
}

#[test]
fn axe_finds_nothing_that_matters_on_the_pages() {
    let check = "axe_finds_nothing_that_matters_on_the_pages";
    let Some(axe) = axe(check) else { return };
    let Some(mut c) = Chromium::start(check) else { return };
    let dossier = Dossier::empty();
    for (command, page) in [
        ("controleer", "2023-ijsselland/rapport.html"),
        ("monitor", "2023-ijsselland-monitor/monitor.html"),
    ] {
        let mut spec = program();
        spec.args([command, VOORBEELD, "--jaar", "2023", "--stil", "--uit"]).arg(dossier.out());
        let outcome = ProgramOutput::of(&mut spec);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        nothing_that_matters(&mut c, &axe, &dossier.out().join(page));
    }
}
