package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/outbound"
)

const (
	// firstWait doubles with every try in vain. News that is hours old is none.
	firstWait = 30 * time.Second
	maxTries  = 8 // an hour in all
	// atOnce bounds how many are posted at the same time, and atOnceEach those to one
	// channel.
	atOnce, atOnceEach = 16, 2
)

// claim is an alert that this process is to post now.
type claim struct {
	ID         string
	BusinessID business.ID
	ChannelID  ID
	Kind       Kind
	Address    string
	Body       string
	Tries      int64 // this one included
}

func (c claim) key() []any    { return []any{c.BusinessID, c.ID} }
func (c claim) group() string { return string(c.ChannelID) }

func (a *Alerts) addWork() {
	a.posts = job.Add(a.Queue, job.Kind[claim]{
		Name: "alerts", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: claim.key, GroupOf: claim.group, Do: a.try,
		Rows: job.Rows{
			Table: "alert_posts", Key: []string{"business_id", "id"}, ByWall: true, Group: "channel_id", Set: "tries = tries + 1",
			Returning: `id, business_id, channel_id, body, tries,
				(SELECT c.kind FROM alert_channels c WHERE c.id = channel_id) AS kind, (SELECT c.address FROM alert_channels c WHERE c.id = channel_id) AS address`,
		},
	})
}

// PostDue posts what is due and returns when nothing is left.
func (a *Alerts) PostDue(ctx context.Context) error {
	_, err := a.posts.Drain(ctx)
	return err
}

// refusal is an answer that the same alert would get again.
type refusal struct {
	status int
	why    string
}

func (r refusal) Error() string { return fmt.Sprintf("refused with status %d: %s", r.status, r.why) }

// forGood reports whether the channel itself is gone, or never let us in.
func (r refusal) forGood() bool {
	return r.status == http.StatusUnauthorized || r.status == http.StatusForbidden || r.status == http.StatusNotFound || r.status == http.StatusGone
}

// try posts an alert once and writes down what came of it.
func (a *Alerts) try(ctx context.Context, c claim) error {
	err := a.send(ctx, c)
	if err != nil && ctx.Err() != nil {
		return err // we were told to stop: it is due again when the lease ends
	}
	ctx = context.WithoutCancel(ctx)
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		if err == nil {
			if _, err := tx.Exec(ctx, `UPDATE alert_channels SET reason = '' WHERE business_id = $1 AND id = $2 AND reason <> ''`, c.BusinessID, c.ChannelID); err != nil {
				return err
			}
			return a.drop(ctx, tx, c)
		}
		return a.failed(ctx, tx, c, err)
	})
}

func (a *Alerts) drop(ctx context.Context, tx *db.Tx, c claim) error {
	_, err := tx.Exec(ctx, `DELETE FROM alert_posts WHERE business_id = $1 AND id = $2`, c.BusinessID, c.ID)
	return err
}

func (a *Alerts) failed(ctx context.Context, tx *db.Tx, c claim, why error) error {
	a.Log.WarnContext(ctx, "an alert did not arrive", "channel", c.ChannelID, "kind", c.Kind, "tries", c.Tries, "error", why)
	var r refusal
	over := errors.As(why, &r) && r.forGood()
	if over && c.Kind == Push && r.status != http.StatusUnauthorized && r.status != http.StatusForbidden {
		// The device took its permission back, or the browser is gone (RFC 8030, section 7.3).
		_, err := tx.Exec(ctx, `DELETE FROM alert_channels WHERE business_id = $1 AND id = $2`, c.BusinessID, c.ChannelID)
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE alert_channels SET reason = $3, active = active AND NOT $4 WHERE business_id = $1 AND id = $2`, c.BusinessID, c.ChannelID, reason(why), over); err != nil {
		return err
	}
	if over || c.Tries >= maxTries {
		return a.drop(ctx, tx, c)
	}
	due := a.DB.Clock().Wall().Add(firstWait << (c.Tries - 1))
	_, err := tx.Exec(ctx, `UPDATE alert_posts SET due_at = $3 WHERE business_id = $1 AND id = $2`, c.BusinessID, c.ID, db.At(due))
	a.posts.DueAt(tx, due)
	return err
}

// reason is what members are told of an alert that did not arrive. The texts are keys of
// the dashboard's catalogue.
func reason(err error) string {
	var r refusal
	var timed net.Error
	switch {
	case errors.As(err, &r):
		return "refused " + strconv.Itoa(r.status)
	case errors.Is(err, outbound.ErrPrivate):
		return "private"
	case errors.As(err, &timed) && timed.Timeout():
		return "late"
	}
	return "unreachable"
}

func (a *Alerts) send(ctx context.Context, c claim) error {
	var to target
	var what body
	if err := a.open(c.Address, targetContext(c.ChannelID), &to); err != nil {
		return err
	}
	if err := a.open(c.Body, bodyContext(c.ID), &what); err != nil {
		return err
	}
	if c.Kind == Push {
		return a.push(ctx, to, what)
	}
	r, err := request(ctx, c.Kind, to, what)
	if err != nil {
		return err
	}
	answer, err := a.client.Do(r)
	if err != nil {
		return err
	}
	return taken(answer)
}

// taken reads an answer: any 2xx says that the alert arrived.
func taken(answer *http.Response) error {
	defer func() { _ = answer.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return nil
	}
	return refusal{answer.StatusCode, string(said)}
}

func (a *Alerts) open(sealed, context string, into any) error {
	plain, err := a.Sealer.Open(sealed, context)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}
