package bounce

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/bounce/report"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// SourceKind is where a business hears of mails that come back.
type SourceKind string

// The kinds; "" is nowhere.
const (
	Nowhere    SourceKind = ""
	ByMailbox  SourceKind = "imap"
	BySES      SourceKind = "ses"
	ByPostmark SourceKind = "postmark"
	ByBrevo    SourceKind = "brevo"
)

// service tells of a source that is a mail service, which tells us by itself.
func (k SourceKind) service() bool { return k == BySES || k == ByPostmark || k == ByBrevo }

// Source is where a business hears of mails that come back.
type Source struct {
	Kind    SourceKind
	Mailbox imap.Mailbox // without its password
	// HookURL is what the service must be told: our address with a secret in it. ""
	// for a mailbox.
	HookURL string
	Topic   string     // of Amazon SNS, once it is confirmed
	HeardAt *time.Time // when it was read or told last
	Problem string     // why the mailbox can't be read
	// Unreadable says that the mailbox, or the secret of HookURL, can't be opened as it is
	// stored: it is damaged, or was sealed with another key. The one must be entered again,
	// the other is made anew when the source is saved.
	Unreadable bool
	Version    int64 // 0: nothing was ever set
}

// Wanted are settings as a member gives them. A mailbox without a password keeps the one
// that is stored, for the same user at the same server.
type Wanted struct {
	Kind    SourceKind
	Mailbox imap.Mailbox
}

// sourceRow is a line of bounce_sources.
type sourceRow struct {
	Kind                            SourceKind
	Mailbox, Secret, Topic, Problem string
	HeardAt                         db.Time
	Version                         int64
}

func readSource(ctx context.Context, from db.Reader, businessID business.ID) (r sourceRow, err error) {
	err = from.Get(ctx, &r, `SELECT kind, mailbox, secret, topic, problem, heard_at, version FROM bounce_sources WHERE business_id = $1`, businessID)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return r, err
}

// Source returns where the business hears of mails that come back.
func (b *Bounces) Source(ctx context.Context, businessID business.ID) (Source, error) {
	r, err := readSource(ctx, b.DB, businessID)
	if err != nil {
		return Source{}, err
	}
	return b.source(businessID, r)
}

func (b *Bounces) source(businessID business.ID, r sourceRow) (Source, error) {
	s := Source{Kind: r.Kind, Topic: r.Topic, Problem: r.Problem, HeardAt: r.HeardAt.Ptr(), Version: r.Version}
	mailbox, err := b.openMailbox(businessID, r.Mailbox)
	if errors.Is(err, secret.ErrSealed) {
		s.Unreadable, err = r.Kind == ByMailbox, nil
	}
	if err != nil {
		return s, err
	}
	s.Mailbox = mailbox
	s.Mailbox.Password = ""
	if r.Kind.service() {
		plain, err := b.Sealer.Open(r.Secret, secretContext(businessID))
		if errors.Is(err, secret.ErrSealed) {
			s.Unreadable = true
			return s, nil
		}
		if err != nil {
			return s, err
		}
		s.HookURL = b.hookURL(businessID, r.Kind, string(plain))
	}
	return s, nil
}

// HookUser is the user name in the address that a service is given; its password is the
// secret.
const HookUser = "smartlinks"

func (b *Bounces) hookURL(businessID business.ID, kind SourceKind, secret string) string {
	plain := b.Addresses.Own(address.MailHook(kind, businessID))
	scheme, rest, _ := strings.Cut(plain, "://")
	return scheme + "://" + HookUser + ":" + secret + "@" + rest
}

// secretContext is what a business's secret is sealed for.
func secretContext(id business.ID) string { return "business/" + string(id) + "/mail service" }

// Change changes where the business hears of mails that come back; the version is the one
// that was read, 0 accepts any. A mailbox is opened once before it is kept. Errors: Stale,
// and Invalid with the fields that are wrong.
func (b *Bounces) Change(ctx context.Context, businessID business.ID, version int64, w Wanted) (s Source, err error) {
	before, err := readSource(ctx, b.DB, businessID)
	if err != nil {
		return s, err
	}
	if w.Kind != Nowhere && w.Kind != ByMailbox && !w.Kind.service() {
		var wrong fault.Fields
		wrong.Add("kind", "kind.unknown", "Choose one of the services in the list.")
		return s, wrong.Err()
	}
	sealed := before.Mailbox
	if w.Kind == ByMailbox {
		if sealed, err = b.wantMailbox(ctx, businessID, w.Mailbox, before); err != nil {
			return s, err
		}
	}
	err = b.DB.InTx(ctx, func(tx *db.Tx) error {
		// The write locks the row, and makes it when it isn't there.
		if _, err := tx.Exec(ctx, `INSERT INTO bounce_sources (business_id, kind, version, updated_at) VALUES ($1, '', 0, $2)
			ON CONFLICT (business_id) DO UPDATE SET version = bounce_sources.version`, businessID, db.At(tx.Now())); err != nil {
			return err
		}
		r, err := readSource(ctx, tx, businessID)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")
		}
		if err := b.apply(ctx, tx, businessID, w.Kind, sealed, &r); err != nil {
			return err
		}
		s, err = b.source(businessID, r)
		return err
	})
	return s, err
}

