#!/bin/bash
# Installs the Debian packages the tests need and this machine lacks. Touches
# nothing when all are there; without root it says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."
shopt -s nullglob

if ! command -v go >/dev/null; then
	echo "Go is not installed or not in the PATH; go.mod says which version is needed (https://go.dev/dl)." >&2
	exit 1
fi

missing=()
need() { missing+=("$@"); }

# The race detector is linked by a C compiler.
if ! command -v gcc >/dev/null && ! command -v clang >/dev/null; then
	need gcc libc6-dev
fi

# Debian keeps the server's programs out of the PATH.
servers=(/usr/lib/postgresql/*/bin/initdb)
had_postgres=yes
if [ -z "${SMARTLINKS_TEST_POSTGRES:-}" ] && [ ${#servers[@]} = 0 ] && ! command -v initdb >/dev/null; then
	had_postgres=no
	need postgresql
fi

# The browser tests, and a font for the Arabic pages they picture. Chromium without windows
# takes half the processor time. Debian has a package of it; elsewhere the whole one does.
if [ -f e2e/go.mod ]; then
	whole=no
	if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then whole=yes; fi
	if ! command -v chromium-headless-shell >/dev/null; then
		if grep -qx 'ID=debian' /etc/os-release 2>/dev/null && { [ "$(id -u)" = 0 ] || [ $whole = no ]; }; then
			need chromium-headless-shell
		elif [ $whole = no ]; then
			need chromium
		fi
	fi
	if [ -z "$(fc-list :lang=ar 2>/dev/null)" ]; then
		need fonts-noto-core
	fi
fi

# The receivers of webhooks that the guide shows run in Node and in PHP.
command -v node >/dev/null || need nodejs
command -v npm >/dev/null || need npm
command -v php >/dev/null || need php-cli

# What the guides type is typed by the tests.
command -v curl >/dev/null || need curl
command -v jq >/dev/null || need jq

# A package is installed in a network of its own.
command -v ip >/dev/null || need iproute2

# Mails go through a real Postfix, which the tests start themselves; only root can. It
# would take the place of another mail server, so one that is there stays.
had_postfix=yes
if [ "$(id -u)" = 0 ] && [ ! -x /usr/lib/postfix/sbin/master ]; then
	if [ -e /usr/sbin/sendmail ]; then
		echo "NOTE: another mail server is installed, so the tests with Postfix will be skipped." >&2
	else
		had_postfix=no
		need postfix
	fi
fi

# A pooler before PostgreSQL, which tests start themselves.
had_pgbouncer=yes
if ! command -v pgbouncer >/dev/null && [ ! -x /usr/sbin/pgbouncer ]; then
	had_pgbouncer=no
	need pgbouncer
fi

# What Postfix sends back is read from a real Dovecot, which the tests start themselves;
# only root can. One that is there stays as it is.
had_dovecot=yes
if [ "$(id -u)" = 0 ] && [ ! -x /usr/sbin/dovecot ]; then
	had_dovecot=no
	need dovecot-imapd
fi

# A second reader of QR codes, and what turns posters into pictures for it.
command -v zbarimg >/dev/null || need zbar-tools
command -v pdftoppm >/dev/null || need poppler-utils

# A second reader of the structure of PDFs.
command -v qpdf >/dev/null || need qpdf

if [ ${#missing[@]} = 0 ]; then
	exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "The tests need packages that are not installed. Install them and try again:" >&2
	echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi

echo "== installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Two runs at once wait for each other, and for anybody else's dpkg.
exec 9>/run/lock/smartlinks-packages
flock 9
apt=(apt-get -q -y -o DPkg::Lock::Timeout=300)
"${apt[@]}" update </dev/null

# Debian's Postfix gets no configuration, and neither it nor Dovecot is started: the tests
# bring theirs.
if [ "$had_postfix" = no ]; then
	echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
fi
if [ "$had_postfix" = no ] || [ "$had_dovecot" = no ]; then
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
		chmod 755 /usr/sbin/policy-rc.d
	fi
fi
"${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null

# The packages start servers of their own, which the tests have no use for.
if [ "$had_postgres" = no ]; then
	invoke-rc.d postgresql stop >/dev/null 2>&1 || true
fi
if [ "$had_pgbouncer" = no ]; then
	invoke-rc.d pgbouncer stop >/dev/null 2>&1 || true
fi
