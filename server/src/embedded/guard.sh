# Runs PostgreSQL and ends it when the program that started it is gone, however it went.
#
# The program holds the other end of our standard input. Each line it writes is a signal to pass on; the end of the
# input means that it died, so the server gets the last signal and, where there is one, the scrap directory goes.
last_signal=$1 scrap=$2 socket_dir=$3
shift 3
umask 077
mkdir -p -- "$socket_dir" || exit
# Whoever ends a whole session or service at once means the program, which then ends the server through us.
trap '' HUP INT QUIT TERM
exec 3<&0

"$@" 3<&- &
server=$!

(
    while read -r signal <&3; do
        kill -s "$signal" "$server"
    done
    trap '' USR1
    kill -s "$last_signal" "$server"
    exit 0
) &
listener=$!
exec 3<&-

wait "$server"
status=$?
kill -s USR1 "$listener" 2>/dev/null
# Only a listener that met the end of the input ends well: the program is gone and cannot clean up itself.
if wait "$listener" 2>/dev/null && test -n "$scrap"; then
    rm -rf -- "$scrap"
fi
exit "$status"
