package realtest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/message/email/smtptest"
)

// Returning is a Postfix that passes mail for one domain on to another server, and a
// Dovecot over everything else that it gets: also what it sends back.
type Returning struct {
	*Server
	IMAPS, IMAP string // ports on 127.0.0.1, with TLS from the start and with STARTTLS
}

const dovecotConf = `base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
mail_location = maildir:{dir}/mail/all
first_valid_uid = 1
service imap-login {
  inet_listener imap {
    port = {imap}
  }
  inet_listener imaps {
    port = {imaps}
    ssl = yes
  }
}
passdb {
  driver = static
  args = password={password}
}
userdb {
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail
}
`

// ReturningMail starts Postfix and Dovecot as Postfix does, in folders and on ports of
// their own. Mail to the domain goes to the SMTP server at relay, a port of 127.0.0.1.
func ReturningMail(tb testing.TB, domain, relay string) Returning {
	tb.Helper()
	if _, err := os.Stat("/usr/sbin/dovecot"); os.Getuid() == 0 && err != nil {
		tb.Fatal("Dovecot is not installed; scripts/packages.sh installs it")
	}
	s, p := startPostfix(tb, "transport_maps = inline:{ "+domain+"=smtp:[127.0.0.1]:"+relay+" }\nsmtp_tls_security_level = none\n", "smtp unix - - n - - smtp\n")
	r := Returning{Server: s}
	owner, err := user.Lookup("postfix")
	if err != nil {
		tb.Fatal(err)
	}
	for range 10 { // until nobody else has the ports
		r.IMAPS, r.IMAP = freePort(tb), freePort(tb)
		conf := strings.NewReplacer("{dir}", p.dir, "{imap}", r.IMAP, "{imaps}", r.IMAPS, "{password}", smtptest.Password, "{uid}", owner.Uid, "{gid}", owner.Gid).Replace(dovecotConf)
		if startDovecot(tb, p.dir, conf, r.IMAP) {
			return r
		}
	}
	text, _ := os.ReadFile(filepath.Join(p.dir, "dovecot.log"))
	tb.Fatalf("Dovecot does not start:\n%s", text)
	return r
}

func startDovecot(tb testing.TB, dir, conf, port string) bool {
	tb.Helper()
	file := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		tb.Fatal(err)
	}
	// The kernel ends it should this test die.
	master := exec.Command("setpriv", "--pdeathsig=TERM", "/usr/sbin/dovecot", "-F", "-c", file)
	var said bytes.Buffer
	master.Stdout, master.Stderr = &said, &said
	if err := master.Start(); err != nil {
		tb.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = master.Wait(); close(ended) }()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		select {
		case <-ended:
			tb.Logf("Dovecot ended: %s", said.String())
			return false
		case <-time.After(20 * time.Millisecond):
		}
		if conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second); err == nil {
			conn.Close()
			tb.Cleanup(func() { stop(master, ended) })
			return true
		}
	}
	stop(master, ended)
	return false
}

// Returned waits until so many mails lie in Dovecot's mailbox.
func (r Returning) Returned(tb testing.TB, many int) {
	tb.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; {
		entries, err := os.ReadDir(r.folder)
		if err == nil && len(entries) >= many {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%d of %d mails came back: %v", len(entries), many, err)
		}
		time.Sleep(20 * time.Millisecond) // another program writes them
	}
}
