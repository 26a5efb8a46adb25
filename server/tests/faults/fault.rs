//! The faults: what each is called, whether agents may feel it, and how it is inflicted.

use super::scene::{Scene, during, hold, kill};
use super::wire::Weather;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    ProgramKilled,
    StoreKilled,
    WarehouseKilled,
    BackendsTerminated,
    WarehouseFrozen,
    StoreCutOff,
    WarehouseCutOff,
    NetworkSlow,
    StoreExhausted,
    WarehouseExhausted,
    SlowSpeakers,
    Idlers,
    ClockJumps,
    RestartedUnderLoad,
    StoreDiskFull,
}

impl Fault {
    pub const ALL: [Self; 15] = [
        Self::ProgramKilled,
        Self::StoreKilled,
        Self::WarehouseKilled,
        Self::BackendsTerminated,
        Self::WarehouseFrozen,
        Self::StoreCutOff,
        Self::WarehouseCutOff,
        Self::NetworkSlow,
        Self::StoreExhausted,
        Self::WarehouseExhausted,
        Self::SlowSpeakers,
        Self::Idlers,
        Self::ClockJumps,
        Self::RestartedUnderLoad,
        Self::StoreDiskFull,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgramKilled => "program killed",
            Self::StoreKilled => "store killed",
            Self::WarehouseKilled => "warehouse killed",
            Self::BackendsTerminated => "backends terminated",
            Self::WarehouseFrozen => "warehouse frozen",
            Self::StoreCutOff => "store cut off",
            Self::WarehouseCutOff => "warehouse cut off",
            Self::NetworkSlow => "network slow",
            Self::StoreExhausted => "store exhausted",
            Self::WarehouseExhausted => "warehouse exhausted",
            Self::SlowSpeakers => "slow speakers",
            Self::Idlers => "idle connections",
            Self::ClockJumps => "clock jumps",
            Self::RestartedUnderLoad => "restarted under load",
            Self::StoreDiskFull => "disk of the store full",
        }
    }

    /// Whether calls may fail while it lasts.
    pub const fn is_felt(self) -> bool {
        !matches!(
            self,
            Self::NetworkSlow
                | Self::SlowSpeakers
                | Self::Idlers
                | Self::ClockJumps
                | Self::RestartedUnderLoad
        )
    }

    /// Lets it happen, and returns once it is over.
    pub async fn inflict(self, scene: &mut Scene<'_>) {
        match self {
            Self::ProgramKilled => scene.kill_the_program().await,
            Self::StoreKilled => kill(&mut scene.ground.store).await,
            Self::WarehouseKilled => kill(&mut scene.ground.warehouse).await,
            Self::BackendsTerminated => scene.terminate_backends().await,
            Self::WarehouseFrozen => scene.freeze().await,
            Self::StoreCutOff => during(&scene.ground.store, Weather::Cut, scene.scale).await,
            Self::WarehouseCutOff => during(&scene.ground.warehouse, Weather::Cut, scene.scale).await,
            Self::NetworkSlow => {
                let slow = Weather::Slow(Duration::from_millis(20));
                let (store, warehouse) = (&scene.ground.store, &scene.ground.warehouse);
                tokio::join!(during(store, slow, scene.scale), during(warehouse, slow, scene.scale));
            }
            Self::StoreExhausted => {
                let root = scene.ground.store.root().await;
                hold(root, "begin; lock table portcullis.attempts", scene.scale.during).await;
            }
            Self::WarehouseExhausted => {
                let root = scene.ground.warehouse.root().await;
                hold(root, "begin; lock table public.orders", scene.scale.during).await;
            }
            Self::SlowSpeakers => scene.speak_slowly().await,
            Self::Idlers => scene.sit_idle().await,
            Self::ClockJumps => scene.jump().await,
            Self::RestartedUnderLoad => scene.restart_one_by_one().await,
            Self::StoreDiskFull => scene.fill_the_disk().await,
        }
    }
}
