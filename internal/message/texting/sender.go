package texting

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// Gateway is the installation's way for text messages.
type Gateway struct {
	// Account is the installation's account; its zero value is none.
	Account sms.Account
	// Box takes them where no account is set; nil outside of test mode.
	Box sms.Gateway
	// Bases lead to stand-ins for gateways.
	Bases sms.Bases
}

// Sender is who an SMS comes from.
type Sender struct {
	// Name is the number or the name that the phone shows.
	Name    string
	gateway sms.Gateway // nil when none is set
	kind    sms.Kind    // "" for the mailbox
	version int64       // of the settings
	refused bool        // the gateway refused the account when it was last asked
}

// Set reports whether SMS have a gateway to go to.
func (s Sender) Set() bool { return s.gateway != nil }

// Classic reports whether they go by a classic key of MessageBird's, which is
// taken until sms.ClassicUntil.
func (s Sender) Classic() bool { return s.kind == sms.ByMessageBird }

// WhyNot says why no SMS from this sender arrives at a number, and what to do;
// "" where nothing is known against it.
func (s Sender) WhyNot(to string) string {
	country := sms.NamelessCountry(to)
	if s.kind == "" || country == "" || !sms.IsName(s.Name) {
		return ""
	}
	return "Phones in " + country + " take no SMS from a name like " + s.Name + ". Set a number as the sender in Settings, SMS."
}

// SMSSender is who the business's SMS come from, for those who show it. Where the account
// that is stored can't be opened, none is set.
func (m *Texts) SMSSender(ctx context.Context, from db.Reader, b business.Business) (Sender, error) {
	s, err := m.smsSender(ctx, from, b)
	if errors.Is(err, secret.ErrSealed) {
		return Sender{Name: sms.Originator(b.Name)}, nil
	}
	return s, err
}

func (m *Texts) smsSender(ctx context.Context, from db.Reader, b business.Business) (Sender, error) {
	s := Sender{gateway: m.SMS.Box}
	r, err := readSMSSettings(ctx, from, b.ID)
	if err != nil {
		return s, err
	}
	s.version, s.refused = r.Version, r.Problem != ""
	account, err := m.ownSMS(b.ID, r)
	if errors.Is(err, secret.ErrSealed) {
		return s, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if err != nil {
		return s, err
	}
	if account == nil && m.SMS.Account.Kind != "" {
		account = &m.SMS.Account
	}
	if account != nil {
		s.gateway, s.kind, s.Name = m.opener.Open(*account), account.Kind, account.From
	}
	if r.Gateway == "" && r.Sender != "" {
		s.Name = r.Sender
	}
	if s.Name == "" {
		s.Name = sms.Originator(b.Name)
	}
	return s, nil
}

// smsLine is an account that may report to us.
type smsLine struct {
	sms.Line
	account sms.Account
	own     bool // the business's, not the installation's
}

// unsigned reports whether the account's reports can't be signed, because we
// weren't given the key for it.
func (l smsLine) unsigned() bool {
	return l.account.Kind == sms.ByMessageBird && l.account.SigningKey == ""
}

// smsLines are the accounts of a kind that may report to a business: its own
// and the installation's. Of no business it is the installation's alone.
func (m *Texts) smsLines(ctx context.Context, businessID business.ID, kind sms.Kind) (lines []smsLine, err error) {
	r, err := readSMSSettings(ctx, m.DB, businessID)
	if err != nil {
		return nil, err
	}
	own, err := m.ownSMS(businessID, r)
	if err != nil && !errors.Is(err, secret.ErrSealed) { // the installation's may report all the same
		return nil, err
	}
	if own != nil && own.Kind == kind {
		lines = append(lines, smsLine{m.opener.Open(*own), *own, true})
	}
	if m.SMS.Account.Kind == kind {
		lines = append(lines, smsLine{m.opener.Open(m.SMS.Account), m.SMS.Account, false})
	}
	return lines, nil
}
