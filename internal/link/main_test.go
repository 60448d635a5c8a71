package link_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets properties run fewer rounds than rapid's 100, because each step
// is a transaction. -rapid.checks or RAPID_CHECKS asks for more.
func TestMain(m *testing.M) {
	rounds := flag.Lookup("rapid.checks")
	flag.Parse()
	if rounds.Value.String() == "100" {
		_ = rounds.Value.Set("20")
	}
	os.Exit(m.Run())
}
