package app

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
)

// Who goes back to a version that is older than the database is told so by every
// command, and nothing is changed.
func TestADatabaseOfANewerVersionIsRefusedInPlainWords(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		if status, said := i.command("", "doctor", "--sandbox"); status != exitDone || !strings.Contains(said, ", schema ") {
			t.Errorf("doctor leaves with %d and says nothing of the schema:\n%s", status, said)
		}
		r := i.open()
		err := r.DB.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
			return err
		})
		r.DB.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{
			{"migrate"}, {"doctor", "--sandbox"}, {"reconcile", "--sandbox"}, {"serve", "--addr", "127.0.0.1:0"},
			{"token", "create", "--business", "acme", "--name", "x"},
		} {
			if status, said := i.command("", command...); status != exitFailed || !strings.Contains(said, "A newer version of Smart Links has upgraded this database") {
				t.Errorf("%v leaves with %d and says:\n%s", command, status, said)
			}
		}
	})
}
