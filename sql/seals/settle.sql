-- What the statements over the chain rely on, until the end of the transaction: plans for the stretch at hand, and an end.
select set_config(name, value, true) as "set!"
from (
    values
        ('plan_cache_mode', 'force_custom_plan'),
        ('jit', 'off'),
        ('statement_timeout', $1)
) setting (name, value)
