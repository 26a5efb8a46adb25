-- What the statements over the calls rely on, until the end of the transaction: plans that know the parameters, so that
-- filters not given cost nothing; nested loops over indexes whatever the statistics of a growing table say; an end.
select set_config(name, value, true) as "set!"
from (
    values
        ('plan_cache_mode', 'force_custom_plan'),
        ('enable_hashjoin', 'off'),
        ('enable_mergejoin', 'off'),
        ('enable_seqscan', 'off'),
        ('jit', 'off'),
        ('statement_timeout', $1)
) setting (name, value)
