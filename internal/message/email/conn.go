package email

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"smartlinks/internal/mailaddr"
	"smartlinks/internal/outbound"
)

var (
	errSilent  = errors.New("it did not answer in time")
	errPrivate = errors.New("its address is within a private network, which only the operator's own gateway (--smtp-url) may be")
)

// boundedConn is a connection that ends when one read or write takes longer
// than wait, or when its context does. Deadlines are not used: they would need
// the time of day, and go-mail sets its own.
type boundedConn struct {
	net.Conn
	wait    time.Duration
	release func() bool
	late    atomic.Bool
}

// dial connects to the server.
func (s *SMTP) dial(ctx context.Context) (*boundedConn, error) {
	dialer := net.Dialer{Timeout: s.Waits.Connect}
	if s.PublicOnly {
		dialer.Control = refusePrivate
	}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(mailaddr.Host(s.Server.Host), s.Server.Port))
	if err != nil {
		return nil, err
	}
	b := &boundedConn{Conn: conn, wait: s.Waits.Answer}
	b.release = context.AfterFunc(ctx, b.end)
	return b, nil
}

func (b *boundedConn) end() {
	b.late.Store(true)
	_ = b.Conn.Close()
}

// Read implements net.Conn.
func (b *boundedConn) Read(p []byte) (int, error) { return b.bounded(b.Conn.Read, p) }

// Write implements net.Conn.
func (b *boundedConn) Write(p []byte) (int, error) { return b.bounded(b.Conn.Write, p) }

func (b *boundedConn) bounded(do func([]byte) (int, error), p []byte) (int, error) {
	timer := time.AfterFunc(b.wait, b.end)
	n, err := do(p)
	timer.Stop()
	if err != nil && b.late.Load() {
		err = errSilent
	}
	return n, err
}

// SetDeadline implements net.Conn and does nothing; see above.
func (b *boundedConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn and does nothing.
func (b *boundedConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn and does nothing.
func (b *boundedConn) SetWriteDeadline(time.Time) error { return nil }

// Close implements net.Conn.
func (b *boundedConn) Close() error {
	b.release()
	return b.Conn.Close()
}

// refusePrivate tells in the words of a mail server that a name led to a private
// address.
func refusePrivate(network, address string, c syscall.RawConn) error {
	if outbound.OnlyPublic(network, address, c) != nil {
		return errPrivate
	}
	return nil
}
