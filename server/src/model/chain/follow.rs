//! Follows a chain from seal to seal, and tells what does not fit.
//!
//! Whoever calls it brings the seals in their order, each with the rows that are there, and each checkpoint after its seal.
//! Memory does not grow with the length of the chain: one seal is looked at, and a few rows that do not fit are kept in
//! mind, so that two which changed places are known as such.

use super::canonical::Digest;
use super::checkpoint::Checkpoint;
use super::finding::{Finding, Witness};
use super::keys::RecordKeys;
use super::retained::Retained;
use super::row::Row;
use super::seal::{Entry, Seal};
use std::collections::HashMap;
use uuid::Uuid;

/// Findings that are kept; all are counted.
const KEPT: usize = 100;
/// Changed rows that are kept until the end.
const SUSPECTS: usize = 64;

/// How far the chain was followed, and what was found.
#[derive(Debug)]
pub struct Follow {
    keys: RecordKeys,
    retained: Vec<Retained>,
    next: i64,
    /// `None` after a gap: there is nothing to hold the next seal against.
    link: Option<Digest>,
    suspects: Vec<Suspect>,
    /// From the last seal.
    pub horizon: Uuid,
    /// Rows that were sealed from the beginning of the chain to here.
    pub rows: i64,
    /// The first that were found, in the order of the chain.
    pub findings: Vec<Finding>,
    /// All of them.
    pub found: u64,
    /// Rows that are there as they were sealed.
    pub intact: u64,
    /// Rows that were dropped on purpose.
    pub dropped: u64,
    /// Checkpoints that were looked at.
    pub checkpoints: u64,
    /// The last checkpoint whose signature is good.
    pub signed: Option<Checkpoint>,
}

/// A row that is not what was sealed.
#[derive(Debug)]
struct Suspect {
    row: Row,
    sealed: Digest,
    position: i64,
}

/// A seal that is being looked at.
#[derive(Debug)]
pub struct Open {
    seal: Seal,
    /// The link before, where it is known.
    previous: Option<Digest>,
    /// Whether the seal follows from the one before, and bears the link that its entries give.
    fits: bool,
    /// Rows that were not shown yet.
    missing: HashMap<Uuid, Digest>,
    /// Rows that are other than the seal tells, and what they are.
    really: HashMap<Uuid, Digest>,
    suspects: Vec<Suspect>,
}

impl Follow {
    /// From the first seal, or from the one after a checkpoint.
    #[must_use]
    pub fn begin(after: Option<&Checkpoint>, retained: Vec<Retained>, keys: RecordKeys) -> Self {
        let mut follow = Self {
            keys,
            retained: Vec::new(),
            next: after.map_or(1, |checkpoint| checkpoint.position + 1),
            link: Some(after.map_or(Seal::GENESIS, |checkpoint| checkpoint.link)),
            suspects: Vec::new(),
            horizon: Uuid::nil(),
            rows: after.map_or(0, |checkpoint| checkpoint.rows),
            findings: Vec::new(),
            found: 0,
            intact: 0,
            dropped: 0,
            checkpoints: 0,
            signed: None,
        };
        if let Some(checkpoint) = after {
            follow.hold(checkpoint, Witness::Checkpoint);
        }
        follow.believe(retained);
        follow
    }

