package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/secret"
)

// seal makes every room keep a secret, and returns what the provider's key must
// be read as afterwards.
func (i *installation) seal() (businessID business.ID, key string) {
	i.t.Helper()
	r := i.open()
	defer r.DB.Close()
	key = "sk_test_51rotated"
	businessID = i.connect(r, key)
	var user account.UserID
	if err := r.DB.Get(i.t.Context(), &user, `SELECT id FROM users`); err != nil {
		i.t.Fatal(err)
	}
	if err := r.TwoStep.Prepare(i.t.Context(), user, "a good password"); err != nil {
		i.t.Fatal(err)
	}
	server, err := email.ParseURL("smtp://marit:letters@mail.example.com:587")
	if err != nil {
		i.t.Fatal(err)
	}
	if _, err := r.Messages.ChangeSettings(i.t.Context(), businessID, 0, message.SettingsPatch{Server: &server}); err != nil {
		i.t.Fatal(err)
	}
	return businessID, key
}

// expectKey reads the provider's key back.
func (i *installation) expectKey(businessID business.ID, want string) {
	i.t.Helper()
	r := i.open()
	defer r.DB.Close()
	got, err := r.Keys.Key(i.t.Context(), "stripe", provider.Account{Business: businessID, Mode: business.Test})
	if err != nil || got != want {
		i.t.Errorf("the provider's key is %q, %v", got, err)
	}
}

// sealedTexts are all sealed texts of SQLite's file by where they are, whichever
// room keeps them: each begins with its format.
func (i *installation) sealedTexts() map[string]string {
	i.t.Helper()
	r := i.open()
	defer r.DB.Close()
	var columns []struct{ Tab, Col string }
	if err := r.DB.Select(i.t.Context(), &columns, `SELECT m.name AS tab, c.name AS col FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.type = 'TEXT'`); err != nil {
		i.t.Fatal(err)
	}
	found := map[string]string{}
	for _, c := range columns {
		var texts []string
		query := fmt.Sprintf(`SELECT "%s" FROM "%s" WHERE "%s" LIKE 'v1.%%' ORDER BY rowid`, c.Col, c.Tab, c.Col)
		if err := r.DB.Select(i.t.Context(), &texts, query); err != nil {
			i.t.Fatal(err)
		}
		for n, text := range texts {
			found[fmt.Sprintf("%s.%s %d", c.Tab, c.Col, n)] = text
		}
	}
	return found
}

func (i *installation) keyFile() []byte {
	i.t.Helper()
	text, err := os.ReadFile(i.store.KeyFile())
	if err != nil {
		i.t.Fatal(err)
	}
	return text
}

func TestRotatingTheKeyKeepsEverySecret(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		id, key := i.seal()
		before := i.keyFile()
		i.must("", "secrets", "rotate")
		if bytes.Equal(before, i.keyFile()) {
			t.Error("the key file holds the old key")
		}
		i.expectKey(id, key)
		old := strings.TrimSpace(string(before))
		if status, said := i.command("", "doctor", "--secret-key", old); status != exitFailed || !strings.Contains(said, "secret key") {
			t.Errorf("the old key is let in: %d, %s", status, said)
		}
		i.must("", "secrets", "rotate") // and again
		i.expectKey(id, key)
	})
}

// A room that is forgotten by the rotation loses its secrets: nothing that was
// sealed may stay as it was.
func TestARotationForgetsNoRoom(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		if i.store.Database != "" {
			t.Skip("what SQLite's file holds is enough")
		}
		i.seal()
		before := i.sealedTexts()
		i.must("", "secrets", "rotate")
		after := i.sealedTexts()
		if len(before) < 5 || len(after) != len(before) {
			t.Errorf("%d texts were sealed, %d are", len(before), len(after))
		}
		for where, text := range before {
			if after[where] == text {
				t.Errorf("%s is sealed with the old key still", where)
			}
		}
	})
}

