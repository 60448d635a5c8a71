package attempt_test

import (
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
)

// Payers read a code out, type it from paper, and write letters for digits.
func TestAPaymentIsFoundByItsCodeHoweverItIsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(0)))
		w.MustStart(w.Ask(w.MustLink(0)))
		code := a.ID.Code()
		if !regexp.MustCompile(`^P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(code) {
			t.Fatalf("the code is %q", code)
		}
		bare := strings.ReplaceAll(code, "-", "")
		misread := "P-" + strings.NewReplacer("0", "o", "1", "l").Replace(code[2:])
		persian := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹").Replace(code)
		for _, typed := range []string{
			persian, code, strings.ToLower(code), bare, bare[1:], strings.ToLower(bare), code[2:], " " + code + " ", strings.ReplaceAll(code, "-", " "),
			strings.ReplaceAll(code, "-", "–"), code + ".", misread,
		} {
			got, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{Query: typed})
			if err != nil || len(got) != 1 || got[0].ID != a.ID {
				t.Errorf("%q finds %d, %v", typed, len(got), err)
			}
		}
		for _, typed := range []string{bare[:8], code + "0", "P-", "'"} {
			if got, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{Query: typed}); err != nil || len(got) != 0 {
				t.Errorf("%q finds %d, %v", typed, len(got), err)
			}
		}
		if got, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Live, history.Filter{Query: code}); err != nil || len(got) != 0 {
			t.Errorf("a test payment among live ones: %d, %v", len(got), err)
		}
	})
}

// Two attempts of a business never share a code: the database refuses the second.
func TestACodeIsUniqueInItsBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(0)))
		b := w.MustStart(w.Ask(w.MustLink(0)))
		twin := string(b.ID[:22]) + string(a.ID[22:])
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM attempt_events WHERE attempt_id = $1`, b.ID)
			if err != nil {
				return err
			}
			_, err = tx.Exec(t.Context(), `UPDATE attempts SET id = $1 WHERE id = $2`, twin, b.ID)
			return err
		})
		if err == nil {
			t.Error("two attempts have one code")
		}
	})
}
