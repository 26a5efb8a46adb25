-- How the last self-test of each profile went.
select profile, at, tried, faults
from portcullis.self_tests
order by profile
