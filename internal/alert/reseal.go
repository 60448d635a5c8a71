package alert

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// ResealTx seals anew where channels lead, what is on its way, and the key of web push.
// The secret key itself is changed by the caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var channels []struct {
		ID      ID
		Address string
	}
	if err := tx.Select(ctx, &channels, `SELECT id, address FROM alert_channels`); err != nil {
		return err
	}
	for _, c := range channels {
		sealed, err := reseal(c.Address, targetContext(c.ID))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE alert_channels SET address = $2 WHERE id = $1`, c.ID, sealed); err != nil {
			return err
		}
	}
	var posts []struct {
		BusinessID business.ID
		ID, Body   string
	}
	if err := tx.Select(ctx, &posts, `SELECT business_id, id, body FROM alert_posts`); err != nil {
		return err
	}
	for _, p := range posts {
		sealed, err := reseal(p.Body, bodyContext(p.ID))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE alert_posts SET body = $3 WHERE business_id = $1 AND id = $2`, p.BusinessID, p.ID, sealed); err != nil {
			return err
		}
	}
	var private []string
	if err := tx.Select(ctx, &private, `SELECT private FROM push_keys WHERE id = 1`); err != nil || len(private) == 0 {
		return err
	}
	sealed, err := reseal(private[0], keyContext)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE push_keys SET private = $1 WHERE id = 1`, sealed)
	return err
}

// DeleteFormer removes the devices of who left a business.
func (a *Alerts) DeleteFormer(ctx context.Context) error {
	return a.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM alert_channels WHERE kind = 'push'
			AND NOT EXISTS (SELECT 1 FROM members m WHERE m.business_id = alert_channels.business_id AND m.user_id = alert_channels.user_id)`)
		return err
	})
}
