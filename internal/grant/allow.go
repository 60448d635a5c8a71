package grant

import (
	"context"
	"errors"
	"slices"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/secret"
)

// Authorization is what a member allows a program.
type Authorization struct {
	BusinessID  business.ID
	Client      Client
	RedirectURI string
	Challenge   string // S256 of the verifier that the program keeps
	Scopes      account.Scopes
	Drafts      bool
}

// Allow makes a grant by the member, and the code that their program exchanges for tokens.
// Errors: NotFound when they are no member, Invalid at "scopes" when there are none, or
// more than their role has.
func (g *Grants) Allow(ctx context.Context, by account.UserID, address string, w Authorization) (plain string, err error) {
	if plain, err = secret.Token(g.db.Random()); err != nil {
		return "", err
	}
	err = g.db.InTx(ctx, func(tx *db.Tx) error {
		var member struct {
			Role     account.Role
			JoinedAt db.Time `db:"joined_at"`
			Name     string
		}
		err := tx.Get(ctx, &member, `SELECT m.role, m.created_at AS joined_at, u.name FROM members m JOIN users u ON u.id = m.user_id
			WHERE m.business_id = $1 AND m.user_id = $2`, w.BusinessID, by)
		if errors.Is(err, db.ErrNoRows) {
			return fault.New(fault.NotFound, "There is no such business, or you are not a member of it.")
		}
		if err != nil {
			return err
		}
		if err := checkScopes(member.Role, w.Scopes); err != nil {
			return err
		}
		id, err := tx.NewID("gra")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO grants (id, business_id, user_id, joined_at, client_id, client_name, scopes, drafts, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, w.BusinessID, by, member.JoinedAt, w.Client.ID, w.Client.Name, w.Scopes.String(), w.Drafts, db.At(tx.Now())); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO grant_tokens (hash, business_id, grant_id, kind, redirect_uri, challenge, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			secret.Hash(plain), w.BusinessID, id, code, w.RedirectURI, w.Challenge, db.At(g.db.Clock().Wall().Add(codeLife))); err != nil {
			return err
		}
		return g.audit.Record(ctx, tx, w.BusinessID, audit.Entry{Actor: string(by), Name: member.Name, What: audit.AllowedAssistant.Of(w.Client.Name), Object: id, Address: address})
	})
	return plain, err
}

func checkScopes(role account.Role, scopes account.Scopes) error {
	var wrong fault.Fields
	switch within := Within(role, scopes); {
	case len(scopes) == 0:
		wrong.Add("scopes", "scopes.missing", i18n.Mark("Choose at least one."))
	case slices.Contains(scopes, account.PaymentsWrite) && !slices.Contains(within, account.PaymentsWrite):
		wrong.Add("scopes", "scopes.role", i18n.Mark("Only an owner or an admin of this business may refund, so you can't let an assistant do it."))
	case len(within) != len(scopes):
		wrong.Add("scopes", "scopes.unknown", i18n.Mark("Choose from what is shown."))
	}
	return wrong.Err()
}
