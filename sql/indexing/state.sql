select horizon, sweep_at, checked_at, swept_at, denials_to
from portcullis.indexing
