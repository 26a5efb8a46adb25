//! The order of checks.
//!
//! 1. Length, NUL bytes, words, brackets and chains: `parse_error`, `too_complex`, before anything recurses.
//! 2. One statement, and a `SELECT`: `multi_statement`, `non_select_root`.
//! 3. Grammar: `parse_error`.
//! 4. The lowering: breaches where they are met, `FROM` first; then what is unwise or misspelt.
//! 5. The budget: `too_complex`.
//! 6. The second lock: our own text must read back as the tree that it was written from, by a reader that shares nothing
//!    with the parser, the lowering and the printer.

use std::thread;

use crate::{
    Admitted, Policy, Reason, Refusal, Surface, budget,
    lower::{self, Reads},
    read::{Author, Words},
    render::{self, Meaning},
    reread::{Fault, reread},
    tree::Query,
};

/// A stack on which every statement within the caps fits, in a build without optimisation too.
const STACK_BYTES: usize = 256 << 20;

/// Judges one statement: either the text that may run, or why not.
pub fn judge(sql: &str, surface: &Surface, policy: &Policy) -> Result<Admitted, Refusal> {
    let most = policy.max_bytes.min(Policy::MOST_BYTES);
    if sql.len() > most {
        return Err(Refusal::new(Reason::ParseError, format!("the statement is longer than {most} bytes")));
    }
    compile_twice(sql, surface, policy).map_err(|refusal| refusal.located(sql))
}

/// Judges one statement, and tells what each word of the printed text is meant to be.
pub fn judge_and_explain(
    sql: &str,
    surface: &Surface,
    policy: &Policy,
) -> Result<(Admitted, Meaning), Refusal> {
    let admitted = judge(sql, surface, policy)?;
    let words = Words::read(sql, Author::User)?;
    let meaning = with_stack(words.is_small(), || Ok(render::meaning(&compile(words, surface, policy)?.0)))?;
    Ok((admitted, meaning))
}

fn compile_twice(sql: &str, surface: &Surface, policy: &Policy) -> Result<Admitted, Refusal> {
    let words = Words::read(sql, Author::User)?;
    with_stack(words.is_small(), || {
        let (query, reads) = compile(words, surface, policy)?;
        budget::check(&query, policy)?;
        let text = render::render(&query);
        second_lock(&text, &query, surface, policy)?;
        Ok(Admitted::new(text, reads.findings()))
    })
}

/// Reads and lowers. The parser's tree lives and dies here, on the stack that was chosen for it.
fn compile<'s>(
    words: Words,
    surface: &'s Surface,
    policy: &'s Policy,
) -> Result<(Query, Reads<'s>), Refusal> {
    lower::lower(&*words.parse()?, surface, policy)
}

/// A difference between what we meant and what we wrote is our bug, and must not run.
fn second_lock(text: &str, meant: &Query, surface: &Surface, policy: &Policy) -> Result<(), Refusal> {
    match reread(text, surface, policy) {
        Ok(written) if written == *meant => {}
        Ok(_) => return Err(Refusal::our_fault("the canonical text reads back as another query")),
        Err(deep @ Fault::TooDeep) => return Err(Refusal::new(Reason::TooComplex, deep.to_string())),
        Err(fault @ Fault::NotCanonical { .. }) => return Err(Refusal::our_fault(fault.to_string())),
    }
    // A third opinion, for tests and fuzzers: it costs as much as all the rest.
    if cfg!(debug_assertions) { read_as_if_sent(text, meant, surface, policy) } else { Ok(()) }
}

/// What we wrote must mean the same to us when somebody sends it.
fn read_as_if_sent(text: &str, meant: &Query, surface: &Surface, policy: &Policy) -> Result<(), Refusal> {
    let written = Words::read(text, Author::Printer)
        .and_then(|words| with_stack(words.is_small(), || Ok(compile(words, surface, policy)?.0 == *meant)));
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refusal::our_fault("the canonical text is lowered to another query")),
        // The parser cannot go as deep as the reader.
        Err(refusal) if refusal.reason == Reason::TooComplex => Ok(()),
        Err(refusal) => Err(Refusal::our_fault(format!("the canonical text is refused: {refusal}"))),
    }
}

/// Runs `work` on the caller's stack if it is small, for a thread costs more than a small statement.
fn with_stack<T: Send>(
    is_small: bool,
    work: impl FnOnce() -> Result<T, Refusal> + Send,
) -> Result<T, Refusal> {
    if is_small {
        return work();
    }
    thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        match spawned.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Refusal::our_fault("the gate broke down over the statement")),
            Err(_) => Err(Refusal::new(Reason::TooComplex, "there is no memory to judge a large statement")),
        }
    })
}
