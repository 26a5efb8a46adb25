-- The database of the store: its owner migrates it, the program works in it, and no profile can even connect.

revoke all on database portcullis from public;
revoke all on schema public from public;
grant connect on database portcullis to portcullis_app;

create schema if not exists portcullis authorization portcullis_owner;
grant usage on schema portcullis to portcullis_app;

alter role portcullis_owner in database portcullis set search_path = portcullis;
alter role portcullis_app in database portcullis set search_path = portcullis;
