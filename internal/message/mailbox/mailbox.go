// Package mailbox keeps messages in the database instead of sending them: in
// test mode everybody's mail is read here. It is a gateway like any other.
package mailbox

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/text"
)

// Message is one that was delivered here.
type Message struct {
	ID      string
	Channel string // "email" or "sms"
	At      time.Time
	From    string // as people read it: Studio Noord <no-reply@pay.example>
	To      string // the address or the number alone
	ToName  string
	Subject string
	Text    string
	HTML    string
	Source  string // as it would have gone over the wire
}

// Mailbox is everybody's mailbox. It is safe for concurrent use.
type Mailbox struct {
	db     *db.DB
	public bool
}

// New returns the mailbox of the database. A public one, which strangers read,
// shows no letters about accounts: their links would let anybody in.
func New(d *db.DB, public bool) *Mailbox { return &Mailbox{d, public} }

// Public tells whether letters about accounts are kept back.
func (m *Mailbox) Public() bool { return m.public }

// Send takes a letter, once: a second copy is known by its id.
func (m *Mailbox) Send(ctx context.Context, l email.Mail) error {
	source, err := l.Source()
	if err != nil {
		return err
	}
	return m.db.Together(ctx, "mailbox", "", func(tx *db.Tx) error {
		tx.Notify("mailbox", "")
		return tx.Queue(ctx, db.Exec(nil, `INSERT INTO mailbox (id, channel, at, sender, recipient, subject, plain, source, account)
			VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
			l.ID, db.At(l.Date), shown(l.From.Name, l.From.Address), shown(l.To.Name, l.To.Address), l.Subject, l.Text, string(source), l.Account))
	})
}

// SendSMS takes a text message, once.
func (m *Mailbox) SendSMS(ctx context.Context, t sms.Message) (string, error) {
	return t.ID, m.db.InTx(ctx, func(tx *db.Tx) error {
		tx.Notify("mailbox", "")
		return tx.Queue(ctx, db.Exec(nil, `INSERT INTO mailbox (id, channel, at, sender, recipient, plain) VALUES ($1, 'sms', $2, $3, $4, $5)
			ON CONFLICT (id) DO NOTHING`, t.ID, db.At(tx.Now()), t.From, t.To, t.Text))
	})
}

// trialNumbers begin mobile numbers that belong to nobody, because Sweden's PTS keeps
// them for books and films (070-174 06 05 to 99); those that end in silent are off.
const trialNumbers, silent = "+467017406", "9"

// Report tells what becomes of text messages to numbers that belong to nobody:
// most phones have them, some are off. Of other numbers nothing is known.
func (m *Mailbox) Report(t sms.Message) (sms.Event, bool) {
	switch {
	case !strings.HasPrefix(t.To, trialNumbers):
		return sms.Event{}, false
	case strings.HasSuffix(t.To, silent):
		return sms.Event{State: sms.Failed, Reason: "The phone is off or out of reach"}, true
	}
	return sms.Event{State: sms.Delivered}, true
}

// shown writes an address for people: Amara Okafor <amara@example.com>.
func shown(name, address string) string {
	if name == "" {
		return address
	}
	return name + " <" + address + ">"
}

// row is a line of the table mailbox.
type row struct {
	ID        string
	Channel   string
	At        db.Time
	Sender    string
	Recipient string
	Subject   string
	Plain     string
	HTML      string `db:"html"`
	Source    string
}

func (r row) message() Message {
	name, address := "", r.Recipient
	if at := strings.LastIndex(r.Recipient, " <"); at >= 0 {
		name, address = r.Recipient[:at], strings.TrimSuffix(r.Recipient[at+2:], ">")
	}
	return Message{ID: r.ID, Channel: r.Channel, At: r.At.Time, From: r.Sender, To: address, ToName: name, Subject: r.Subject, Text: r.Plain, HTML: r.HTML, Source: r.Source}
}

// Filter says which messages to list.
type Filter struct {
	Query  string // within recipient or subject; "" for all
	Before string // the id of a message: older ones only; "" starts with the newest
	Limit  int
}

// List returns messages, the newest first, without HTML and source.
func (m *Mailbox) List(ctx context.Context, f Filter) ([]Message, error) {
	var rows []row
	err := m.db.Select(ctx, &rows, `SELECT id, channel, at, sender, recipient, subject, plain, '' AS html, '' AS source FROM mailbox
		WHERE (CAST($1 AS text) = '' OR (at, id) < (SELECT at, id FROM mailbox WHERE id = $1))
			AND (lower(recipient) LIKE $2 ESCAPE '\' OR lower(subject) LIKE $2 ESCAPE '\') AND NOT (account AND $4)
		ORDER BY at DESC, id DESC LIMIT $3`, f.Before, text.Pattern(f.Query), f.Limit, m.public)
	all := make([]Message, len(rows))
	for i, r := range rows {
		all[i] = r.message()
	}
	return all, err
}

// Get returns one message, or a NotFound fault.
func (m *Mailbox) Get(ctx context.Context, id string) (Message, error) {
	var r row
	err := m.db.Get(ctx, &r, `SELECT id, channel, at, sender, recipient, subject, plain, html, source FROM mailbox WHERE id = $1 AND NOT (account AND $2)`, id, m.public)
	if errors.Is(err, db.ErrNoRows) {
		return Message{}, fault.New(fault.NotFound, "There is no such message.")
	}
	if err == nil && r.HTML == "" && r.Source != "" { // kept once, in the source: it is the largest part
		r.HTML, err = email.HTMLOf(r.Source)
	}
	return r.message(), err
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links are the addresses in the message's text, in their order.
func (m Message) Links() []string {
	found := address.FindAllString(m.Text, -1)
	for i := range found {
		found[i] = strings.TrimRight(found[i], ".,;:)")
	}
	return found
}
