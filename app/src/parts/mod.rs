//! What several pages are made of.

mod bar;
mod field;
mod form;
mod mark;

pub use bar::Bar;
pub use field::{Field, Kind, field};
pub use form::{PostForm, button, post_form};
pub use mark::mark;
