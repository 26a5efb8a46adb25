//! What a profile can see of the warehouse, kept for a while: reading it again for each call would cost more than the call.

use crate::flow::Profile;
use crate::model::catalog::{Catalog, Gap};
use crate::model::profile::Declared;
use crate::model::surface_lock::LockedRelations;
use crate::warehouse::{self, Fault};
use gate::Surface;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, RwLock};

/// How long a reading serves before the next caller has it read again beside its own work.
const FRESH: Duration = Duration::from_secs(30);

/// One reading of the warehouse's catalogue, and what the gate makes of it.
#[derive(Debug)]
pub struct Reading {
    pub catalog: Catalog,
    pub surface: Surface,
    read_at: Instant,
}

impl Reading {
    /// The same without these relations, as `schema.name`, and without a word about them.
    pub(super) fn without(&self, left_out: &[String]) -> Self {
        let is_left_out = |schema: &str, name: &str| {
            left_out.iter().any(|out| out.split_once('.').is_some_and(|out| out == (schema, name)))
        };
        let mut catalog = self.catalog.clone();
        catalog.relations.retain(|relation| !is_left_out(&relation.schema, &relation.name));
        for relation in &mut catalog.relations {
            relation.foreign_keys.retain(|key| !is_left_out(&key.target_schema, &key.target_name));
        }
        Self { surface: surface_of(&catalog), catalog, read_at: self.read_at }
    }
}

/// The last reading of a profile, and the right to make the next one.
#[derive(Default)]
pub struct SurfaceCache {
    last: RwLock<Option<Arc<Reading>>>,
    turn: Mutex<()>,
}

/// The profile's surface. The first caller waits for it; later ones get what is known, while an old reading is renewed in
/// the background.
pub async fn surface(profile: &Arc<Profile>) -> Result<Arc<Reading>, Fault> {
    let last = profile.surface.last.read().await.clone();
    let Some(reading) = last else {
        let _turn = profile.surface.turn.lock().await;
        // Somebody may have read it while we waited for our turn.
        if let Some(reading) = profile.surface.last.read().await.clone() {
            return Ok(reading);
        }
        return read(profile).await;
    };
    if reading.read_at.elapsed() > FRESH {
        let profile = Arc::clone(profile);
        tokio::spawn(async move {
            if let Ok(_turn) = profile.surface.turn.try_lock()
                && let Err(fault) = read(&profile).await
            {
                tracing::warn!(profile = %profile.name, %fault, "the warehouse's catalogue cannot be read again");
            }
        });
    }
    Ok(reading)
}

/// Forgets the reading, because the warehouse turned out to be different from it.
pub(super) async fn forget(profile: &Profile) {
    *profile.surface.last.write().await = None;
}

async fn read(profile: &Arc<Profile>) -> Result<Arc<Reading>, Fault> {
    let mut catalog = warehouse::catalog(&profile.gateway, &profile.declared).await?;
    if let Some(lock) = &profile.lock {
        hide_unlocked(&mut catalog, &profile.declared, lock);
    }
    for gap in &catalog.gaps {
        tracing::warn!(profile = %profile.name, "{gap}");
    }
    let reading = Arc::new(Reading { surface: surface_of(&catalog), catalog, read_at: Instant::now() });
    *profile.surface.last.write().await = Some(Arc::clone(&reading));
    Ok(reading)
}

/// Hides what came since somebody last looked, unless it is declared by its own name.
fn hide_unlocked(catalog: &mut Catalog, declared: &[Declared], lock: &LockedRelations) {
    let Catalog { relations, gaps } = catalog;
    for relation in relations.iter_mut() {
        let (schema, name) = (&relation.schema, &relation.name);
        let is_whole = |declared: &&Declared| declared.schema == *schema && declared.name == *name;
        if declared.iter().find(is_whole).is_some_and(|declared| declared.columns.is_some()) {
            continue;
        }
        let locked = lock.relation(schema, name);
        relation.columns.retain(|column| {
            let is_known = locked.is_some_and(|locked| locked.column(&column.name).is_some());
            if !is_known {
                let (schema, name, column) = (schema.clone(), name.clone(), column.name.clone());
                gaps.push(Gap::NotLocked { schema, name, column });
            }
            is_known
        });
    }
    relations.retain(|relation| !relation.columns.is_empty());
    let left: Vec<(String, String, Vec<String>)> = relations
        .iter()
        .map(|relation| {
            let columns = relation.columns.iter().map(|column| column.name.clone()).collect();
            (relation.schema.clone(), relation.name.clone(), columns)
        })
        .collect();
    for relation in relations.iter_mut() {
        let own: Vec<&String> = relation.columns.iter().map(|column| &column.name).collect();
        relation.foreign_keys.retain(|key| {
            key.columns.iter().all(|column| own.contains(&column))
                && left.iter().any(|(schema, name, columns)| {
                    key.target_schema == *schema
                        && key.target_name == *name
                        && key.target_columns.iter().all(|column| columns.contains(column))
                })
        });
    }
}

/// The gate's view of a catalogue. A name without a schema means `public` first, then the other schemas by name.
fn surface_of(catalog: &Catalog) -> Surface {
    let mut search_path = vec!["public".to_owned()];
    for relation in &catalog.relations {
        if !search_path.contains(&relation.schema) {
            search_path.push(relation.schema.clone());
        }
    }
    let relations = catalog.relations.iter().map(|relation| gate::Relation {
        schema: relation.schema.clone(),
        name: relation.name.clone(),
        columns: relation
            .columns
            .iter()
            .map(|column| gate::Column { name: column.name.clone(), type_name: column.base_type.clone() })
            .collect(),
    });
    Surface::new(search_path, relations)
}
