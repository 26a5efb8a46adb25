-- What somebody typed, split into words as the statement that adds to the index splits statements.
select distinct left(word, 64) as "word!"
from unnest(regexp_split_to_array(lower(left($1, 1000)), '[\x01-\x2f\x3a-\x5e\x60\x7b-\x7f]+')) word
where word <> ''
