// Package imap reads the messages of a mailbox that came since it was read last. It opens
// the mailbox for reading alone: no message is moved, marked or deleted.
package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"smartlinks/internal/mailaddr"
	"smartlinks/internal/outbound"
)

// Mailbox is where messages lie.
type Mailbox struct {
	Host, Port     string
	User, Password string
	Implicit       bool   // TLS from the first byte; else STARTTLS, without which nothing is said
	Folder         string // "" is INBOX
}

// Name is the server and the folder, as people are shown them.
func (m Mailbox) Name() string { return net.JoinHostPort(m.Host, m.Port) + "/" + m.folder() }

func (m Mailbox) folder() string {
	if m.Folder == "" {
		return "INBOX"
	}
	return m.Folder
}

// Mark is how far a mailbox was read: the last message of one generation of UIDs (RFC
// 9051, 2.3.1.1). The zero value is nothing yet.
type Mark struct{ Validity, UID uint32 }

const (
	connectWait = 10 * time.Second
	wholeWait   = 2 * time.Minute
	// maxBytes bounds everything that a server may say in one visit.
	maxBytes = 64 << 20
	// maxMessages bounds how many messages one visit reads; the rest has its turn next.
	maxMessages = 100
)

// Reader reads mailboxes. It is safe for concurrent use.
type Reader struct {
	// PublicOnly refuses servers at private addresses.
	PublicOnly bool
	// Trust is nil for the certificates of the system.
	Trust *tls.Config
}

// Check opens the mailbox and closes it again.
func (r *Reader) Check(ctx context.Context, m Mailbox) error {
	return r.visit(ctx, m, func(*imapclient.Client, *imap.SelectData) error { return nil })
}

// Read gives take every message behind the mark, at most its first size bytes, the oldest
// first. Where there is no mark yet it begins with the messages since a day. It returns
// how far it came, and whether there is more.
func (r *Reader) Read(ctx context.Context, m Mailbox, from Mark, since time.Time, size int64, take func(source []byte) error) (to Mark, more bool, err error) {
	to = from
	err = r.visit(ctx, m, func(c *imapclient.Client, box *imap.SelectData) error {
		if from.Validity != box.UIDValidity {
			to = Mark{Validity: box.UIDValidity}
		}
		if box.NumMessages == 0 || box.UIDNext != 0 && uint32(box.UIDNext) <= to.UID+1 {
			return nil
		}
		uids, err := newer(c, to.UID, since)
		if err != nil {
			return err
		}
		if more = len(uids) > maxMessages; more {
			uids = uids[:maxMessages]
		}
		for _, uid := range uids {
			if err := fetch(c, uid, size, take); err != nil {
				return err
			}
			to.UID = uint32(uid)
		}
		return nil
	})
	return to, more, err
}

// newer are the messages behind one, in order; without one those since a day.
func newer(c *imapclient.Client, last uint32, since time.Time) ([]imap.UID, error) {
	criteria := &imap.SearchCriteria{Since: since}
	if last > 0 {
		criteria = &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(last + 1)}}}}
	}
	found, err := c.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, err
	}
	// To the last message there is a range from any number behind it (RFC 9051, 9: seq-range).
	uids := slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uint32(uid) <= last })
	slices.Sort(uids)
	return uids, nil
}

func fetch(c *imapclient.Client, uid imap.UID, size int64, take func(source []byte) error) error {
	command := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: size}}}})
	var source []byte
	for message := command.Next(); message != nil; message = command.Next() {
		for item := message.Next(); item != nil; item = message.Next() {
			section, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || section.Literal == nil {
				continue
			}
			text, err := io.ReadAll(io.LimitReader(section.Literal, size))
			if err != nil {
				return errors.Join(err, command.Close())
			}
			source = text
		}
	}
	if err := command.Close(); err != nil {
		return err
	}
	if source == nil {
		return nil // somebody has deleted it meanwhile
	}
	return take(source)
}

// Step is what was being done with a mailbox when something went wrong.
type Step string

const (
	connecting Step = "connecting"
	signingIn  Step = "signing in"
	opening    Step = "opening the folder"
	reading    Step = "reading the messages"
)

var (
	errPrivate = errors.New("its address is within a private network, which is not allowed here")
	errSilent  = errors.New("it did not answer in time")
	errTooMuch = errors.New("it said too much")
	errHungUp  = errors.New("it closed the connection")
)

// visit opens the mailbox, does what the visit is for, and takes leave.
func (r *Reader) visit(ctx context.Context, m Mailbox, do func(*imapclient.Client, *imap.SelectData) error) error {
	ctx, cancel := context.WithTimeout(ctx, wholeWait)
	defer cancel()
	c, closeConn, err := r.open(ctx, m)
	if err != nil {
		return problem(ctx, m, connecting, err)
	}
	defer closeConn()
	defer func() { _ = c.Close() }()
	if err := c.Login(m.User, m.Password).Wait(); err != nil {
		return problem(ctx, m, signingIn, err)
	}
	box, err := c.Select(m.folder(), &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return problem(ctx, m, opening, err)
	}
	if err := do(c, box); err != nil {
		return problem(ctx, m, reading, err)
	}
	_ = c.Logout().Wait()
	return nil
}

// problem is a sentence for people, as that of a mail server is: what the server said, or else
// what went wrong, at which step.
func problem(ctx context.Context, m Mailbox, at Step, cause error) error {
	server := net.JoinHostPort(m.Host, m.Port)
	var answer *imap.Error
	if ctx.Err() == nil && errors.As(cause, &answer) {
		return fmt.Errorf("%s answered “%s” while %s", server, strings.TrimSpace(string(answer.Type)+" "+answer.Text), at)
	}
	if ctx.Err() != nil {
		cause = errSilent
	}
	// What of the three it is depends on who notices it first: the writer or the reader.
	if errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) || errors.Is(cause, net.ErrClosed) {
		cause = errHungUp
	}
	var operation *net.OpError
	if errors.As(cause, &operation) && operation.Err != nil {
		cause = operation.Err
	}
	return fmt.Errorf("%s can't be used while %s: %w", server, at, cause)
}

func (r *Reader) open(ctx context.Context, m Mailbox) (*imapclient.Client, func(), error) {
	dialer := net.Dialer{Timeout: connectWait}
	if r.PublicOnly {
		dialer.Control = outbound.OnlyPublic
	}
	host := mailaddr.Host(m.Host)
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, m.Port))
	if errors.Is(err, outbound.ErrPrivate) {
		err = errPrivate
	}
	if err != nil {
		return nil, nil, err
	}
	bounded := &boundedConn{Conn: conn, left: maxBytes}
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	done := func() { release(); _ = conn.Close() }
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.Trust != nil {
		trust = r.Trust.Clone()
	}
	trust.ServerName = host
	if !m.Implicit {
		c, err := imapclient.NewStartTLS(bounded, &imapclient.Options{TLSConfig: trust})
		if err != nil {
			done()
			return nil, nil, err
		}
		return c, done, nil
	}
	secured := tls.Client(bounded, trust)
	if err := secured.HandshakeContext(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return imapclient.New(secured, nil), done, nil
}

// boundedConn ends when a server has said too much.
type boundedConn struct {
	net.Conn
	left int
}

// Read implements net.Conn. One goroutine reads.
func (b *boundedConn) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p)
	b.left -= n
	return n, err
}
