//! The scene in which a fault is played: the program at work, and the means to harm it or what it stands on.

use super::client::{Line, query};
use super::fault::Fault;
use super::ground::{Database, Ground};
use super::load::Manner;
use super::program::{Program, signal};
use super::trial::Scale;
use super::wire::Weather;
use sqlx::{Connection, PgConnection};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// What a fault is played with.
pub struct Scene<'a> {
    pub ground: &'a mut Ground,
    pub scale: Scale,
    programs: Vec<Program>,
    anew: bool,
    /// The file that the clock of the program is read from, where it can be moved.
    clock: Option<PathBuf>,
    wrongs: Vec<String>,
}

impl<'a> Scene<'a> {
    pub async fn set(ground: &'a mut Ground, fault: Fault, scale: Scale) -> Self {
        let clock = (fault == Fault::ClockJumps).then(|| ground.folder.join("clock"));
        let mut environment = Vec::new();
        if let (Some(file), Some(library)) = (&clock, faketime()) {
            fs::write(file, "+0").expect("the clock is set");
            let file = file.display().to_string();
            let settings = [
                ("LD_PRELOAD", library.as_str()),
                ("FAKETIME_TIMESTAMP_FILE", &file),
                ("FAKETIME_NO_CACHE", "1"),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ];
            environment.extend(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let mut programs = vec![ground.start(&environment).await];
        let anew = fault == Fault::RestartedUnderLoad;
        if anew {
            programs.push(ground.start(&environment).await);
        }
        Self { ground, scale, programs, anew, clock, wrongs: Vec::new() }
    }

    pub fn manner(&self) -> Manner {
        let programs: Vec<&Program> = self.programs.iter().collect();
        Manner { anew: self.anew, ..self.ground.manner(&programs) }
    }

    pub fn memory(&self) -> u64 {
        self.programs.iter().map(|program| program.holding().memory).sum()
    }

    /// Memory once it is back where it was, or does not come back.
    pub async fn settled(&self, before: u64) -> u64 {
        let begun = Instant::now();
        while self.memory() > before + before / 10 && begun.elapsed() < Duration::from_secs(5) {
            sleep(Duration::from_millis(100)).await;
        }
        self.memory()
    }

    /// What went wrong beside the calls.
    pub fn finish(&mut self) -> Vec<String> {
        std::mem::take(&mut self.wrongs)
    }

    /// Two statements are at work that would run for seconds, so they are cut off between attempt and answer.
    pub async fn kill_the_program(&mut self) {
        let manner = self.manner();
        let mut at_work = JoinSet::new();
        for _ in 0..2 {
            let (address, token) = (manner.addresses[0], manner.token.clone());
            at_work.spawn(async move {
                let mut line = Line::open(address, &token).await.expect("the program listens");
                let _ = line.ask(&query(SLOW)).await;
            });
        }
        let root = self.ground.warehouse.root().await;
        wait_for_slow(root, 2).await;
        let program = self.programs.remove(0);
        let address = program.address;
        program.kill();
        let killed = Instant::now();
        let root = self.ground.warehouse.root().await;
        wait_for_slow(root, 0).await;
        if killed.elapsed() > self.scale.quiet {
            self.wrongs.push(format!("a statement ran for {} ms more", killed.elapsed().as_millis()));
        }
        self.programs.push(self.ground.start_at(address, &[]).await);
    }

    /// One backend of ours after the other, in both databases, as chance has it.
    pub async fn terminate_backends(&mut self) {
        let begun = Instant::now();
        while begun.elapsed() < self.scale.during {
            for database in [&self.ground.store, &self.ground.warehouse] {
                let mut root = database.root().await;
                sqlx::query(TERMINATE_ONE).execute(&mut root).await.expect("a backend is ended");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Stops every process of the warehouse, and lets them go on.
    pub async fn freeze(&mut self) {
        let mut root = self.ground.warehouse.root().await;
        let backends: Vec<i32> =
            sqlx::query_scalar("select pid from pg_stat_activity where pid <> pg_backend_pid()")
                .fetch_all(&mut root)
                .await
                .expect("the activity is read");
        drop(root);
        let mut processes: Vec<u32> =
            backends.iter().filter_map(|&process| u32::try_from(process).ok()).collect();
        processes.extend(processes.first().and_then(|&process| parent(process)));
        for &process in processes.iter().rev() {
            signal("STOP", process);
        }
        sleep(self.scale.during).await;
        for &process in &processes {
            signal("CONT", process);
        }
    }

    /// Clients that send the head of a request letter by letter.
    pub async fn speak_slowly(&mut self) {
        let address = self.programs[0].address;
        let mut speakers = JoinSet::new();
        for _ in 0..self.scale.slow_speakers {
            speakers.spawn(async move {
                let mut stream = TcpStream::connect(address).await?;
                for letter in b"POST /mcp/sql/ HTTP/1.1\r\nhost: localhost\r\nx-patience: ".iter().cycle() {
                    stream.write_all(&[*letter]).await?;
                    sleep(Duration::from_millis(100)).await;
                }
                std::io::Result::Ok(())
            });
        }
        sleep(self.scale.during).await;
    }

    /// Clients that connect and say nothing.
    pub async fn sit_idle(&mut self) {
        let address = self.programs[0].address;
        let mut idlers = Vec::new();
        for _ in 0..self.scale.idlers {
            if let Ok(Ok(stream)) = timeout(Duration::from_secs(10), TcpStream::connect(address)).await {
                idlers.push(stream);
            }
        }
        if idlers.len() < self.scale.idlers {
            self.wrongs.push(format!("only {} idle connections came about", idlers.len()));
        }
        sleep(self.scale.during).await;
    }

    pub async fn jump(&mut self) {
        let Some(file) = &self.clock else { return };
        for offset in ["+3h", "-3h", "+0"] {
            fs::write(file, offset).expect("the clock is set");
            sleep(self.scale.during / 2).await;
        }
    }

    /// Each of the two instances ends and comes back while the other works.
    pub async fn restart_one_by_one(&mut self) {
        for _ in 0..2 {
            let program = self.programs.remove(0);
            let address = program.address;
            program.stop().await;
            self.programs.push(self.ground.start_at(address, &[]).await);
            sleep(self.scale.during / 2).await;
        }
    }

    /// Fills the volume to the last byte, and empties it again. PostgreSQL may have ended over that; whoever watches over
    /// it starts it again.
    pub async fn fill_the_disk(&mut self) {
        let Some(file) = self.ground.ballast.clone() else { return };
        let filling = file.clone();
        let filled = tokio::task::spawn_blocking(move || {
            let mut zeros = std::io::repeat(0);
            let _ = std::io::copy(&mut zeros, &mut fs::File::create(filling).expect("a file"));
        });
        filled.await.expect("the volume is full");
        sleep(self.scale.during).await;
        fs::remove_file(file).expect("the file was ours");
        let begun = Instant::now();
        let url = self.ground.store.cluster.superuser_url("postgres");
        while PgConnection::connect(&url).await.is_err() {
            if begun.elapsed() > Duration::from_secs(3) {
                self.ground.store.cluster.restart().await.expect("PostgreSQL starts again");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A statement that would run for seconds.
const SLOW: &str =
    "select count(*) as slow from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";
const SLOW_ONES: &str = "select count(*) from pg_stat_activity where state = 'active' and query like '%\"slow\"%' and pid <> pg_backend_pid()";
const TERMINATE_ONE: &str = "select pg_terminate_backend(pid) from (select pid from pg_stat_activity \
     where backend_type = 'client backend' and usename <> 'postgres' order by random() limit 1) one";

async fn wait_for_slow(mut root: PgConnection, wanted: i64) {
    let begun = Instant::now();
    loop {
        let found: i64 =
            sqlx::query_scalar(SLOW_ONES).fetch_one(&mut root).await.expect("the activity is read");
        if found == wanted || begun.elapsed() > Duration::from_secs(30) {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Ends the postmaster as a crash does, and starts it again.
pub async fn kill(database: &mut Database) {
    database.cluster.kill().await.expect("PostgreSQL is killed");
    sleep(Duration::from_millis(500)).await;
    database.cluster.restart().await.expect("PostgreSQL starts again");
}

pub async fn during(database: &Database, weather: Weather, scale: Scale) {
    database.wire.set(weather);
    sleep(scale.during).await;
    database.wire.set(Weather::Clear);
}

/// Keeps what `statement` takes, so that everybody waits and no connection is left for anybody else.
pub async fn hold(mut root: PgConnection, statement: &'static str, length: Duration) {
    sqlx::raw_sql(statement).execute(&mut root).await.expect("it is locked");
    sleep(length).await;
    root.close().await.expect("the connection ends");
}

/// The parent of a process: its fourth word, after a name that may hold anything.
fn parent(process: u32) -> Option<u32> {
    let words = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    words.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}

/// Where Debian and its kin keep the library that moves a program's clock.
pub fn faketime() -> Option<String> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut files = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    files.find(|file| file.exists()).map(|file| file.display().to_string())
}
