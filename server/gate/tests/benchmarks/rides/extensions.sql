-- Names like another
select id, name from riders where similarity(name, 'Ada More 5') > 0.4 order by similarity(name, 'Ada More 5') desc, id limit 5;
-- Words like a part
select id from riders where 'chloe' <% name or name % 'Eve Stone 4' order by id;
-- Nearest by letters
select id, round((name <-> 'Dmitri Vale 3')::numeric, 4) as far from riders order by far, id limit 5;
-- Text without case
select count(*) from riders where email::citext = 'RIDER7@EXAMPLE.ORG'::citext or name::citext like 'ada%';
-- Trigrams
select show_trgm('bike'), word_similarity('tyre', 'flat tyres');
