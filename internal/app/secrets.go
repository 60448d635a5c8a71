package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/alert"
	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"
	"smartlinks/internal/audit"
	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/certificate"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/idempotency"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/secret"
	"smartlinks/internal/statement"
	"smartlinks/internal/webhook"
)

type rotateCommand struct {
	store.Location `group:"Where things are kept:"`
	NewSecretKey   string `help:"The key that follows --secret-key. Without either, the key file gets a new one."`
}

// resealers are the rooms that keep something sealed.
var resealers = []func(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error{
	business.ResealTx, account.ResealTx, keyring.ResealTx, message.ResealTx, webhook.ResealTx, statement.ResealTx, idempotency.ResealTx, certificate.ResealTx, alert.ResealTx,
	bounce.ResealTx,
}

// Run seals everything anew under a new key. The database changes in one
// transaction, and the new key is on disk before it: whenever this is
// interrupted, one of the two keys opens all of it, and the next command finds
// out which.
func (c rotateCommand) Run(ctx context.Context, s streams) error {
	if (c.SecretKey == "") != (c.NewSecretKey == "") {
		return cli.Misuse("Give --secret-key and --new-secret-key both, or neither to change the key file.")
	}
	log := logs.Text(s.err, slog.LevelWarn)
	if err := c.ExpectFile(); err != nil {
		return err
	}
	release, err := c.Own()
	if err != nil {
		return err
	}
	defer release()
	d, before, err := c.OpenExisting(ctx, store.Alone, log)
	if err != nil {
		return err
	}
	defer d.Close()
	after, err := c.newKey()
	if err != nil {
		return err
	}
	closed, err := resealAll(ctx, d, before, after)
	if err != nil {
		return err
	}
	if len(closed) > 0 {
		fmt.Fprintf(s.err, "The old key did not open %d of what is sealed, which stays as it is; enter it anew: %s\n", len(closed), strings.Join(closed, ", "))
	}
	if c.SecretKey != "" {
		_, err = fmt.Fprintln(s.out, "Everything is sealed with the new key. Set SMARTLINKS_SECRET_KEY to it for all processes and start them.")
		return err
	}
	if err := os.Rename(c.NextKeyFile(), c.KeyFile()); err != nil {
		return fmt.Errorf("the new key stays in %s; rename it to %s: %w", c.NextKeyFile(), c.KeyFile(), err)
	}
	_, err = fmt.Fprintln(s.out, "Everything is sealed with a new key, which is in the key file. Start the server again, and back the key file up.")
	return err
}

// newKey is the key that was given, or one that is on disk by now.
func (c rotateCommand) newKey() ([]byte, error) {
	if c.NewSecretKey != "" {
		return store.ParseKey(c.NewSecretKey, "--new-secret-key")
	}
	// What an interrupted rotation left sealed nothing: else it would be in
	// the key file's place.
	if err := os.Remove(c.NextKeyFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the new key can't be written; check the folder's permissions: %w", err)
	}
	return store.MakeKeyFile(c.NextKeyFile())
}

// resealAll seals with after what before opens. What it doesn't open was of no use before
// and stays as it is: closed tells where that is kept.
func resealAll(ctx context.Context, d *db.DB, before, after []byte) (closed []string, err error) {
	from, err := secret.NewSealer(before)
	if err != nil {
		return nil, err
	}
	to, err := secret.NewSealer(after)
	if err != nil {
		return nil, err
	}
	reseal := func(sealed, context string) (string, error) {
		plain, err := from.Open(sealed, context)
		if errors.Is(err, secret.ErrSealed) {
			closed = append(closed, context)
			return sealed, nil
		}
		if err != nil {
			return "", fmt.Errorf("open %s: %w", context, err)
		}
		return to.Seal(plain, context)
	}
	err = d.InTx(ctx, func(tx *db.Tx) error {
		closed = nil
		for _, room := range resealers {
			if err := room(ctx, tx, reseal); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE installation SET key_check = $1`, store.KeyCheck(after))
		if err != nil {
			return err
		}
		return audit.New(d).RecordCommandEverywhere(ctx, tx, "Changed the key that seals secrets")
	})
	return closed, err
}
