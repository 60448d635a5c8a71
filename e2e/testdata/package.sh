# package.sh PACKAGE [NEWER]: what befalls a package on a machine, from its installation to
# its purge. In mount, network and process namespaces of its own, on a copy of this machine
# that is in memory. Each line must succeed (sh -e).

package=$1
newer=${2:-}
mount --make-rprivate /
mount -t tmpfs tmpfs "$PWD"
cd "$PWD" # where that is
mkdir upper work root next
cp "$package" first.deb
mount -t overlay overlay -o "lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work" root
mount -t proc proc root/proc
mount --rbind /dev root/dev
ip link set lo up

# Without a newer version, one that only says that it is.
if [ -n "$newer" ]; then
	cp "$newer" second.deb
else
	dpkg-deb -R first.deb next
	sed -i 's/^Version: .*/Version: 1.1.0-1/' next/DEBIAN/control
	sed -i 's/^# Settings of/# Newer settings of/' next/etc/smartlinks/smartlinks.toml
	dpkg-deb -Znone -b next second.deb
fi
cp first.deb second.deb root/

inside() { chroot root "$@"; }
data=root/var/lib/smartlinks
settings=root/etc/smartlinks/smartlinks.toml

# start runs what the unit runs, as whom the unit runs it, until stop.
start() {
	unit=root/usr/lib/systemd/system/smartlinks.service
	command=$(sed -n 's/^ExecStart=//p' $unit)
	user=$(sed -n 's/^User=//p' $unit)
	chroot root setpriv --reuid="$user" --regid="$user" --init-groups $command 2>log &
	server=$!
	curl --silent --show-error --fail --retry 100 --retry-delay 0 --retry-max-time 30 --retry-connrefused http://127.0.0.1:8080/readyz || { cat log; exit 1; }
}
stop() {
	kill -TERM $server
	wait $server
}

# Installing says what to do next, and leaves all of it ready.
inside dpkg -i /first.deb | tee said
grep -q 'systemctl enable --now smartlinks' said
[ "$(inside stat -c '%U:%G %a' /var/lib/smartlinks)" = "smartlinks:smartlinks 700" ]
[ "$(inside stat -c '%U:%G %a' /etc/smartlinks/smartlinks.toml)" = "root:smartlinks 640" ]
inside smartlinks --version
inside sh -c 'zcat /usr/share/man/man1/smartlinks.1.gz | grep -q "^.TH SMARTLINKS"'
inside bash -c '. /usr/share/bash-completion/completions/smartlinks; COMP_WORDS=(smartlinks token cr); COMP_CWORD=2; _smartlinks; [ "${COMPREPLY[*]}" = create ]'
if command -v systemd-analyze; then inside systemd-analyze verify smartlinks.service; fi

# It runs with the settings that came with it.
start
grep -q 'http://localhost:8080/setup\|http://127.0.0.1:8080/setup' log
echo 'a long password' | inside smartlinksctl setup --business Acme --handle acme --email owner@acme.example --password-stdin
for _ in $(seq 100); do ls root/var/backups/smartlinks/smartlinks-*.db && break || sleep 0.2; done
inside smartlinksctl doctor | tee said
grep -q 'ok    The newest backup is from .*, of 1 in' said
if inside setpriv --reuid=nobody --regid=nogroup --clear-groups smartlinksctl doctor; then exit 1; fi
stop

# An upgrade keeps what the operator wrote and what merchants have.
echo 'log-level = "debug"' >>$settings
inside dpkg --force-confold -i /second.deb
grep -q '^log-level' $settings
start
inside smartlinksctl token create --business acme --name test
inside smartlinksctl doctor
stop
[ -z "$(find $data ! -uid "$(inside id -u smartlinks)")" ]

# Without the program the settings and the data stay; a purge takes the settings.
inside dpkg --remove smartlinks
[ ! -e root/usr/bin/smartlinks ]
[ -e $settings ]
inside dpkg --purge smartlinks | tee said
grep -q 'data of Smart Links is kept' said
[ ! -e root/etc/smartlinks ]
[ -s $data/smartlinks.db ]
[ -s $data/secret.key ]

# It comes back to them.
inside dpkg -i /first.deb
start
inside smartlinksctl doctor
stop
