-- Begins a transaction whose locks do not outlive whoever took them: where its connection dies without a word, the server
-- would keep both for hours. Between two statements of ours lies nothing that takes seconds.
begin;
set local idle_in_transaction_session_timeout = '10s';
