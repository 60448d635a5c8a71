package bounce

import (
	"context"
	"crypto/subtle"
	"time"

	"smartlinks/internal/bounce/report"
	"smartlinks/internal/bounce/service"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// reportedEvery bounds how often it is written down that a service told something.
const reportedEvery = time.Minute

var errForged = fault.New(fault.Forbidden, "This is not from the mail service.")

// TakeHook takes what a mail service tells. It is believed when it knows the secret that
// only the service was given, and, of Amazon SNS, when the signature fits and the topic is
// the one that was confirmed first. What is not believed is a Forbidden fault, the same
// whatever is wrong.
func (b *Bounces) TakeHook(ctx context.Context, businessID business.ID, kind SourceKind, secret string, body []byte) error {
	r, err := readSource(ctx, b.DB, businessID)
	if err != nil {
		return err
	}
	if !kind.service() || r.Kind != kind {
		return errForged
	}
	want, err := b.Sealer.Open(r.Secret, secretContext(businessID))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(want, []byte(secret)) != 1 {
		return errForged
	}
	reports, err := b.reports(ctx, businessID, r, body)
	if err != nil {
		if service.Forged(err) {
			return errForged
		}
		return err
	}
	for _, one := range reports {
		if _, err := b.take(ctx, businessID, one); err != nil {
			return err
		}
	}
	return b.markReported(ctx, businessID, r)
}

// reports reads what the service of a source says.
func (b *Bounces) reports(ctx context.Context, businessID business.ID, r sourceRow, body []byte) ([]report.Report, error) {
	switch r.Kind {
	case ByPostmark:
		return service.Postmark(body)
	case ByBrevo:
		return service.Brevo(body)
	}
	n, err := b.topics.Read(ctx, body)
	switch {
	case err != nil:
		return nil, err
	case n.Topic == "" || r.Topic != "" && r.Topic != n.Topic:
		return nil, errForged
	case n.Confirm != "":
		return nil, b.confirm(ctx, businessID, n)
	case r.Topic == "":
		return nil, errForged // nobody has subscribed to it by this address
	}
	return service.SES(n.Message)
}

// confirm subscribes to a topic, and believes no other from now on.
func (b *Bounces) confirm(ctx context.Context, businessID business.ID, n service.Notice) error {
	if err := b.topics.Confirm(ctx, n); err != nil {
		return err
	}
	return b.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE bounce_sources SET topic = $2 WHERE business_id = $1 AND kind = 'ses' AND topic = ''`, businessID, n.Topic)
		return err
	})
}

func (b *Bounces) markReported(ctx context.Context, businessID business.ID, r sourceRow) error {
	wall := b.DB.Clock().Wall()
	if wall.Sub(r.HeardAt.Time) < reportedEvery {
		return nil
	}
	return b.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE bounce_sources SET heard_at = $2 WHERE business_id = $1`, businessID, db.At(wall))
		return err
	})
}
