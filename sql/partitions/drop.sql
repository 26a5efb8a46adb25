select portcullis.drop_partitions($1)
