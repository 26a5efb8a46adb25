//! `portcullis roles`

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::flow::role_setup::role_setup;
use crate::flow::{Portcullis, Warehouse};
use crate::model::warehouse::WarehouseName;
use clap::Args;

#[derive(Args)]
pub struct RolesArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Print what an administrator of the warehouse runs once, for psql
    #[arg(long, required = true)]
    emit_sql: bool,
    /// Which warehouse it is for, where there are several
    #[arg(long, value_name = "NAME")]
    warehouse: Option<WarehouseName>,
}

pub(super) fn run(args: &RolesArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let warehouse = chosen(&portcullis, args.warehouse.as_ref())?;
    say(role_setup(&portcullis, warehouse).trim_end());
    Ok(())
}

/// Roles made in the wrong database would be of no use, and in the way.
fn chosen<'p>(
    portcullis: &'p Portcullis,
    named: Option<&WarehouseName>,
) -> Result<&'p Warehouse, CommandFailure> {
    let mut fitting = portcullis.warehouses().filter(|known| named.is_none_or(|name| known.name == *name));
    if let (Some(warehouse), None) = (fitting.next(), fitting.next()) {
        return Ok(warehouse);
    }
    let all: Vec<String> = portcullis.warehouses().map(|known| known.name.to_string()).collect();
    Err(CommandFailure::usage(format!("say `--warehouse` with one of: {}", all.join(", "))))
}
