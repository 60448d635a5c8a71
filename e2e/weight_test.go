package e2e

import (
	"os"
	"runtime"
	"testing"

	. "smartlinks/e2e/site"
)

// The largest binary of a release, for Windows, may have 60 MiB, and nobody makes a release
// with each change. It fits as long as the one that tests start, which inlines less of ours
// and more of others', has no more than this: both were measured when this was written.
const heaviest = 63_850_000

func TestTheProgramKeepsItsWeight(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the bound is for Linux on amd64")
	}
	info, err := os.Stat(Binary)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > heaviest {
		t.Fatalf("the program has %d bytes, %d more than a release has room for: take something out, or give the reason in docs/decisions/0084 and raise both bounds",
			info.Size(), info.Size()-heaviest)
	}
}
