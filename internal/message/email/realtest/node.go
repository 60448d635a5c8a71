// Package realtest starts mail servers that nobody here wrote, for tests: Debian's
// Postfix, and one in Node. Both ask for TLS and a password, and neither takes SMTPUTF8.
// What they took is read by a parser that nobody here wrote either.
package realtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/message/email/smtptest"
)

// Server is a running mail server. It ends with the test.
type Server struct {
	URL   string // smtp://amara:secret@127.0.0.1:…
	Trust *tls.Config

	folder string // where its mails arrive, a file each
	reader string // where the reader's programs are
}

// Mail is a mail as it was read.
type Mail struct {
	ID               string
	From             Address
	To, ReplyTo      []Address
	Subject          string
	Date             time.Time
	Text, HTML       string
	OptOut, OneClick []string // List-Unsubscribe and List-Unsubscribe-Post
	Attachments      int
	ASCII            bool // every byte of its source
}

// Address is a name and an address of a mail.
type Address struct{ Name, Address string }

// Node starts a server in Node, with the folder that Programs made.
func Node(tb testing.TB, programs string) *Server {
	tb.Helper()
	folder := tb.TempDir()
	cert, key, trust := certificateFiles(tb, tb.TempDir())
	command := exec.Command("node", filepath.Join(programs, "server.mjs"), folder, cert, key)
	command.Stderr = tb.Output()
	stop, err := command.StdinPipe() // it ends when this does, however the test ends
	if err != nil {
		tb.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { stop.Close(); _ = command.Wait() })
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("the server in Node did not start: %v", err)
	}
	return &Server{URL: address(strings.TrimSpace(port)), Trust: trust, folder: folder, reader: programs}
}

// Programs makes a folder with the server and the reader and the packages that they
// need. The test runs in the folder of package message.
func Programs(tb testing.TB) string {
	tb.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		tb.Skip("npm is not installed; scripts/packages.sh installs it")
	}
	dir := tb.TempDir()
	if err := os.CopyFS(dir, os.DirFS("email/realtest/testdata/node")); err != nil {
		tb.Fatal(err)
	}
	install := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		tb.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}

func address(port string) string {
	return "smtp://" + smtptest.User + ":" + smtptest.Password + "@127.0.0.1:" + port
}

// certificateFiles writes a certificate for 127.0.0.1 and its key into a folder.
func certificateFiles(tb testing.TB, dir string) (cert, key string, trust *tls.Config) {
	tb.Helper()
	certificate, trust := smtptest.Certificate(tb)
	private, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		tb.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return cert, key, trust
}

// Mails waits until so many mails arrived, reads them, and returns them by their
// Message-ID without its brackets.
func (s *Server) Mails(tb testing.TB, many int) map[string]Mail {
	tb.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		entries, err := os.ReadDir(s.folder)
		if err == nil && len(entries) >= many {
			break
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%d of %d mails arrived: %v", len(entries), many, err)
		}
		time.Sleep(20 * time.Millisecond) // another program writes them
	}
	read := exec.Command("node", filepath.Join(s.reader, "read.mjs"), s.folder)
	read.Stderr = tb.Output()
	out, err := read.Output()
	if err != nil {
		tb.Fatalf("read the mails: %v", err)
	}
	mails := map[string]Mail{}
	for lines := json.NewDecoder(bytes.NewReader(out)); lines.More(); {
		var m Mail
		if err := lines.Decode(&m); err != nil {
			tb.Fatal(err)
		}
		mails[strings.Trim(m.ID, "<>")] = m
	}
	return mails
}
