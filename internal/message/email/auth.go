package email

import (
	"errors"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"smartlinks/internal/mailaddr"
)

var (
	errNotEncrypted = errors.New("it offers no STARTTLS, and mail leaves this machine encrypted only. Use smtps:// or another port")
	errNoSignIn     = errors.New("it offers no way to sign in that we know (SCRAM-SHA-256, PLAIN or LOGIN)")
)

// way picks how to sign in of those that the server lists; nil for none. By
// now the connection is encrypted, so PLAIN shows the password to nobody else.
func (s *SMTP) way(listed string) smtp.Auth {
	ways := strings.Fields(strings.ToUpper(listed))
	user, password := s.Server.User, s.Server.Password
	switch {
	case slices.Contains(ways, "SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(user, password)
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", user, password, mailaddr.Host(s.Server.Host), false)
	case slices.Contains(ways, "LOGIN"):
		return smtp.LoginAuth(user, password, mailaddr.Host(s.Server.Host), false)
	}
	return nil
}
