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

// MailLanguage is in which a user is written to about their account, which no business does:
// in the language that they chose, else in that of the business that they joined first. ""
// for who has neither.
func MailLanguage(ctx context.Context, from db.Reader, userID UserID) (string, error) {
	var codes []string
	err := from.Select(ctx, &codes, `SELECT COALESCE(NULLIF(u.language, ''), b.locale, '') FROM users u
		LEFT JOIN members m ON m.user_id = u.id LEFT JOIN businesses b ON b.id = m.business_id
		WHERE u.id = $1 ORDER BY m.created_at, b.id LIMIT 1`, userID)
	if err != nil || len(codes) == 0 {
		return "", err
	}
	return codes[0], nil
}

// chosenLanguage is the one chosen in the account that has an address, "" for none.
func chosenLanguage(ctx context.Context, from db.Reader, folded string) (string, error) {
	var codes []string
	err := from.Select(ctx, &codes, `SELECT language FROM users WHERE email_folded = $1`, folded)
	if err != nil || len(codes) == 0 {
		return "", err
	}
	return codes[0], nil
}
