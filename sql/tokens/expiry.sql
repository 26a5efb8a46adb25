select expires_at
from portcullis.tokens
where hash = $1
