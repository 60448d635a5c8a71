package id_test

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"smartlinks/internal/id"
)

func TestIDsSortByTime(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	last := ""
	for i := range 1000 {
		got, err := id.New("lnk", at.Add(time.Duration(i)*time.Millisecond), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if got <= last {
			t.Fatalf("%s does not sort behind %s", got, last)
		}
		if !id.Valid("lnk", got) {
			t.Fatalf("%s is not valid", got)
		}
		last = got
	}
}

func TestEveryRandomBitIsInTheID(t *testing.T) {
	at := time.UnixMilli(0)
	seen := map[string]bool{}
	for bit := range 80 {
		raw := make([]byte, 10)
		raw[bit/8] = 1 << (bit % 8)
		got, _ := id.New("x", at, bytes.NewReader(raw))
		if seen[got] {
			t.Fatalf("bit %d is lost", bit)
		}
		seen[got] = true
	}
}

func TestForeignFormsAreNotValid(t *testing.T) {
	for _, s := range []string{"", "lnk_", "lnk_short", "cus_00000000000000000000000000", "lnk_0000000000000000000000000U"} {
		if id.Valid("lnk", s) {
			t.Errorf("%q is valid", s)
		}
	}
}

func TestMissingRandomnessIsAnError(t *testing.T) {
	if _, err := id.New("lnk", time.Now(), bytes.NewReader(nil)); err == nil {
		t.Error("no error")
	}
}
