//! The end of a program that was told to stop: what it was asked already is answered, as far as there is time.

use crate::flow::Portcullis;
use crate::model::pause::Scope;

/// Tells those who watch that nobody should be sent here any more.
pub fn begin(portcullis: &Portcullis) {
    portcullis.running().begin_to_stop();
}

/// Cancels what is still being read, and tells how many that was; each goes on record as cancelled.
#[must_use]
pub fn cut_short(portcullis: &Portcullis) -> usize {
    portcullis.running().stop(&Scope::Everything)
}
