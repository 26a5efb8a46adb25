//! What several pages are made of.

mod blocks;
mod chart;
mod chip;
mod confirm;
mod facts;
mod field;
mod filter;
mod form;
mod heading;
mod icon;
mod mark;
mod moment;
pub mod number;
mod pager;
mod shell;
mod sql;
mod stat;
mod table;
pub mod text;

pub use blocks::{copy_block, empty, note, section};
pub use chart::{Bucket, bar, sparkline, stacked};
pub use chip::{Decision, Tone, chip};
pub use confirm::Confirm;
pub use facts::Facts;
pub use field::{Choice, Field, Kind, field};
pub use filter::{Active, filter, switch};
pub use form::{PostForm, act, button, post_form};
pub use heading::Heading;
pub use mark::mark;
pub use moment::Moment;
pub use pager::Pager;
pub use shell::{Flash, FlashKind, Role, Section, Shell, Theme, Width};
pub use sql::{sql_columns, sql_excerpt, sql_text};
pub use stat::Stat;
pub use table::{Column, Order, Sort, table};