    /// The last seal that was looked at.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.next - 1
    }

    /// Whether no signature can be checked.
    #[must_use]
    pub fn is_keyless(&self) -> bool {
        self.keys.known().is_empty()
    }

    pub fn note(&mut self, finding: Finding) {
        self.found += 1;
        if self.findings.len() < KEPT {
            self.findings.push(finding);
        }
    }

    /// Believes statements about what was dropped. Where keys are known, each must be signed by one of them.
    fn believe(&mut self, retained: Vec<Retained>) {
        for one in retained {
            let why = match &one.signature {
                _ if self.is_keyless() => None,
                Some(signature) => self.keys.check(one.digest(), signature).err().map(|bad| bad.to_string()),
                None => Some("it bears no signature".to_owned()),
            };
            match why {
                Some(why) => self.note(Finding::FalseRetention { id: one.id, why }),
                None => self.retained.push(one),
            }
        }
    }

    /// Looks at the next seal. Its rows come next, and then [`Self::close`].
    pub fn open(&mut self, seal: Seal) -> Open {
        if seal.position != self.next {
            self.note(Finding::SealRemoved { position: self.next });
            self.link = None;
        }
        let previous = self.link;
        let follows = seal.horizon >= self.horizon
            && (previous.is_none()
                || i64::try_from(seal.entries.len()).is_ok_and(|more| self.rows + more == seal.rows));
        let fits = follows && previous.is_none_or(|link| seal.link_after(link) == seal.link);
        let (horizon, position) = (self.horizon, seal.position);
        if let Some(relation) = seal.relation {
            for Entry { id, .. } in seal.entries.iter().filter(|entry| entry.id < horizon) {
                self.note(Finding::Late { relation, id: *id, position });
            }
        }
        self.next = seal.position + 1;
        self.link = Some(seal.link);
        self.horizon = self.horizon.max(seal.horizon);
        self.rows = seal.rows;
        let missing = seal.entries.iter().map(|entry| (entry.id, entry.digest)).collect();
        Open { seal, previous, fits, missing, really: HashMap::new(), suspects: Vec::new() }
    }

    /// Shows a row of a seal; `false` where the seal does not know it.
    pub fn show(&mut self, open: &mut Open, row: Row) -> bool {
        let is_of_its_table = open.seal.relation == Some(row.relation);
        let Some(sealed) = is_of_its_table.then(|| open.missing.remove(&row.id)).flatten() else {
            return false;
        };
        let really = row.digest();
        if really == sealed {
            self.intact += 1;
            return true;
        }
        open.really.insert(row.id, really);
        if open.suspects.len() + self.suspects.len() < SUSPECTS {
            open.suspects.push(Suspect { row, sealed, position: open.seal.position });
        }
        true
    }

    /// Tells what is wrong with a seal and its rows, once all that are there were shown. Some rows may be left out of what
    /// is looked at.
    pub fn close(&mut self, open: Open, is_left_out: impl Fn(Uuid) -> bool) {
        let Open { seal, previous, fits, missing, really, suspects } = open;
        let position = seal.position;
        // Where the rows as they are give the link, they are genuine, and it was the seal that was changed.
        let is_genuine = !fits
            && !really.is_empty()
            && previous.is_some_and(|link| seal.with(&really).link_after(link) == seal.link);
        if !fits {
            let row = seal.entries.iter().find(|entry| is_genuine && really.contains_key(&entry.id));
            self.note(if seal.entries.is_sorted_by(|one, other| one.id < other.id) {
                Finding::SealChanged { position, row: seal.relation.zip(row.map(|entry| entry.id)) }
            } else {
                Finding::SealReordered { position }
            });
        }
        let Some(relation) = seal.relation else { return };
        for Entry { id, .. } in seal.entries {
            if really.contains_key(&id) && !is_genuine {
                self.note(Finding::Changed { relation, id, position });
            } else if missing.contains_key(&id) {
                if self.retained.iter().any(|retained| retained.covers(id)) {
                    self.dropped += 1;
                } else if !is_left_out(id) {
                    self.note(Finding::Removed { relation, id, position });
                }
            }
        }
        if !is_genuine {
            self.suspects.extend(suspects);
        }
    }

    /// Holds a checkpoint against the chain, which was followed up to its seal.
    pub fn hold(&mut self, checkpoint: &Checkpoint, witness: Witness) {
        let position = checkpoint.position;
        self.checkpoints += u64::from(witness == Witness::Checkpoint);
        if position > self.position() {
            self.note(Finding::Cut { end: self.position(), known: position, witness });
        } else if self.link != Some(checkpoint.link) || self.rows != checkpoint.rows {
            self.note(Finding::Unfit { position, witness });
        }
        if self.is_keyless() {
            return;
        }
        let forged = match &checkpoint.signature {
            Some(signature) => self.keys.check(checkpoint.digest(), signature).map_err(|bad| bad.to_string()),
            // Before the first signature there was no key; what is signed later vouches for what came before.
            None if self.signed.is_some() => Err("it bears no signature, and one before it does".to_owned()),
            None => return,
        };
        match forged {
            Ok(()) => self.signed = Some(checkpoint.clone()),
            Err(why) => self.note(Finding::Forged { position, why }),
        }
    }

    /// What is known once everything was looked at: which rows changed places, and whether anything was signed.
    pub fn finish(&mut self) {
        for one in &self.suspects {
            let other = self.suspects.iter().find(|other| {
                other.row.relation == one.row.relation && one.row.digest_as(other.row.id) == other.sealed
            });
            let Some(other) = other.map(|other| other.row.id) else { continue };
            let (relation, id, position) = (one.row.relation, one.row.id, one.position);
            let changed = Finding::Changed { relation, id, position };
            for finding in self.findings.iter_mut().filter(|finding| **finding == changed) {
                *finding = Finding::Reordered { relation, id, other, position };
            }
        }
        if !self.is_keyless() && self.checkpoints > 0 && self.signed.is_none() {
            self.note(Finding::NeverSigned);
        }
    }
}

impl Seal {
    /// The same with the digests that some of its rows really have.
    fn with(&self, really: &HashMap<Uuid, Digest>) -> Self {
        let entries = self
            .entries
            .iter()
            .map(|entry| Entry { digest: really.get(&entry.id).copied().unwrap_or(entry.digest), ..*entry });
        Self { entries: entries.collect(), ..self.clone() }
    }
}
