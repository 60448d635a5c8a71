package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/texting"
)

// ResealTx seals anew what the room keeps sealed: gateways, and mails on their
// way. The secret key itself is changed by the caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var gateways []struct {
		BusinessID business.ID
		Gateway    string
	}
	if err := tx.Select(ctx, &gateways, `SELECT business_id, gateway FROM mail_settings WHERE gateway <> ''`); err != nil {
		return err
	}
	for _, g := range gateways {
		sealed, err := reseal(g.Gateway, gatewayContext(g.BusinessID))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE mail_settings SET gateway = $2 WHERE business_id = $1`, g.BusinessID, sealed); err != nil {
			return err
		}
	}
	var mails []struct {
		ID    ID
		Facts string
	}
	if err := tx.Select(ctx, &mails, `SELECT id, facts FROM mails WHERE facts <> ''`); err != nil {
		return err
	}
	for _, m := range mails {
		sealed, err := reseal(m.Facts, dataContext(m.ID))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE mails SET facts = $2 WHERE id = $1`, m.ID, sealed); err != nil {
			return err
		}
	}
	return texting.ResealTx(ctx, tx, reseal)
}
