package app

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
)

func TestTheDoctorTellsOfDomains(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		r := i.open()
		b, _, err := r.Businesses.ByHandle(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.DB.InTx(t.Context(), func(tx *db.Tx) error {
			for host, more := range map[string]string{"fine.acme.example": "NULL, NULL, ''", "broken.acme.example": "1, NULL, ''", "ends.acme.example": "NULL, 1, 'rate limited'"} {
				if _, err := tx.Exec(t.Context(), `INSERT INTO domains (id, business_id, host, token, proven_at, live_at, created_at, broken_at, certificate_until, certificate_problem)
					VALUES ($1, $2, $1, '', 1, 1, 1, `+more+`)`, host, b.ID); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		r.DB.Close()
		status, said := i.command("", "doctor", "--sandbox")
		if status != exitDone || !strings.Contains(said, "broken.acme.example of acme no longer leads here") || !strings.Contains(said, "certificate of ends.acme.example of acme ends on 1970-01-01") ||
			!strings.Contains(said, "rate limited") || strings.Contains(said, "fine.acme.example") {
			t.Errorf("%d\n%s", status, said)
		}
	})
}
