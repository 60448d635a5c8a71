package business_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/picture"
)

// Of pictures that were chosen in forms of mails a hundred stay. The oldest that no mail
// shows goes first, and another business's never.
func TestOldPicturesOfMailsMakeRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		s := business.New(d, nil, "", picture.NewDecoder())
		var file bytes.Buffer
		if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
			t.Fatal(err)
		}
		keep := func(b business.Business) (string, error) {
			made, _, _, err := s.KeepMailPicture(t.Context(), b.ID, "p0_file", file.Bytes())
			return made, err
		}
		must := func(b business.Business) string {
			made, err := keep(b)
			if err != nil {
				t.Fatal(err)
			}
			return made
		}
		there := func(b business.Business, made string) bool {
			_, err := s.Image(t.Context(), b.ID, made)
			return err == nil
		}
		shown, foreign, first := must(acme), must(other), must(acme)
		exec := func(statement string, arguments ...any) {
			err := d.InTx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), statement, arguments...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		show := `INSERT INTO mail_templates (business_id, kind, subject, body, updated_at) VALUES ($1, $2, 'S', $3, 0)`
		for age, made := range []string{shown, foreign, first} { // the clock stands
			exec(`UPDATE images SET created_at = $1 WHERE id = $2`, age, made)
		}
		exec(show, acme.ID, "receipt", "before "+shown+" behind")
		for range 98 {
			must(acme)
		}
		if !there(acme, first) {
			t.Fatal("a hundred don't stay")
		}
		last := must(acme)
		if there(acme, first) || !there(acme, shown) || !there(acme, last) || !there(other, foreign) {
			t.Error("not the oldest that nothing shows made room")
		}
		exec(`DELETE FROM images WHERE business_id = $1 AND in_mails AND id <> $2 AND id <> $3`, acme.ID, shown, last)
		for i := range 98 {
			exec(`INSERT INTO images (id, business_id, content_type, width, height, body, created_at, in_mails) VALUES ($1, $2, 'image/png', 1, 1, $3, 0, TRUE)`, fmt.Sprintf("img_%02d", i), acme.ID, []byte{1})
			exec(`UPDATE mail_templates SET body = body || $2 WHERE business_id = $1`, acme.ID, fmt.Sprintf(" img_%02d", i))
		}
		exec(`UPDATE mail_templates SET body = body || $2 WHERE business_id = $1`, acme.ID, last)
		if _, err := keep(acme); !fault.Is(err, fault.Invalid) {
			t.Errorf("when mails show all of them: %v", err)
		}
	})
}
