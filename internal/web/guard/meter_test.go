package guard_test

import (
	"net/netip"
	"testing"
	"time"

	"smartlinks/internal/web/guard"
)

func TestEachMayDoSoMuchAndItComesBack(t *testing.T) {
	m, now := guard.NewMeter[string](3, 0.5), time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)
	for want := 2; want >= 0; want-- {
		if left, wait, full := m.Spend("a", now); left != want || wait != 0 || full != time.Duration(3-want)*2*time.Second {
			t.Errorf("%d left, %s, %s, want %d", left, wait, full, want)
		}
	}
	if left, wait, _ := m.Spend("a", now.Add(500*time.Millisecond)); left != 0 || wait != 1500*time.Millisecond {
		t.Errorf("too many: %d left, wait %s", left, wait)
	}
	if _, wait, _ := m.Spend("b", now); wait != 0 {
		t.Error("another pays for it")
	}
	if _, wait, _ := m.Spend("a", now.Add(2*time.Second)); wait != 0 {
		t.Errorf("two seconds later: %s", wait)
	}
}

func TestManyStrangersAreForgotten(t *testing.T) {
	m, now := guard.NewMeter[int](1, 1), time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)
	for i := range 25_000 {
		m.Spend(i, now)
	}
	if n := m.Len(); n != 25_000 {
		t.Errorf("%d are counted while they have something to wait for", n)
	}
	for i := range 25_000 {
		m.Spend(-1-i, now.Add(time.Hour))
	}
	if n := m.Len(); n >= 40_000 {
		t.Errorf("%d are counted an hour later", n)
	}
}

func TestOneVisitorIsOneNetwork(t *testing.T) {
	of := func(s string) netip.Prefix { return guard.Network(netip.MustParseAddr(s)) }
	for _, same := range [][2]string{{"192.0.2.1", "::ffff:192.0.2.1"}, {"2001:db8::1", "2001:db8::ffff:2"}, {"fe80::1%eth0", "fe80::2%eth1"}} {
		if of(same[0]) != of(same[1]) {
			t.Errorf("%s and %s are two", same[0], same[1])
		}
	}
	for _, two := range [][2]string{{"192.0.2.1", "192.0.2.2"}, {"2001:db8::1", "2001:db8:0:1::1"}} {
		if of(two[0]) == of(two[1]) {
			t.Errorf("%s and %s are one", two[0], two[1])
		}
	}
	if guard.Network(netip.Addr{}).IsValid() {
		t.Error("nobody has a network")
	}
}
