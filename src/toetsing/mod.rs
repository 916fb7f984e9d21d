//! The engine: the contract of a rule, the units that rules look at, the passes over them, verdicts
//! counted.

mod context;
mod counting;
mod custom_check;
mod group;
mod grouping;
mod input_counts;
mod like_lines;
mod line;
mod line_counter;
mod needed;
mod outcome;
mod passes;
mod product_masks;
mod reason;
mod repeats;
mod rule;
mod running;
mod steps;
mod tally;
mod top_lines;
mod underlying;

pub use context::AuditContext;
pub(crate) use context::BudgetSource;
pub(crate) use counting::{Delivery, LineStatistics, TakenBack};
pub(crate) use group::{AanbiederGroup, JeugdigeGroup, JeugdigeToewijzingen, ToewijzingGroup};
pub(crate) use input_counts::UnknownProduct;
pub(crate) use line::{Line, LineKind};
pub(crate) use line_counter::{CountError, CountKey, CountLayout, CountTable, LineCounter};
pub use needed::Needs;
pub(crate) use needed::needs;
pub use outcome::{Bevinding, Outcomes, Subject};
pub(crate) use outcome::{KeyedSums, Measure, Ruling, Selection, Text, Verdict};
pub(crate) use passes::{
    Jeugdigen, PassKey, check_aanbieders, check_jeugdigen, check_toewijzingen, decision,
};
pub(crate) use reason::Reason;
pub use rule::{AuditRule, Rule};
pub(crate) use rule::{Check, RestsOn, Scope, SumsPer};
pub(crate) use steps::{STEPS, StepCounts, TESTED};
pub use tally::RuleOutcome;
pub(crate) use top_lines::{Kept, KeyedLines, RankedLine, TopLines};
pub use top_lines::{MOST_LINES, Underlying};
pub use underlying::shares;
pub(crate) use underlying::{find_lines, put_in_order};
