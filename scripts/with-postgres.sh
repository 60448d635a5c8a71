#!/bin/bash
# with-postgres.sh [--throw-away] COMMAND…: runs the command beside a PostgreSQL
# of its own, whose address it finds in SMARTLINKS_TEST_POSTGRES. The server lives
# in a temporary directory, listens on a free port of the loopback interface, asks
# for a password made for this run, and is gone afterwards, whatever happens.
# If the variable is set already, that server is used and none is started.
#
# --throw-away is for tests, not for figures: no power is lost during a test, so
# the server does not wait for the disk, and where there is room it and the
# command's temporary files are in memory. It halves the time of the tests.
set -euo pipefail
shopt -s nullglob

place=/tmp settings=()
if [ "${1:-}" = --throw-away ]; then
	shift
	settings=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
	room=$(df --output=avail --block-size=1G /dev/shm 2>/dev/null | tail -n 1)
	if [ "${room:-0}" -ge 4 ]; then
		place=/dev/shm
	fi
fi

if [ -n "${SMARTLINKS_TEST_POSTGRES:-}" ]; then
	exec "$@"
fi

# The newest server that is installed; Debian keeps it out of the PATH.
servers=(/usr/lib/postgresql/*/bin)
bin=$(printf '%s\n' "${servers[@]}" | sort -V | tail -n 1)
if [ -z "$bin" ] && initdb=$(command -v initdb); then
	bin=$(dirname "$initdb")
fi
if [ -z "$bin" ]; then
	echo "PostgreSQL's server programs were not found; install the package postgresql, or set SMARTLINKS_TEST_POSTGRES to a server for tests." >&2
	exit 1
fi

# PostgreSQL refuses to run as root.
as=(env)
if [ "$(id -u)" = 0 ]; then
	user=postgres
	id -u "$user" >/dev/null 2>&1 || user=nobody
	as=(setpriv "--reuid=$(id -u "$user")" "--regid=$(id -g "$user")" --clear-groups)
fi

dir=$(mktemp -d $place/smartlinks-pg.XXXXXX)
server= command=

# finish ends the command with everything it started, then the server.
finish() {
	trap - EXIT INT TERM HUP
	if [ -n "$command" ] && kill -TERM -- "-$command" 2>/dev/null; then
		wait "$command" 2>/dev/null || true
	fi
	if [ -n "$server" ] && kill -INT "$server" 2>/dev/null; then
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

give_up() {
	echo "PostgreSQL for the tests did not start: $1. Its log:" >&2
	tail -n 20 "$dir/log" >&2
	exit 1
}

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && echo "$password" >"$dir/password")
touch "$dir/log"
if [ "$(id -u)" = 0 ]; then
	chown -R "$user" "$dir"
fi

# Sorted as most installations sort (ICU, not byte order), so that a list
# whose order differs between the engines is found here. Its password is one of 128 bits:
# thousands of rounds of SCRAM at each of many connections would make it no safer.
(
	cd "$dir"
	"${as[@]}" "$bin/initdb" --pgdata="$dir/data" --username=smartlinks --pwfile="$dir/password" \
		--auth=md5 --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US \
		--no-sync --no-instructions
) >>"$dir/log" 2>&1 || give_up "initdb failed"

# start runs the server on the port and succeeds when it answers. The kernel
# stops it when this script dies, even by kill -9 (pdeathsig).
start() {
	: >"$dir/log"
	set -m # a process group of its own: Ctrl-C is handled by finish
	(
		cd "$dir"
		exec "${as[@]}" setpriv --pdeathsig=INT "$bin/postgres" -D "$dir/data" \
			-c listen_addresses=127.0.0.1 -c port="$1" -c unix_socket_directories="$dir" \
			-c max_connections=300 "${settings[@]}"
	) >>"$dir/log" 2>&1 </dev/null &
	server=$!
	set +m
	for _ in $(seq 300); do
		kill -0 "$server" 2>/dev/null || return 1
		"$bin/pg_isready" -q -h "$dir" -p "$1" && return 0
		sleep 0.1
	done
	give_up "no answer within 30 s"
}

# A port is free if the server could take it: try until one is. The range lies
# below the ports that the kernel hands to clients.
for _ in $(seq 20); do
	port=$((20000 + RANDOM % 10000))
	start "$port" && break
	server=
	grep -q "could not bind" "$dir/log" || give_up "it ended at once"
done
[ -n "$server" ] || give_up "no free port found"

export SMARTLINKS_TEST_POSTGRES="postgres://smartlinks:$password@127.0.0.1:$port/postgres?sslmode=disable"
if [ "$place" != /tmp ]; then
	mkdir "$dir/tmp"
	# What Go builds stays outside: from memory it may not be executed.
	export GOTMPDIR=${GOTMPDIR:-${TMPDIR:-/tmp}} TMPDIR=$dir/tmp
fi
set -m
"$@" </dev/null &
command=$!
set +m
wait "$command"
