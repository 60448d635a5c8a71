package account_test

import (
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestTOTPKeysAreSealedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, u := owner(t, d, "acme")
		two := account.NewTwoStep(accounts(d), businesstest.Sealer(t))
		if err := two.Prepare(t.Context(), u.ID, password); err != nil {
			t.Fatal(err)
		}
		before, err := two.Prepared(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		var contexts []string
		err = d.InTx(t.Context(), func(tx *db.Tx) error {
			return account.ResealTx(t.Context(), tx, func(sealed, context string) (string, error) {
				contexts = append(contexts, context)
				plain, err := businesstest.Sealer(t).Open(sealed, context)
				if err != nil {
					return "", err
				}
				return businesstest.Sealer(t).Seal(plain, context)
			})
		})
		if err != nil || len(contexts) != 1 || !strings.Contains(contexts[0], string(u.ID)) {
			t.Fatalf("sealed anew for %v, %v", contexts, err)
		}
		if after, err := two.Prepared(t.Context(), u.ID); err != nil || after != before {
			t.Errorf("afterwards %v, %v", after, err)
		}
	})
}
