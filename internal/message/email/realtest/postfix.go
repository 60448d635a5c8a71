package realtest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smartlinks/internal/message/email/smtptest"
)

// Where Debian keeps Postfix.
const (
	postfixCommands = "/usr/sbin"
	postfixDaemons  = "/usr/lib/postfix/sbin"
)

// mainCF is as strict as Postfix can be about form. Whoever signed in may send to
// everybody; all mail lands in one folder.
const mainCF = `compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/log/mail.log
maillog_file_prefixes = {dir}
myhostname = mail.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
append_dot_mydomain = no
disable_dns_lookups = yes
smtputf8_enable = no
strict_rfc821_envelopes = yes
strict_7bit_headers = yes
strict_8bitmime_body = yes
strict_mime_encoding_domain = yes
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_sender_restrictions = reject_non_fqdn_sender
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_non_fqdn_recipient
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = {dir}/key.pem, {dir}/cert.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{auth}
smtpd_client_connection_count_limit = 0
default_transport = virtual
virtual_mailbox_domains = static:all
virtual_mailbox_base = {dir}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
`

// masterCF has the services of one installation, none in a chroot.
const masterCF = `127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// Postfix starts Debian's Postfix in folders of its own, on a port of its own. Nothing
// of the machine's is read or written, and nothing is left. Only root can start it:
// without it, or where it isn't installed, the test is skipped.
func Postfix(tb testing.TB, programs string) *Server {
	tb.Helper()
	s, _ := startPostfix(tb, "", "")
	s.reader = programs
	return s
}

// startPostfix starts it with more lines of configuration and more services.
func startPostfix(tb testing.TB, lines, services string) (*Server, *postfix) {
	tb.Helper()
	if os.Getuid() != 0 {
		tb.Skip("only root can start Postfix")
	}
	if _, err := os.Stat(postfixDaemons + "/master"); err != nil {
		tb.Skip("Postfix is not installed; scripts/packages.sh installs it")
	}
	owner, err := user.Lookup("postfix")
	if err != nil {
		tb.Fatal(err)
	}
	// Not TempDir: its parents are closed to the user that Postfix becomes.
	dir, err := os.MkdirTemp("/tmp", "smartlinks-postfix.")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	_, _, trust := certificateFiles(tb, dir)
	s := &Server{Trust: trust, folder: filepath.Join(dir, "mail", "all", "new")}
	p := &postfix{tb: tb, dir: dir, main: mainCF + lines, master: masterCF + services, values: strings.NewReplacer("{dir}", dir, "{auth}", authServer(tb), "{uid}", owner.Uid, "{gid}", owner.Gid)}
	p.layOut(owner)
	for range 10 { // until nobody else has the port
		port := freePort(tb)
		if p.start(port) {
			s.URL = address(port)
			return s, p
		}
	}
	tb.Fatalf("Postfix does not start:\n%s", p.log())
	return nil, nil
}

// postfix is one installation of it.
type postfix struct {
	tb     testing.TB
	dir    string
	main   string // its configuration
	master string // its services
	values *strings.Replacer
}

// layOut makes the folders of the installation.
func (p *postfix) layOut(owner *user.User) {
	p.tb.Helper()
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		p.tb.Fatal(err)
	}
	gid, err := strconv.Atoi(owner.Gid)
	if err != nil {
		p.tb.Fatal(err)
	}
	if err := os.Chmod(p.dir, 0o755); err != nil {
		p.tb.Fatal(err)
	}
	for _, name := range []string{"queue", "data", "log", "mail"} {
		folder := filepath.Join(p.dir, name)
		if err := os.Mkdir(folder, 0o755); err != nil {
			p.tb.Fatal(err)
		}
		if name == "data" || name == "mail" {
			if err := os.Chown(folder, uid, gid); err != nil {
				p.tb.Fatal(err)
			}
		}
	}
}

// start runs the installation at a port, and reports whether it answers there.
func (p *postfix) start(port string) bool {
	p.tb.Helper()
	for name, text := range map[string]string{"main.cf": p.main, "master.cf": p.master} {
		text = strings.ReplaceAll(p.values.Replace(text), "{port}", port)
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
			p.tb.Fatal(err)
		}
	}
	if out, err := exec.Command(postfixCommands+"/postfix", "-c", p.dir, "check").CombinedOutput(); err != nil {
		p.tb.Fatalf("Postfix does not like its configuration: %v\n%s%s", err, out, p.log())
	}
	// The kernel ends it should this test die.
	master := exec.Command("setpriv", "--pdeathsig=TERM", postfixDaemons+"/master", "-c", p.dir, "-s")
	var said bytes.Buffer
	master.Stdout, master.Stderr = &said, &said
	if err := master.Start(); err != nil {
		p.tb.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = master.Wait(); close(ended) }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		select {
		case <-ended:
			return false
		case <-time.After(20 * time.Millisecond):
		}
		if greets(port) {
			p.tb.Cleanup(func() { stop(master, ended) })
			return true
		}
	}
	stop(master, ended)
	return false
}

// stop ends master, which ends its children.
func stop(master *exec.Cmd, ended <-chan struct{}) {
	_ = master.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		_ = master.Process.Kill()
		<-ended
	}
}

func greets(port string) bool {
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && strings.HasPrefix(line, "220 ")
}

func (p *postfix) log() string {
	text, err := os.ReadFile(filepath.Join(p.dir, "log", "mail.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func freePort(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// authServer tells Postfix whose password is right, in the protocol of Dovecot
// (Authentication Protocol v1.1), which needs no user of the machine.
func authServer(tb testing.TB) (address string) {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { listener.Close() })
	go func() {
		for n := 1; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go judge(conn, n)
		}
	}()
	return listener.Addr().String()
}

// judge answers the questions of one connection.
func judge(conn net.Conn, n int) {
	defer conn.Close()
	fmt.Fprintf(conn, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t%d\nCOOKIE\t%032x\nDONE\n", n, n)
	want := base64.StdEncoding.EncodeToString([]byte("\x00" + smtptest.User + "\x00" + smtptest.Password))
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		parts := strings.Split(lines.Text(), "\t")
		if parts[0] != "AUTH" || len(parts) < 3 {
			continue
		}
		answer := "FAIL\t" + parts[1]
		if parts[len(parts)-1] == "resp="+want {
			answer = "OK\t" + parts[1] + "\tuser=" + smtptest.User
		}
		fmt.Fprintln(conn, answer)
	}
}
