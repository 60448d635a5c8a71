package email

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"smartlinks/internal/fault"
)

// TLS says when the way to a server must be encrypted.
type TLS string

// The modes. Whichever is set, nothing leaves this machine unencrypted, and
// credentials don't even over loopback.
const (
	Opportunistic TLS = "opportunistic" // STARTTLS when the server offers it
	Mandatory     TLS = "mandatory"     // STARTTLS, or nothing is sent
	None          TLS = "none"          // plain, on loopback only
	Implicit      TLS = "implicit"      // TLS from the first byte: smtps://
)

// Server is a mail server to hand letters to.
type Server struct {
	Host           string
	Port           string
	User, Password string
	TLS            TLS
}

// The ports of RFC 6409 (submission) and RFC 8314 (submission over TLS).
const (
	submissionPort  = "587"
	submissionsPort = "465"
)

// ParseURL reads smtp://user:password@host:port?tls=none|opportunistic|mandatory
// or smtps://…. What is wrong is an Invalid fault with a sentence that never
// repeats the password.
func ParseURL(text string) (Server, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return Server{}, refused("Write the mail server as smtp://user:password@mail.example.com:587. Characters like @ or / in the password are written %40 and %2F.")
	}
	s := Server{Host: u.Hostname(), Port: u.Port(), User: u.User.Username()}
	s.Password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		s.TLS = TLS(u.Query().Get("tls"))
	case "smtps":
		s.TLS = Implicit
	default:
		return Server{}, refused("The mail server's address starts with smtp:// or smtps://.")
	}
	if s.TLS == "" {
		s.TLS = Opportunistic
	}
	if s.Port == "" {
		s.Port = submissionPort
		if s.TLS == Implicit {
			s.Port = submissionsPort
		}
	}
	return s, s.check(u)
}

func (s Server) check(u *url.URL) error {
	for name := range u.Query() {
		if name != "tls" || s.TLS == Implicit {
			return refused("The mail server's address takes ?tls=none, ?tls=opportunistic or ?tls=mandatory, and smtps:// takes nothing.")
		}
	}
	switch s.TLS {
	case Opportunistic, Mandatory, Implicit:
	case None:
		if s.User != "" {
			return refused("A user name and password are sent over TLS only. Leave out ?tls=none.")
		}
		if !s.loopback() {
			return refused("?tls=none is for a mail server on this machine only. Leave it out.")
		}
	default:
		return refused("tls is none, opportunistic or mandatory.")
	}
	return nil
}

// Name is the server without its credentials, as people are shown it.
func (s Server) Name() string { return net.JoinHostPort(s.Host, s.Port) }

// URL is what ParseURL reads.
func (s Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Name()}
	if s.User != "" {
		u.User = url.UserPassword(s.User, s.Password)
	}
	if s.TLS == Implicit {
		u.Scheme = "smtps"
	} else if s.TLS != Opportunistic {
		u.RawQuery = "tls=" + string(s.TLS)
	}
	return u.String()
}

// loopback reports whether the server is this machine, by its name alone.
func (s Server) loopback() bool {
	if strings.EqualFold(s.Host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(s.Host)
	return err == nil && address.Unmap().IsLoopback()
}

func refused(message string) error { return fault.New(fault.Invalid, message) }
