package system

import (
	"context"
	"log/slog"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
)

// accountEvent logs what happened to an account, and mails its owner what was changed
// about signing in: at the old address as well, where that is what was changed.
func (r *System) accountEvent(o Options) func(ctx context.Context, tx *db.Tx, e account.Event) error {
	return func(ctx context.Context, tx *db.Tx, e account.Event) error {
		level := slog.LevelInfo
		if e.Refused {
			level = slog.LevelWarn
		}
		tx.AfterCommit(func() {
			o.Log.Log(context.WithoutCancel(ctx), level, "account", "what", e.What, "user", string(e.User.ID), "ip", e.Origin.Address, "command", e.Origin.CommandLine)
		})
		if e.Change == "" {
			return nil
		}
		language, err := account.MailLanguage(ctx, tx, e.User.ID)
		if err != nil {
			return err
		}
		for _, to := range []string{e.User.Email, e.Former} {
			if to == "" {
				continue
			}
			id, err := tx.NewID("chg")
			if err != nil {
				return err
			}
			err = r.Messages.Queue(ctx, tx, message.Mail{
				To: to, ToName: e.User.Name, Language: language, Key: "account/" + id,
				Data: message.AccountChanged{Name: e.User.Name, Change: string(e.Change), At: e.At, Address: e.Origin.Address},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}
