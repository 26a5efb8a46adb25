//! Arguments, tracing, wiring; nothing else.

use clap::Parser;
use server::cli::Command;
use std::process::ExitCode;

/// Answering is short work in small pieces, of which the system's own allocator took a fifth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lets AI agents read a PostgreSQL database: just as far as its owner chose, and on the record.
#[derive(Parser)]
#[command(name = "portcullis", version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// One JSON object a line instead of words, for a log collector.
    #[arg(long, global = true)]
    log_json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    server::cli::trace(arguments.log_json, &arguments.command);
    Box::pin(server::cli::run(arguments.command, arguments.log_json)).await
}
