//! Charts as SVG. Every chart stands beside, or above, a table with the same numbers: it is hidden
//! from screen readers, and no number is readable from it alone.

use crate::dossier::Ernst;
use std::fmt::Write;

/// A bar of parts beside each other, as wide as its share of `hoogste`. Negative parts are empty.
pub fn staaf(delen: &[(Ernst, i64)], hoogste: i64) -> String {
    let mut svg = r#"<svg class="staaf" aria-hidden="true" focusable="false">"#.to_owned();
    let mut som = 0;
    for (ernst, waarde) in delen {
        let waarde = (*waarde).max(0);
        if waarde > 0 {
            let (van, tot) = (deel(som, hoogste, 10_000), deel(som + waarde, hoogste, 10_000));
            // What is there at all can be seen.
            let breed = (tot - van).max(40);
            let _ = write!(
                svg,
                r#"<rect class="{}" x="{}%" width="{}%" height="100%"/>"#,
                ernst.naam(),
                honderdsten(van),
                honderdsten(breed)
            );
        }
        som += waarde;
    }
    svg + "</svg>"
}

/// A column of a column chart: what stands under it, and its parts from the bottom up.
pub struct Kolom<'a> {
    pub naam: &'a str,
    pub delen: Vec<(Ernst, i64)>,
}

/// Heights in the drawing, in pixels: above the columns, the columns, below them.
const BOVEN: i64 = 22;
const HOOG: i64 = 150;
const ONDER: i64 = 22;

/// Columns beside each other over the whole width, with a line at the top that tells the scale.
pub fn kolommen(kolommen: &[Kolom<'_>], schaal: impl Fn(i64) -> String) -> String {
    let som = |k: &Kolom<'_>| k.delen.iter().map(|(_, w)| (*w).max(0)).sum::<i64>();
    let hoogste = kolommen.iter().map(som).max().unwrap_or(0);
    let mut svg = format!(
        r#"<svg class="kolommen" height="{}" aria-hidden="true" focusable="false">"#,
        BOVEN + HOOG + ONDER
    );
    let lijn = |svg: &mut String, y: i64, klasse: &str| {
        let _ = write!(svg, r#"<line class="{klasse}" x1="0" x2="100%" y1="{y}" y2="{y}"/>"#);
    };
    if hoogste > 0 {
        lijn(&mut svg, BOVEN, "hulplijn");
        let _ = write!(svg, r#"<text x="0" y="{}">{}</text>"#, BOVEN - 7, schaal(hoogste));
    }
    let vak = 1_000_000 / kolommen.len().max(1) as i64;
    for (i, kolom) in kolommen.iter().enumerate() {
        let links = i as i64 * vak / 100;
        let mut gestapeld = 0;
        for (ernst, waarde) in &kolom.delen {
            let waarde = (*waarde).max(0);
            let (van, tot) =
                (deel(gestapeld, hoogste, HOOG), deel(gestapeld + waarde, hoogste, HOOG));
            if waarde > 0 {
                let hoog = (tot - van).max(1);
                let _ = write!(
                    svg,
                    r#"<rect class="{}" x="{}%" y="{}" width="{}%" height="{hoog}"/>"#,
                    ernst.naam(),
                    honderdsten(links + vak / 600),
                    BOVEN + HOOG - van - hoog,
                    honderdsten(vak / 150),
                );
            }
            gestapeld += waarde;
        }
        let _ = write!(
            svg,
            r#"<text class="onder" x="{}%" y="{}">{}</text>"#,
            honderdsten(links + vak / 200),
            BOVEN + HOOG + ONDER - 6,
            kolom.naam
        );
    }
    lijn(&mut svg, BOVEN + HOOG, "as");
    svg + "</svg>"
}

/// `waarde` as a share of `geheel`, in parts of `delen`.
fn deel(waarde: i64, geheel: i64, delen: i64) -> i64 {
    if geheel <= 0 {
        return 0;
    }
    (i128::from(waarde) * i128::from(delen) / i128::from(geheel)) as i64
}

/// Hundredths with a point, as SVG writes them.
fn honderdsten(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_bar_lie_beside_each_other_and_fill_their_share() {
        let svg = staaf(&[(Ernst::Fout, 25), (Ernst::Onzekerheid, 50)], 100);
        assert!(svg.contains(r#"class="fout" x="0.00%" width="25.00%""#), "{svg}");
        assert!(svg.contains(r#"class="onzekerheid" x="25.00%" width="50.00%""#), "{svg}");
    }

    #[test]
    fn nothing_and_amounts_below_zero_draw_nothing() {
        for svg in [staaf(&[(Ernst::Fout, 0)], 0), staaf(&[(Ernst::Fout, -5)], 10)] {
            assert!(!svg.contains("<rect"), "{svg}");
        }
        assert!(!kolommen(&[], |n| n.to_string()).contains("<rect"));
    }

    #[test]
    fn columns_stand_on_the_axis_and_the_highest_reaches_the_top() {
        let kolom = |naam, fout, onzeker| Kolom {
            naam,
            delen: vec![(Ernst::Fout, fout), (Ernst::Onzekerheid, onzeker)],
        };
        let svg = kolommen(&[kolom("jan", 50, 50), kolom("feb", 25, 0)], |n| format!("€ {n}"));
        assert!(svg.contains("€ 100"));
        // The lower half of the first column ends on the axis at 22 + 150; its upper half at the top.
        assert!(svg.contains(r#"y="97" width="33.33%" height="75""#), "{svg}");
        assert!(svg.contains(r#"y="22" width="33.33%" height="75""#), "{svg}");
    }
}