func TestARotationBetweenGivenKeysNeedsBoth(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		id, key := i.seal()
		old, fresh := strings.TrimSpace(string(i.keyFile())), strings.Repeat("5a", secret.KeySize)
		if status, said := i.command("", "secrets", "rotate", "--new-secret-key", fresh); status != exitUsage || !strings.Contains(said, "--secret-key and --new-secret-key both") {
			t.Errorf("with one key: %d, %s", status, said)
		}
		if status, _ := i.command("", "secrets", "rotate", "--secret-key", old, "--new-secret-key", "short"); status != exitFailed {
			t.Errorf("with nonsense: %d", status)
		}
		i.expectKey(id, key)
		i.must("", "secrets", "rotate", "--secret-key", old, "--new-secret-key", fresh)
		i.store.SecretKey = fresh
		i.expectKey(id, key)
	})
}

// The database and the key file change one after the other. Whenever the
// rotation was interrupted, the next command finds the key that opens all.
func TestAnInterruptedRotationIsFinishedByTheNextCommand(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		id, key := i.seal()
		before := i.keyFile()
		i.must("", "secrets", "rotate")
		// Before the second step: the database has the new key, the file the old.
		if err := os.Rename(i.store.KeyFile(), i.store.NextKeyFile()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(i.store.KeyFile(), before, 0o600); err != nil {
			t.Fatal(err)
		}
		i.expectKey(id, key)
		if left, err := filepath.Glob(i.store.NextKeyFile()); err != nil || len(left) != 0 || bytes.Equal(before, i.keyFile()) {
			t.Errorf("the rotation is not finished: %v, %v", left, err)
		}
		// Before the first step: a new key lies there that has sealed nothing.
		if err := os.WriteFile(i.store.NextKeyFile(), before, 0o600); err != nil {
			t.Fatal(err)
		}
		i.expectKey(id, key)
		i.must("", "secrets", "rotate")
		i.expectKey(id, key)
		// Neither key is the one: nothing is put in its place.
		right, wrong := i.keyFile(), []byte(strings.Repeat("5a", secret.KeySize))
		for file, key := range map[string][]byte{i.store.KeyFile(): wrong, i.store.NextKeyFile(): before} {
			if err := os.WriteFile(file, key, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if status, said := i.command("", "doctor"); status != exitFailed || !strings.Contains(said, "not the one") || !bytes.Equal(wrong, i.keyFile()) {
			t.Errorf("with two wrong keys: %d, %s", status, said)
		}
		if err := os.WriteFile(i.store.KeyFile(), right, 0o600); err != nil {
			t.Fatal(err)
		}
		i.expectKey(id, key)
	})
}

// One value that nothing opens must not keep all others on a key that may have leaked.
func TestARotationLeavesWhatTheOldKeyDoesNotOpenAndNamesIt(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		id, key := i.seal()
		const broken = "v1.AAAA"
		change := func(statement string) {
			t.Helper()
			r := i.open()
			defer r.DB.Close()
			if err := r.DB.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), statement, broken); return err }); err != nil {
				t.Fatal(err)
			}
		}
		change(`UPDATE mail_settings SET gateway = $1`)
		change(`UPDATE users SET totp_draft = $1`)
		before := i.keyFile()
		status, said := i.command("", "secrets", "rotate")
		if status != exitDone || !strings.Contains(said, "did not open 2 of") || !strings.Contains(said, "business/"+string(id)+"/mail gateway") || !strings.Contains(said, "/totp") || !strings.Contains(said, "with a new key") {
			t.Errorf("it is %d: %s", status, said)
		}
		if bytes.Equal(before, i.keyFile()) {
			t.Error("the key file holds the old key")
		}
		i.expectKey(id, key)
		r := i.open()
		defer r.DB.Close()
		var kept []string
		if err := r.DB.Select(t.Context(), &kept, `SELECT gateway FROM mail_settings UNION ALL SELECT totp_draft FROM users`); err != nil || len(kept) != 2 || kept[0] != broken || kept[1] != broken {
			t.Errorf("what was not opened is %q, %v", kept, err)
		}
	})
}
