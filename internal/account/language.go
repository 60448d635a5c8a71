package account

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// ChooseLanguage is that of the dashboard and of mails to the user; "" follows the browser.
// Errors: Invalid at the field "language".
func (a *Accounts) ChooseLanguage(ctx context.Context, userID UserID, code string) error {
	if code != "" && !i18n.Supported(code) {
		var fields fault.Fields
		fields.Add("language", "language.unknown", "Choose one of the languages in the list.")
		return fields.Err()
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE users SET language = $2 WHERE id = $1`, userID, code)
		return err
	})
}
