package visit

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Kind of a row of the activity.
type Kind string

// The kinds. KindAll asks for all of them together.
const (
	KindAll      Kind = "all"
	KindView     Kind = "view"
	KindPayment  Kind = "payment"
	KindSend     Kind = "send"
	KindReminder Kind = "reminder"
)

// Row is one thing that happened to a link. Of View, Payment and SendID one is
// set; what a send is about, the delivery room tells.
type Row struct {
	Kind    Kind
	At      time.Time
	View    *View
	Payment *PaymentRow
	SendID  string
	order   time.Time // views sort by their id's time
}

// PaymentRow is a payment as the activity shows it.
type PaymentRow struct {
	ID            string
	PayerName     string
	PayerEmail    string
	Receipt       string
	AmountMinor   int64
	RefundedMinor int64
	Currency      string
	Status        string
	Late          bool
	Method        string
	Channel       string
	PaidAt        db.Time
}

// ActivityQuery asks for a page of a target's activity, newest first.
type ActivityQuery struct {
	Kind Kind
	// People leaves out bots and previews.
	People bool
	// Unsent says that the target has no sends, which then are not looked for.
	Unsent bool
	Cursor string
	Limit  int
}

// Activity returns a page and the cursor of the next, empty at the end. It
// reads as many rows as it returns, however many there are.
func Activity(ctx context.Context, r db.Reader, businessID, targetID, mode string, q ActivityQuery) ([]Row, string, error) {
	from, err := parsePosition(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []Row
	if q.Kind == KindAll || q.Kind == KindView {
		views, err := viewsBefore(ctx, r, businessID, targetID, mode, from.view, q.People, q.Limit+1)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, views...)
	}
	if q.Kind == KindAll || q.Kind == KindPayment {
		payments, err := paymentsBefore(ctx, r, businessID, targetID, mode, from.paidAt, from.payment, q.Limit+1)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, payments...)
	}
	if q.Kind != KindView && q.Kind != KindPayment && !q.Unsent {
		sends, err := sendsBefore(ctx, r, businessID, targetID, mode, q.Kind, from.send, q.Limit+1)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, sends...)
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return b.order.Compare(a.order) })
	if len(rows) <= q.Limit {
		return rows, "", nil
	}
	rows = rows[:q.Limit]
	return rows, from.behind(rows).String(), nil
}

func viewsBefore(ctx context.Context, r db.Reader, businessID, targetID, mode string, before int64, people bool, limit int) ([]Row, error) {
	only := ""
	if people {
		only = ` AND class = 'human'`
	}
	var found []struct {
		ID            int64
		At            db.Time
		Class, Reason string
		IP            string `db:"ip"`
		Browser       string
		OS            string `db:"os"`
		Language      string
		Country       string
		Device        string
		Referrer      string
		Channel       string
		ChannelDetail string
		Campaign      string
	}
	err := r.Select(ctx, &found, `
		SELECT id, at, class, reason, ip, browser, os, language, country, device, referrer, channel, channel_detail, campaign
		FROM views WHERE link_id = $1 AND id < $2 AND business_id = $3 AND mode = $4`+only+`
		ORDER BY id DESC LIMIT $5`, targetID, before, businessID, mode, limit)
	if err != nil {
		return nil, fmt.Errorf("read views: %w", err)
	}
	rows := make([]Row, len(found))
	for i, f := range found {
		rows[i] = Row{Kind: KindView, At: f.At.Time, order: TimeOf(f.ID), View: &View{
			ID: f.ID, BusinessID: businessID, TargetID: targetID, Mode: mode, At: f.At.Time, Class: Class(f.Class), Reason: f.Reason,
			IP: f.IP, Browser: f.Browser, OS: f.OS, Language: f.Language, Country: f.Country, Device: f.Device, Referrer: f.Referrer,
			Channel: f.Channel, ChannelDetail: f.ChannelDetail, Campaign: f.Campaign,
		}}
	}
	return rows, nil
}

func paymentsBefore(ctx context.Context, r db.Reader, businessID, targetID, mode string, before time.Time, beforeID string, limit int) ([]Row, error) {
	var found []PaymentRow
	err := r.Select(ctx, &found, `
		SELECT p.id, a.payer_name, a.payer_email, COALESCE(p.receipt, '') AS receipt, p.captured_minor AS amount_minor,
			p.refunded_minor, p.currency, p.status, p.late, p.method, a.channel, p.paid_at
		FROM payments p JOIN attempts a ON a.id = p.id
		WHERE p.link_id = $1 AND p.mode = $2 AND p.business_id = $3 AND (p.paid_at, p.id) < ($4, $5)
		ORDER BY p.paid_at DESC, p.id DESC LIMIT $6`,
		targetID, mode, businessID, db.At(before), beforeID, limit)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	rows := make([]Row, len(found))
	for i, p := range found {
		rows[i] = Row{Kind: KindPayment, At: p.PaidAt.Time, order: p.PaidAt.Time, Payment: &p}
	}
	return rows, nil
}

// position is where a page ends in each kind of row.
type position struct {
	view    int64
	paidAt  time.Time
	payment string
	send    string
}

// newest is the position before everything: the id of a send goes on with a
// digit.
var newest = position{view: 1<<63 - 1, paidAt: time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC), send: "snd_z"}

// behind is the position behind the rows of a page.
func (p position) behind(rows []Row) position {
	for _, row := range rows {
		switch {
		case row.View != nil:
			p.view = row.View.ID
		case row.Payment != nil:
			p.paidAt, p.payment = row.Payment.PaidAt.Time, row.Payment.ID
		default:
			p.send = row.SendID
		}
	}
	return p
}

func (p position) String() string {
	text := fmt.Sprintf("%d %d %s %s", p.view, p.paidAt.UnixMicro(), p.payment, p.send)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

func parsePosition(cursor string) (position, error) {
	if cursor == "" {
		return newest, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), " ")
	if err != nil || len(parts) != 4 {
		return position{}, badCursor()
	}
	view, err1 := strconv.ParseInt(parts[0], 10, 64)
	paid, err2 := strconv.ParseInt(parts[1], 10, 64)
	if err1 != nil || err2 != nil || len(parts[2]) > 40 || len(parts[3]) > 40 {
		return position{}, badCursor()
	}
	return position{view: view, paidAt: time.UnixMicro(paid).UTC(), payment: parts[2], send: parts[3]}, nil
}

func badCursor() error {
	var fields fault.Fields
	fields.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
	return fields.Err()
}
