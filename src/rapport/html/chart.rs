//! Charts as SVG. Every chart stands beside, or above, a table with the same numbers: it is hidden
//! from screen readers, and no number is readable from it alone.

use crate::dossier::Ernst;
use std::fmt::Write;

/// A bar of parts beside each other, as wide as its share of `highest`. Negative parts are empty.
pub(crate) fn bar(parts: &[(Ernst, i64)], highest: i64) -> String {
    let mut svg = r#"<svg class="staaf" aria-hidden="true" focusable="false">"#.to_owned();
    let mut sum = 0;
    for (ernst, value) in parts {
        let value = (*value).max(0);
        if value > 0 {
            let (of, until) = (part(sum, highest, 10_000), part(sum + value, highest, 10_000));
            // What is there at all can be seen.
            let wide = (until - of).max(40);
            let _ = write!(
                svg,
                r#"<rect class="{}" x="{}%" width="{}%" height="100%"/>"#,
                ernst.name(),
                hundredths(of),
                hundredths(wide)
            );
        }
        sum += value;
    }
    svg + "</svg>"
}

/// A column of a column chart: what stands under it, and its parts from the bottom up.
pub(crate) struct ChartColumn<'a> {
    pub name: &'a str,
    pub parts: Vec<(Ernst, i64)>,
}

/// Heights in the drawing, in pixels: above the columns, the columns, below them.
const ABOVE: i64 = 22;
const HIGH: i64 = 150;
const UNDER: i64 = 22;

/// Columns beside each other over the whole width, with a line at the top that tells the scale.
pub(crate) fn kolommen(kolommen: &[ChartColumn<'_>], schaal: impl Fn(i64) -> String) -> String {
    let sum = |k: &ChartColumn<'_>| k.parts.iter().map(|(_, w)| (*w).max(0)).sum::<i64>();
    let highest = kolommen.iter().map(sum).max().unwrap_or(0);
    let mut svg = format!(
        r#"<svg class="kolommen" height="{}" aria-hidden="true" focusable="false">"#,
        ABOVE + HIGH + UNDER
    );
    let line = |svg: &mut String, y: i64, class: &str| {
        let _ = write!(svg, r#"<line class="{class}" x1="0" x2="100%" y1="{y}" y2="{y}"/>"#);
    };
    if highest > 0 {
        line(&mut svg, ABOVE, "hulplijn");
        let _ = write!(svg, r#"<text x="0" y="{}">{}</text>"#, ABOVE - 7, schaal(highest));
    }
    let vak = 1_000_000 / kolommen.len().max(1) as i64;
    for (i, kolom) in kolommen.iter().enumerate() {
        let left = i as i64 * vak / 100;
        let mut stacked = 0;
        for (ernst, value) in &kolom.parts {
            let value = (*value).max(0);
            let (of, until) = (part(stacked, highest, HIGH), part(stacked + value, highest, HIGH));
            if value > 0 {
                let high = (until - of).max(1);
                let _ = write!(
                    svg,
                    r#"<rect class="{}" x="{}%" y="{}" width="{}%" height="{high}"/>"#,
                    ernst.name(),
                    hundredths(left + vak / 600),
                    ABOVE + HIGH - of - high,
                    hundredths(vak / 150),
                );
            }
            stacked += value;
        }
        let _ = write!(
            svg,
            r#"<text class="onder" x="{}%" y="{}">{}</text>"#,
            hundredths(left + vak / 200),
            ABOVE + HIGH + UNDER - 6,
            kolom.name
        );
    }
    line(&mut svg, ABOVE + HIGH, "as");
    svg + "</svg>"
}

/// `value` as a share of `whole`, in parts of `parts`.
fn part(value: i64, whole: i64, parts: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    (i128::from(value) * i128::from(parts) / i128::from(whole)) as i64
}

/// Hundredths with a point, as SVG writes them.
fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_bar_lie_beside_each_other_and_fill_their_share() {
        let svg = bar(&[(Ernst::Fout, 25), (Ernst::Onzekerheid, 50)], 100);
        assert!(svg.contains(r#"class="fout" x="0.00%" width="25.00%""#), "{svg}");
        assert!(svg.contains(r#"class="onzekerheid" x="25.00%" width="50.00%""#), "{svg}");
    }

    #[test]
    fn nothing_and_amounts_below_zero_draw_nothing() {
        for svg in [bar(&[(Ernst::Fout, 0)], 0), bar(&[(Ernst::Fout, -5)], 10)] {
            assert!(!svg.contains("<rect"), "{svg}");
        }
        assert!(!kolommen(&[], |n| n.to_string()).contains("<rect"));
    }

    #[test]
    fn columns_stand_on_the_axis_and_the_highest_reaches_the_top() {
        let kolom = |name, fout, onzeker| ChartColumn {
            name,
            parts: vec![(Ernst::Fout, fout), (Ernst::Onzekerheid, onzeker)],
        };
        let svg = kolommen(&[kolom("jan", 50, 50), kolom("feb", 25, 0)], |n| format!("€ {n}"));
        assert!(svg.contains("€ 100"));
        // The lower half of the first column ends on the axis at 22 + 150; its upper half at the top.
        assert!(svg.contains(r#"y="97" width="33.33%" height="75""#), "{svg}");
        assert!(svg.contains(r#"y="22" width="33.33%" height="75""#), "{svg}");
    }
}
