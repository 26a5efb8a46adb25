# Two commands matter: `make demo` and `make test`. Each line calls cargo, npm or one script.

.DEFAULT_GOAL := help
.PHONY: help demo test faults soak differential fuzz bench bench-audit check sqlx

help: ## lists what you can make
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' $(MAKEFILE_LIST) | expand -t 18

demo: ## starts Portcullis beside a private PostgreSQL with a sample shop (options: make demo ARGS="--port 9000")
	@scripts/need-postgres >/dev/null
	cargo run -- demo $(ARGS)

test: ## runs every test, from the style of the code to real clients against a started demo
	@scripts/need-postgres >/dev/null
	@scripts/need-pgbouncer >/dev/null
	@scripts/need-libclang
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo test --workspace
	cargo test --release --manifest-path server/gate/differential/Cargo.toml
	test ! -x end2end/run || end2end/run

faults: ## breaks what a release build stands on while it works, and holds each answer against the record
	@scripts/need-postgres >/dev/null
	ulimit -n $$(ulimit -Hn); cargo test --release -p server --test faults -- --full $(ARGS)

soak: ## half an hour at half load, and nothing may grow (options: make soak MINUTES=5)
	@scripts/need-postgres >/dev/null
	cargo test --release -p server --test faults -- --soak $(or $(MINUTES),30)

differential: ## holds what the gate prints against PostgreSQL's own parser, as long as you like (options: make differential STATEMENTS=1000000)
	scripts/need-libclang
	cargo run --release --manifest-path server/gate/differential/Cargo.toml -- $(or $(STATEMENTS),20000)

fuzz: ## looks for statements and configurations that break a law, for a minute each (options: make fuzz ARGS="3600 judge")
	scripts/fuzz $(ARGS)

bench: ## measures speed and memory of a release build beside pgbench (parts and sizes: docs/performance.md)
	@scripts/need-postgres >/dev/null
	missed=0; \
	cargo bench --package server --bench calls -- $(ARGS) || missed=1; \
	cargo bench --package gate --bench judge || missed=1; \
	cargo bench --package server --bench audit -- $(ROWS) || missed=1; \
	exit $$missed

bench-audit: ## the part of it that looks through a record of millions (options: make bench-audit ROWS=500000)
	@scripts/need-postgres >/dev/null
	cargo bench --package server --bench audit -- $(ROWS)

check: ## formats the code and looks it over
	cargo fmt --all
	cargo clippy --workspace --all-targets -- -D warnings

sqlx: ## asks a throw-away PostgreSQL for the types of all statements, after a change in sql/ or migrations/
	scripts/refresh-queries
