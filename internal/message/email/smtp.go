package email

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"smartlinks/internal/mailaddr"
)

// Waits bound the steps of handing over a letter.
type Waits struct {
	Connect time.Duration // until there is a connection
	Answer  time.Duration // for each answer and each write
	Accept  time.Duration // for the answer to the whole letter: to give up early is to send twice
	Whole   time.Duration // for everything together
}

// UsualWaits are shorter than RFC 5321, 4.5.3.2 asks of servers that pass mail
// on: ours is a submission to a server that was chosen, and a row that waits.
func UsualWaits() Waits {
	return Waits{Connect: 10 * time.Second, Answer: 30 * time.Second, Accept: 2 * time.Minute, Whole: 3 * time.Minute}
}

// SMTP hands letters to one server. It is safe for concurrent use.
type SMTP struct {
	Server Server
	// Name is what we call ourselves in EHLO: a host name.
	Name  string
	Waits Waits
	// PublicOnly refuses servers at private addresses: for those that a
	// merchant chose, who must not reach into the operator's network.
	PublicOnly bool
	// Trust is nil for the certificates of the system.
	Trust *tls.Config
}

// Send hands over one letter. It returns nil when the server took it, else a
// *Refusal.
func (s *SMTP) Send(ctx context.Context, l Mail) error {
	l.mark = marks[strings.ToLower(mailaddr.Host(s.Server.Host))]
	source, err := l.Source()
	if err != nil {
		return &Refusal{Step: Writing, Final: true, cause: err}
	}
	return s.visit(ctx, func(c *smtp.Client, conn *boundedConn) error {
		return s.take(
			step{Sender, func() error { return mailFrom(c, l.sender()) }},
			step{Recipient, func() error { return rcptTo(c, l.To.Address) }},
			step{Content, func() error { return s.hand(c, conn, source) }},
		)
	})
}

// Check goes as far as a letter would that is from one address to another, and takes
// it back before a word of it is said (RFC 5321, 4.1.1.5). Its errors are those of Send.
func (s *SMTP) Check(ctx context.Context, from, to string) error {
	return s.visit(ctx, func(c *smtp.Client, _ *boundedConn) error {
		err := s.take(
			step{Sender, func() error { return mailFrom(c, from) }},
			step{Recipient, func() error { return rcptTo(c, to) }},
		)
		if err == nil {
			_ = c.Reset() // leaving takes it back as well
		}
		return err
	})
}

// step is one part of the conversation.
type step struct {
	name Step
	do   func() error
}

// take goes through steps until one is refused.
func (s *SMTP) take(steps ...step) error {
	for _, step := range steps {
		if err := step.do(); err != nil {
			return s.refusal(step.name, err)
		}
	}
	return nil
}

// visit opens the conversation (RFC 5321, 3.1 and 3.2), does what the visit is
// for, and takes leave.
func (s *SMTP) visit(ctx context.Context, do func(*smtp.Client, *boundedConn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.Waits.Whole)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return s.refusal(Connecting, err)
	}
	defer conn.Close()
	over := net.Conn(conn)
	if s.Server.TLS == Implicit {
		secured := tls.Client(conn, s.tls())
		if err := secured.HandshakeContext(ctx); err != nil {
			return s.refusal(Encrypting, err)
		}
		over = secured
	}
	c, err := smtp.NewClient(over, mailaddr.Host(s.Server.Host))
	if err != nil {
		return s.refusal(Greeting, err)
	}
	if err := s.take(
		step{Greeting, func() error { return c.Hello(Literal(s.Name)) }},
		step{Encrypting, func() error { return s.encrypt(c) }},
		step{SigningIn, func() error { return s.signIn(c) }},
	); err != nil {
		return err
	}
	if err := do(c, conn); err != nil {
		return err
	}
	_ = c.Quit() // it has the letter; how we part changes nothing
	return nil
}

// hand sends the letter itself and waits until the server took it.
func (s *SMTP) hand(c *smtp.Client, conn *boundedConn, source []byte) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(source); err != nil {
		return err
	}
	conn.wait = s.Waits.Accept
	return w.Close()
}

// encrypt starts TLS. Without it only loopback is spoken to.
func (s *SMTP) encrypt(c *smtp.Client) error {
	if s.Server.TLS == Implicit || s.Server.TLS == None {
		return nil
	}
	if offered, _ := c.Extension("STARTTLS"); offered {
		return c.StartTLS(s.tls())
	}
	if s.Server.TLS == Opportunistic && s.Server.loopback() && s.Server.User == "" {
		return nil
	}
	return errNotEncrypted
}

func (s *SMTP) tls() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Trust != nil {
		config = s.Trust.Clone()
	}
	config.ServerName = mailaddr.Host(s.Server.Host)
	return config
}

// signIn proves who we are, by the strongest way that the server knows.
func (s *SMTP) signIn(c *smtp.Client) error {
	if s.Server.User == "" {
		return nil
	}
	offered, ways := c.Extension("AUTH")
	if !offered {
		return errNoSignIn
	}
	way := s.way(ways)
	if way == nil {
		return errNoSignIn
	}
	return c.Auth(way)
}
