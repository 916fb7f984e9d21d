//! The engine: the contract of a rule, the units that rules look at, the passes over them, verdicts
//! counted.

mod context;
mod counting;
mod custom_check;
mod group;
mod grouping;
mod like_lines;
mod line;
mod outcome;
mod passes;
mod product_masks;
mod repeats;
mod rule;
mod running;
mod steps;
mod underlying;

pub use context::{AuditContext, BudgetSource, FunctieFacts};
pub use counting::{Delivery, LineStatistics};
pub use group::{AanbiederGroup, JeugdigeGroup, Receipts, ToewijzingGroup, ToewijzingProduct};
pub use line::{Line, LineKind};
pub use outcome::{
    Bevinding, KeyedSums, Measure, Outcomes, Reason, Ruling, Selection, Subject, Text, Verdict,
};
pub use passes::{
    PassKey, RuleOutcome, check_aanbieders, check_jeugdigen, check_toewijzingen, decision,
};
pub use rule::{AuditRule, Check, RestsOn, Rule, Scope, SumsPer};
pub use steps::{STEPS, StepCounts};
pub use underlying::{UnderlyingLine, UnderlyingLines};
