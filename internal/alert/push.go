package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"smartlinks/internal/db"
)

const (
	// kept is how many seconds a push service keeps an alert for a device that is off.
	kept = 24 * 60 * 60
	// vapidFor is how long a token is good: at most a day (RFC 8292, section 2).
	vapidFor = 12 * time.Hour
	// recordSize is what every message is padded to, so that its length tells nothing; push
	// services need not take more than 4096 bytes (RFC 8030, section 7.2).
	recordSize = 3000
)

// keys are the installation's, by which push services know whom a message is from
// (RFC 8292).
type keys struct{ Public, Private string }

const keyContext = "alert/push key"

// PublicKey is what a browser subscribes with; "" before Prepare.
func (a *Alerts) PublicKey(ctx context.Context) (key string, err error) {
	err = a.DB.Get(ctx, &key, `SELECT public FROM push_keys WHERE id = 1`)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return key, err
}

// Prepare makes the pair, unless there is one. Of several processes that start at once one
// makes it, for all.
func (a *Alerts) Prepare(ctx context.Context) error {
	if public, err := a.PublicKey(ctx); err != nil || public != "" {
		return err
	}
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return err
	}
	sealed, err := a.Sealer.Seal([]byte(private), keyContext)
	if err != nil {
		return err
	}
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO push_keys (id, public, private) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING`, public, sealed)
		return err
	})
}

func (a *Alerts) keys(ctx context.Context) (k keys, err error) {
	if err := a.DB.Get(ctx, &k, `SELECT public, private FROM push_keys WHERE id = 1`); err != nil {
		return k, err
	}
	plain, err := a.Sealer.Open(k.Private, keyContext)
	k.Private = string(plain)
	return k, err
}

// push sends an alert to a device, encrypted for it alone (RFC 8291).
func (a *Alerts) push(ctx context.Context, to target, what body) error {
	k, err := a.keys(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(body{Title: cut(what.Title, 80), Text: cut(what.Text, 500), URL: what.URL})
	if err != nil {
		return err
	}
	answer, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{Endpoint: to.URL, Keys: webpush.Keys{P256dh: to.P256dh, Auth: to.Auth}}, &webpush.Options{
		HTTPClient: a.client, Subscriber: a.Contact, VAPIDPublicKey: k.Public, VAPIDPrivateKey: k.Private, TTL: kept, Urgency: webpush.UrgencyNormal,
		VapidExpiration: a.DB.Clock().Wall().Add(vapidFor), RecordSize: recordSize,
	})
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	return taken(answer)
}
