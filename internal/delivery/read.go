package delivery

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// sendRow is a line of sends, with the customer of its recipient.
type sendRow struct {
	ID          SendID
	BusinessID  business.ID
	LinkID      link.ID
	RecipientID RecipientID
	Mode        business.Mode
	Kind        Kind
	Number      int64
	Message     string
	Status      message.State
	At          db.Time
	CustomerID  *customer.ID

	Skipped, SkippedChannels string
}

// returnedSend are the columns of sends alone, as RETURNING takes them.
const returnedSend = `id, business_id, link_id, recipient_id, mode, kind, number, message, status, at, skipped, skipped_channels,
	(SELECT r.customer_id FROM recipients r WHERE r.id = recipient_id) AS customer_id`

func (r sendRow) send() Send {
	sent := Send{
		ID: r.ID, BusinessID: r.BusinessID, LinkID: r.LinkID, RecipientID: r.RecipientID, Mode: r.Mode, Kind: r.Kind,
		Number: r.Number, Message: r.Message, Status: r.Status, At: r.At.Time,
		Skipped: r.Skipped, Channels: channelsOf(r.SkippedChannels),
	}
	if r.CustomerID != nil {
		sent.CustomerID = *r.CustomerID
	}
	return sent
}

// withDeliveries fills in the deliveries of all sends at once.
func (s *Deliveries) withDeliveries(ctx context.Context, from db.Reader, businessID business.ID, rows []sendRow) ([]Send, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	sends, at, arguments := make([]Send, len(rows)), map[SendID]int{}, []any{businessID}
	for i, r := range rows {
		sends[i], at[r.ID] = r.send(), i
		arguments = append(arguments, r.ID)
	}
	var found []struct {
		SendID      SendID
		ID          string
		Channel     message.Channel
		Address     string
		Token       string
		Domain      string // of the link
		Status      message.State
		Reason      string
		GatewayID   string
		SentAt      db.Time
		DeliveredAt db.Time
		UpdatedAt   db.Time
	}
	err := from.Select(ctx, &found, `SELECT send_id, id, channel, address, token, status, reason, gateway_id, sent_at, delivered_at, updated_at,
			(SELECT l.domain FROM sends s JOIN links l ON l.id = s.link_id WHERE s.id = send_id) AS domain
		FROM deliveries WHERE business_id = $1 AND send_id IN (`+db.In(len(rows), 2)+`) ORDER BY send_id, channel`, arguments...)
	for _, d := range found {
		sent := &sends[at[d.SendID]]
		sent.Deliveries = append(sent.Deliveries, Delivery{
			ID: d.ID, Channel: d.Channel, Address: d.Address, Token: d.Token, URL: s.recipientURL(businessID, d.Domain, d.Token), Status: d.Status, Reason: d.Reason, GatewayID: d.GatewayID,
			SentAt: d.SentAt.Ptr(), DeliveredAt: d.DeliveredAt.Ptr(), UpdatedAt: d.UpdatedAt.Time,
		})
	}
	return sends, err
}

// Query narrows a list of sends. Empty parts don't.
type Query struct {
	Link      link.ID
	Customer  customer.ID
	Recipient RecipientID
	Kind      Kind
	Cursor    string
	Limit     int // MaxPage at most and when 0
}

// MaxPage bounds a page of sends.
const MaxPage = 100

// Sends returns a page of the business's sends in the mode, without reminders
// that were skipped, newest first, and
// the cursor of the next, "" at the end.
func (s *Deliveries) Sends(ctx context.Context, from db.Reader, businessID business.ID, mode business.Mode, q Query) ([]Send, string, error) {
	if q.Limit <= 0 || q.Limit > MaxPage {
		q.Limit = MaxPage
	}
	before, err := q.before()
	if err != nil {
		return nil, "", err
	}
	where, arguments := ` WHERE s.business_id = $1 AND s.mode = $2 AND s.skipped = ''`, []any{businessID, mode}
	narrow := func(condition string, value string) {
		if value != "" {
			arguments = append(arguments, value)
			where += fmt.Sprintf(` AND `+condition, len(arguments))
		}
	}
	narrow(`s.link_id = $%d`, string(q.Link))
	narrow(`s.recipient_id = $%d`, string(q.Recipient))
	narrow(`s.recipient_id IN (SELECT id FROM recipients WHERE customer_id = $%d)`, string(q.Customer))
	narrow(`s.kind = $%d`, string(q.Kind))
	narrow(`s.id < $%d`, before)
	arguments = append(arguments, q.Limit+1)
	var rows []sendRow
	err = from.Select(ctx, &rows, fmt.Sprintf(`SELECT `+sendColumns+sendTables+`%s ORDER BY s.id DESC LIMIT $%d`, where, len(arguments)), arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list sends: %w", err)
	}
	next := ""
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(rows[q.Limit-1].ID))
	}
	sends, err := s.withDeliveries(ctx, from, businessID, rows)
	return sends, next, err
}

// before is the send behind which the page starts.
func (q Query) before() (string, error) {
	if q.Cursor == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || !id.Valid("snd", string(text)) {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor belongs to another list. Start again without it.")
		return "", wrong.Err()
	}
	return string(text), nil
}

// Found is where a recipient's token leads.
type Found struct {
	BusinessID  business.ID
	Handle      string
	LinkID      link.ID
	Path        string // of the link
	Domain      string // that the link chose, "" for none
	Deleted     bool   // the link was deleted
	RecipientID RecipientID
	Kind        Kind
	Channel     message.Channel
	Address     string // of the message, the customer's own once that is forgotten; "" once they were deleted
}

// found is where a message leads; a condition on its token follows.
const found = `SELECT d.business_id, b.handle, s.link_id, l.path, l.domain, l.deleted_at IS NOT NULL AS deleted, s.recipient_id, s.kind, d.channel,
			CASE WHEN d.address <> '' THEN d.address WHEN d.channel = 'sms' THEN COALESCE(c.phone, '') ELSE COALESCE(c.email, '') END AS address
		FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN links l ON l.id = s.link_id
		JOIN businesses b ON b.id = d.business_id JOIN recipients r ON r.id = s.recipient_id
		LEFT JOIN customers c ON c.id = r.customer_id AND c.business_id = d.business_id WHERE `

// ByToken finds what a token of /r/ belongs to, or is a NotFound fault.
func (s *Deliveries) ByToken(ctx context.Context, token string) (Found, error) {
	return s.find(ctx, found+`d.token = $1`, token)
}

// ByOptOutToken finds what a token of /s/ belongs to, or is a NotFound fault.
func (s *Deliveries) ByOptOutToken(ctx context.Context, token string) (Found, error) {
	return s.find(ctx, found+`d.stop_token = $1`, token)
}

func (s *Deliveries) find(ctx context.Context, query, token string) (f Found, err error) {
	err = s.DB.Get(ctx, &f, query, strings.TrimSpace(token))
	if errors.Is(err, db.ErrNoRows) {
		return Found{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return f, err
}

// RecipientByToken is whose token a view or an attempt carries; false when it is
// nobody's of the business.
func RecipientByToken(ctx context.Context, from db.Reader, businessID business.ID, token string) (to RecipientID, found bool, err error) {
	if token == "" {
		return "", false, nil
	}
	err = from.Get(ctx, &to, `SELECT s.recipient_id FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE d.business_id = $1 AND d.token = $2`, businessID, token)
	if errors.Is(err, db.ErrNoRows) {
		return "", false, nil
	}
	return to, err == nil, err
}
