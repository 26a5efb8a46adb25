select to_regclass('portcullis.migrations') is not null
