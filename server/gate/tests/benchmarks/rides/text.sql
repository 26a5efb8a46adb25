-- First and last names
select id, split_part(name, ' ', 1) as first, substring(name from position(' ' in name) + 1) as last from riders order by id;
-- Domains of addresses
select substring(email from '@(.*)$') as domain, count(*) from riders group by 1 order by 1;
-- Notes that speak of tyres
select id, notes from trips where notes ilike '%tyre%' or notes ~* '\mbrake' order by id limit 30;
-- Without a pattern
select id from trips where notes not like '%ride%' and notes !~ '^f' and notes <> '' order by id limit 20;
-- Similar to
select name from riders where name similar to '(Ada|Eve)%' order by name;
-- Escaped patterns
select 'a_b' like 'a\_b' as escaped, 'a%b' like 'a!%b' escape '!' as chosen, 'axb' like 'a_b' as any;
-- Replacing with expressions
select regexp_replace(email, '[0-9]+', '#', 'g'), translate(name, 'aeiou', '*****') from riders order by id limit 20;
-- Matches as arrays
select (regexp_match(email, '([a-z]+)(\d+)'))[2]::int as number from riders order by number;
-- Case and padding
select upper(model), lower(model), initcap(lower(model)), lpad(id::text, 4, '0'), rpad(model, 8, '.'), reverse(model) from bikes order by id limit 10;
-- Trimming
select trim('  x '), trim(both 'x' from 'xxaxx'), trim(leading '0' from '0042'), rtrim('a--', '-'), btrim('(a)', '()');
-- Lengths
select length('größe'), octet_length('größe'), char_length('abc'), bit_length('a');
-- Overlay and positions
select overlay('abcdef' placing '--' from 3 for 2), strpos('haystack', 'st'), left('abcdef', 2), right('abcdef', -2), substr('abcdef', 2, 3);
-- Concatenation with nulls
select concat('a', null, 1), concat_ws('-', 'a', null, 'b'), 'x' || coalesce(null, '?');
-- Sorting by a collation
select name from riders order by name collate "C" desc limit 10;
-- Quoted labels
select name as "Name of the Rider", id as "Nº" from riders order by "Nº" limit 3;
-- Full text search
select id, ts_rank(to_tsvector('english', notes), q) as rank from trips, lateral (select to_tsquery('english', 'quick & fox') as q) s where to_tsvector('english', notes) @@ q order by id limit 20;
-- Phrases and headlines
select ts_headline('english', notes, websearch_to_tsquery('english', '"flat tyre"')) from trips where to_tsvector('english', notes) @@ phraseto_tsquery('english', 'flat tyre') order by id limit 5;
-- Codes of letters
select ascii('A'), chr(8364), to_hex(255), md5('x'), encode(sha256('x'::bytea), 'hex'), encode('ab'::bytea, 'base64');
-- Numbers in words of text
select to_char(1234567.891, 'FM9,999,999.00'), to_char(0.5, '990%'), to_number('1,234.5', '9,999.9');
-- Dollar quotes and escapes
select $$it's$$ as dollar, E'tab\there' as escaped, 'it''s' as doubled, $tag$a $$ b$tag$ as tagged;
-- Regular expressions counted
select count(*) filter (where email ~ '\.org$') as org, count(*) filter (where email !~* 'ORG') as others from riders;
-- Splitting into arrays
select string_to_array('a,b,,c', ','), array_to_string(array['a', null, 'c'], '-', '?'), regexp_split_to_array('a1b22c', '[0-9]+');
