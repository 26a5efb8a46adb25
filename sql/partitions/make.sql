-- Makes the partitions of this month and of those to come that are missing.
select portcullis.make_partitions() as "made!"