// apply writes a source down.
func (b *Bounces) apply(ctx context.Context, tx *db.Tx, businessID business.ID, kind SourceKind, mailbox string, r *sourceRow) error {
	_, broken := b.Sealer.Open(r.Secret, secretContext(businessID))
	if kind.service() && (broken != nil || r.Kind != kind) {
		plain, err := secret.Token(b.DB.Random())
		if err != nil {
			return err
		}
		if r.Secret, err = b.Sealer.Seal([]byte(plain), secretContext(businessID)); err != nil {
			return err
		}
		r.Topic = ""
	}
	due := any(nil)
	if kind == ByMailbox {
		due = db.At(b.DB.Clock().Wall())
	}
	other := kind != r.Kind || mailbox != r.Mailbox
	r.Kind, r.Mailbox, r.Problem = kind, mailbox, ""
	r.Version++
	_, err := tx.Exec(ctx, `UPDATE bounce_sources SET kind = $2, mailbox = $3, secret = $4, topic = $5, problem = '', due_at = $6, version = $7, updated_at = $8,
			uid_validity = CASE WHEN $9 THEN 0 ELSE uid_validity END, last_uid = CASE WHEN $9 THEN 0 ELSE last_uid END,
			heard_at = CASE WHEN $9 THEN NULL ELSE heard_at END
		WHERE business_id = $1`, businessID, r.Kind, r.Mailbox, r.Secret, r.Topic, due, r.Version, db.At(tx.Now()), other)
	if err == nil && kind == ByMailbox {
		b.mailboxes.Due(tx)
	}
	return err
}

// wantMailbox checks a mailbox that a member typed, opens it once, and seals it.
func (b *Bounces) wantMailbox(ctx context.Context, businessID business.ID, m imap.Mailbox, before sourceRow) (string, error) {
	var wrong fault.Fields
	m.Host = text.Rule{Most: 253, Required: true}.Clean("host", m.Host, wrong.Add)
	m.User = text.Rule{Most: 254, Required: true}.Clean("user", m.User, wrong.Add)
	m.Folder = text.Rule{Most: 200}.Clean("folder", m.Folder, wrong.Add)
	if m.Port == "" {
		m.Port = "143"
		if m.Implicit {
			m.Port = "993"
		}
	}
	if port, err := strconv.ParseUint(m.Port, 10, 16); err != nil || port == 0 {
		wrong.Add("port", "", "The port is a number like 993.")
	}
	if strings.ContainsAny(m.Host, "/:@ ") && !strings.Contains(m.Host, "::") {
		wrong.Add("host", "", "This is no mail server's name. It should be like imap.example.com.")
	}
	if m.Password == "" && len(wrong) == 0 {
		kept, err := b.openMailbox(businessID, before.Mailbox)
		if err != nil && !errors.Is(err, secret.ErrSealed) {
			return "", err
		}
		if kept.Password == "" || kept.Host != m.Host || kept.Port != m.Port || kept.User != m.User {
			wrong.Add("password", "", "Type the password of this user.")
		} else if kept.Implicit == m.Implicit && kept.Folder == m.Folder {
			return before.Mailbox, nil
		}
		m.Password = kept.Password
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	if err := b.reader.Check(ctx, m); err != nil {
		wrong.Add("host", "mailbox.closed", "This mailbox can't be opened: "+report.OneLine(err.Error())+". Check what you typed.")
		return "", wrong.Err()
	}
	return b.sealMailbox(businessID, m)
}

// CheckMailboxes opens every mailbox that is read, and tells what came of it. It is for
// the operator.
func (b *Bounces) CheckMailboxes(ctx context.Context, tell func(businessName string, m imap.Mailbox, problem error)) error {
	var all []struct {
		BusinessID    business.ID
		Name, Mailbox string
	}
	err := b.DB.Select(ctx, &all, `SELECT s.business_id, b.name, s.mailbox FROM bounce_sources s JOIN businesses b ON b.id = s.business_id
		WHERE s.kind = 'imap' ORDER BY s.business_id LIMIT 1000`)
	if err != nil {
		return err
	}
	for _, one := range all {
		m, err := b.openMailbox(one.BusinessID, one.Mailbox)
		if err == nil {
			err = b.reader.Check(ctx, m)
		}
		m.Password = ""
		tell(one.Name, m, err)
	}
	return nil
}
