-- Begins a transaction whose locks do not outlive whoever took them: where its connection dies without a word, the server
-- would keep both for hours.
begin;
set local idle_in_transaction_session_timeout = '30s';
