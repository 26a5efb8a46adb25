-- When the first denial since then was.
select min(at)
from portcullis.denials
where at >= $1
