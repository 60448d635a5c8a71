package account

import (
	"context"
	"crypto/subtle"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// setupTries is how many wrong setup codes one network tries before it waits.
const setupTries = 20

// CheckSetupCode compares what somebody at the address ip typed with the code
// that the server's log tells. Errors: Forbidden, and TooMany after many wrong
// ones, whatever is typed then.
func (a *Accounts) CheckSetupCode(ctx context.Context, ip, typed, code string) error {
	return a.guess(ctx, []bucket{mine("setup code "+secret.Hash(network(ip)), setupTries)}, func() error {
		if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(typed)), []byte(code)) != 1 {
			return fault.New(fault.Forbidden, "This is not the setup code. It stands in the server's log, where the server was started last.")
		}
		return nil
	})
}
