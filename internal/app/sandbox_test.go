package app

import (
	"strings"
	"testing"
)

// Test mode has a clock that anybody with a token can move and a provider that
// says paid without money: both are nothing for where real money moves.
func TestTestModeIsRefusedWhereALiveKeyIsStored(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		r := i.open()
		i.connect(r, "sk_test_51test")
		if err := r.CheckSandbox(t.Context(), true); err != nil {
			t.Errorf("with a test key alone: %v", err)
		}
		i.connect(r, "sk_live_51live")
		r.DB.Close()
		status, said := i.command("", "serve", "--sandbox", "--addr", "127.0.0.1:0")
		if status != exitFailed || !strings.Contains(said, "live key") || !strings.Contains(said, "--sandbox is refused") {
			t.Errorf("it leaves with %d and says %q", status, said)
		}
	})
}
