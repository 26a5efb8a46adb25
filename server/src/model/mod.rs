//! Nouns and their laws.
//!
//! Invariant: nothing here does I/O, and nothing here knows a framework, so that every law can be read and tested alone.

pub mod access;
pub mod alert;
pub mod answer;
pub mod attempt;
pub mod authorization;
pub mod call;
pub mod caller;
pub mod catalog;
pub mod client;
pub mod clock;
pub mod context;
pub mod csv;
pub mod denial;
pub mod document;
pub mod drift;
pub mod event;
pub mod grant;
pub mod limits;
pub mod local_path;
pub mod measure;
pub mod outcome;
pub mod parameters;
pub mod password;
pub mod pause;
pub mod person;
pub mod pkce;
pub mod plan;
pub mod profile;
pub mod reach;
pub mod recovery_code;
pub mod redirect;
pub mod registration;
pub mod review;
pub mod rng;
pub mod sealed;
pub mod session;
pub mod surface_lock;
pub mod throttle;
pub mod token;
pub mod tools;
pub mod totp;
pub mod tripwire;
pub mod window;
pub mod zone;
