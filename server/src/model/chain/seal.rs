//! A seal: some rows of one table, and a link to the seal before.

use super::canonical::{Canonical, Digest};
use super::row::Relation;
use time::OffsetDateTime;
use uuid::Uuid;

/// One row under a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub id: Uuid,
    pub digest: Digest,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// 1, 2, 3 and so on.
    pub position: i64,
    pub at: OffsetDateTime,
    /// `None` where nothing is sealed, and only the horizon moves.
    pub relation: Option<Relation>,
    /// Whatever is older than this identifier and not sealed up to here was never recorded by the program.
    pub horizon: Uuid,
    /// Which transactions had begun: all below this number.
    pub snapshot: i64,
    /// How many rows are sealed up to here, those of this seal among them.
    pub rows: i64,
    /// By identifier, the smallest first.
    pub entries: Vec<Entry>,
    pub link: Digest,
}

impl Seal {
    /// What stands for the link before the first.
    pub const GENESIS: Digest = Digest([0; 32]);

    /// The link that the seal must bear after another.
    #[must_use]
    pub fn link_after(&self, previous: Digest) -> Digest {
        let mut canonical = Canonical::of("portcullis/seal/1");
        canonical.embed(previous);
        canonical.integer(self.position);
        canonical.moment(self.at);
        canonical.text(self.relation.map_or("", Relation::name));
        canonical.uuid(self.horizon);
        canonical.integer(self.snapshot);
        canonical.integer(self.rows);
        canonical.count(self.entries.len());
        for entry in &self.entries {
            canonical.uuid(entry.id);
            canonical.embed(entry.digest);
        }
        canonical.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Relation;
    use super::{Digest, Entry, Seal};
    use time::macros::datetime;
    use uuid::Uuid;

    fn seal() -> Seal {
        let entry = |id, byte| Entry { id: Uuid::from_u128(id), digest: Digest([byte; 32]) };
        Seal {
            position: 1,
            at: datetime!(2026-03-02 09:00 UTC),
            relation: Some(Relation::Attempts),
            horizon: Uuid::from_u128(3),
            snapshot: 12,
            rows: 2,
            entries: vec![entry(4, 1), entry(5, 2)],
            link: Seal::GENESIS,
        }
    }

    #[test]
    fn the_link_of_a_seal_stays_what_it_is() {
        let link = seal().link_after(Seal::GENESIS);
        assert_eq!(link.to_string(), "9b8774f3b59facaf13c6959ccceaae0614fda582d746c8bc069b3f9cd1ee4691");
    }

    #[test]
    fn every_part_of_a_seal_counts() {
        let link = seal().link_after(Seal::GENESIS);
        let changes: [fn(&mut Seal); 7] = [
            |seal| seal.position += 1,
            |seal| seal.at += time::Duration::microseconds(1),
            |seal| seal.relation = None,
            |seal| seal.horizon = Uuid::nil(),
            |seal| seal.snapshot += 1,
            |seal| seal.rows += 1,
            |seal| seal.entries.swap(0, 1),
        ];
        for change in changes {
            let mut other = seal();
            change(&mut other);
            assert_ne!(other.link_after(Seal::GENESIS), link);
        }
        assert_ne!(seal().link_after(Digest([1; 32])), link);
    }
}
