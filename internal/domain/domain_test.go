package domain_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/domain"
	"smartlinks/internal/fault"
)

const host = "pay.acme.example"

func TestADomainIsProvenByItsTwoRecords(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		d := w.claim(w.acme, " Pay.Acme.Example. ")
		records := w.Records(d)
		if d.Host != host || !regexp.MustCompile(`^sl-verify=[0-9a-f]{32}$`).MatchString(records[1].Value) || records[1].Name != "_smartlinks."+host ||
			records[0].Type != "CNAME" || records[0].Value != "pay.example." || d.InZone(records[1].Name) != "_smartlinks.pay" {
			t.Errorf("%+v needs %+v", d, records)
		}
		for _, step := range []struct {
			set     func()
			status  domain.Status
			problem domain.Problem
		}{
			{func() {}, domain.Waiting, domain.NoAddress},
			{func() { w.dns.Set("A", host, "198.51.100.9") }, domain.Waiting, domain.Elsewhere},
			{func() { w.dns.Set("A", host, "203.0.113.7", "198.51.100.9") }, domain.Waiting, domain.Elsewhere},
			{func() { w.dns.Set("A", host, "203.0.113.7") }, domain.Waiting, domain.NoTXT},
			{func() { w.dns.Set("TXT", "_smartlinks."+host, "sl-verify=0123456789abcdef0123456789abcdef") }, domain.Waiting, domain.OtherTXT},
			{func() { w.dns.Set("TXT", "_smartlinks."+host, "v=spf1", records[1].Value) }, domain.Live, ""},
			{func() { w.dns.Away(true) }, domain.Live, ""}, // nothing is known, so nothing changes
			{func() { w.dns.Away(false); w.dns.Set("A", host, "198.51.100.9") }, domain.Broken, domain.Elsewhere},
			{func() { w.point(host, d) }, domain.Live, ""},
			{func() { w.dns.Set("TXT", "_smartlinks."+host) }, domain.Broken, domain.NoTXT},
		} {
			step.set()
			if d = w.check(d); d.Status() != step.status || d.Problem != step.problem || (w.Sentence(d) == "") != (step.problem == "") {
				t.Fatalf("want %s %q, have %s %q: %s", step.status, step.problem, d.Status(), d.Problem, w.Sentence(d))
			}
		}
	})
}

func TestTheQueueLooksByItself(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		d := w.claim(w.acme, host)
		w.point(host, d)
		if err := w.CheckDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d, _ = w.Get(t.Context(), w.acme.ID, d.ID); d.Status() != domain.Live || !d.ForNew || !d.NextAt.After(d.CheckedAt) {
			t.Fatalf("%+v is %s", d, d.Status())
		}
		w.dns.Set("CNAME", host, "elsewhere.example.")
		w.pass(6 * time.Hour)
		if err := w.CheckDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d, _ = w.Get(t.Context(), w.acme.ID, d.ID); d.Status() != domain.Broken || d.BrokenAt.IsZero() {
			t.Errorf("%+v is %s", d, d.Status())
		}
	})
}

func TestANameBelongsToWhoProvesIt(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		first, second := w.claim(w.acme, host), w.claim(w.zenith, host)
		if first.Token == second.Token {
			t.Fatal("both businesses have the same record")
		}
		w.point(host, second)
		if first = w.check(first); first.Status() != domain.Waiting {
			t.Errorf("the claim of another's record is %s", first.Status())
		}
		if second = w.check(second); second.Status() != domain.Live {
			t.Fatalf("%s: %s", second.Status(), w.Sentence(second))
		}
		w.point(host, first, second)
		if first = w.check(first); first.Problem != domain.Taken || first.Status() != domain.Waiting {
			t.Errorf("beside its owner's record: %s %s", first.Status(), first.Problem)
		}
		w.point(host, first)
		if first = w.check(first); first.Status() != domain.Live {
			t.Errorf("after the owner's record went: %s %s", first.Status(), first.Problem)
		}
		second, err := w.Get(t.Context(), w.zenith.ID, second.ID)
		if err != nil || second.Status() != domain.Waiting || second.Problem != domain.Lost {
			t.Errorf("who lost it: %s %s, %v", second.Status(), second.Problem, err)
		}
		if second = w.check(second); second.Status() != domain.Waiting {
			t.Errorf("who lost it takes it back: %s", second.Status())
		}
	})
}

func TestARemovedNameIsKeptFromOthersFor30Days(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		d := w.claim(w.acme, host)
		w.point(host, d)
		w.check(d)
		if err := w.Remove(t.Context(), w.acme.ID, d.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Get(t.Context(), w.acme.ID, d.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("it is still there: %v", err)
		}
		if err := w.Proven(t.Context(), host); err != domain.ErrNotOurs {
			t.Errorf("a certificate may be had: %v", err)
		}
		other := w.claim(w.zenith, host)
		w.point(host, other)
		if other = w.check(other); other.Problem != domain.Reserved || !strings.Contains(w.Sentence(other), "2026-03-20") {
			t.Errorf("another proves it: %s %q", other.Status(), w.Sentence(other))
		}
		again := w.claim(w.acme, host) // its own business may at any time, by the record that it had
		w.point(host, again)
		if again = w.check(again); again.Status() != domain.Live || again.Token != d.Token {
			t.Errorf("its own business: %s %s", again.Status(), again.Problem)
		}
		if other, err := w.Get(t.Context(), w.zenith.ID, other.ID); err != nil || w.Sentence(other) != "" {
			t.Errorf("the other is told of a day that nobody keeps: %q, %v", w.Sentence(other), err)
		}
		if err := w.Remove(t.Context(), w.acme.ID, again.ID); err != nil {
			t.Fatal(err)
		}
		w.pass(29 * 24 * time.Hour)
		w.end()
		other = w.claim(w.zenith, host) // the first claim has ended
		w.point(host, other)
		if other = w.check(other); other.Problem != domain.Reserved {
			t.Errorf("after 29 days: %s", other.Status())
		}
		w.pass(25 * time.Hour)
		w.end()
		if other = w.check(other); other.Status() != domain.Live {
			t.Errorf("after 30 days: %s %s", other.Status(), other.Problem)
		}
	})
}

func (w *world) end() {
	w.t.Helper()
	if err := w.End(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// Nobody may keep a name from others by claiming and removing it.
func TestARemovedClaimKeepsNothing(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		if err := w.Remove(t.Context(), w.acme.ID, w.claim(w.acme, host).ID); err != nil {
			t.Fatal(err)
		}
		other := w.claim(w.zenith, host)
		w.point(host, other)
		if other = w.check(other); other.Status() != domain.Live {
			t.Errorf("%s %s", other.Status(), other.Problem)
		}
	})
}

func TestClaimsEndAfterAWeek(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		claim, proven := w.claim(w.acme, host), w.claim(w.acme, "shop.acme.example")
		w.point(proven.Host, proven)
		w.check(proven)
		w.pass(7*24*time.Hour - time.Second)
		w.end()
		if _, err := w.Get(t.Context(), w.acme.ID, claim.ID); err != nil {
			t.Errorf("before its end: %v", err)
		}
		w.pass(time.Second)
		w.end()
		if _, err := w.Get(t.Context(), w.acme.ID, claim.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("at its end: %v", err)
		}
		if _, err := w.Get(t.Context(), w.acme.ID, proven.ID); err != nil {
			t.Errorf("what is proven: %v", err)
		}
	})
}

func TestOneLiveDomainIsForNewLinks(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		first, second := w.claim(w.acme, host), w.claim(w.acme, "shop.acme.example")
		w.point(first.Host, first)
		w.point(second.Host, second)
		first, second = w.check(first), w.check(second)
		if !first.ForNew || second.ForNew {
			t.Fatalf("%v, %v", first.ForNew, second.ForNew)
		}
		if err := w.UseForNew(t.Context(), w.acme.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.UseForNew(t.Context(), w.zenith.ID, first.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business chose: %v", err)
		}
		if err := w.Remove(t.Context(), w.acme.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := w.List(t.Context(), w.acme.ID); err != nil || len(list) != 1 || !list[0].ForNew {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestNamesThatCannotBeAnybodysAreRefused(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		for typed, code := range map[string]string{
			"": "host.missing", "https://pay.acme.example": "host.address", "pay.acme.example/x": "host.address", "*.acme.example": "host.wildcard",
			"203.0.113.7": "host.form", "[2001:db8::1]": "host.form", "pay.acme.example:443": "host.form", "localhost": "host.form", "shop.localhost": "host.form",
			"a..b.example": "host.form", "-a.example": "host.form", "a_b.example": "host.form", "printer.local": "host.form", strings.Repeat("a.", 125) + "example": "host.form",
			"co.uk": "host.suffix", "github.io": "host.suffix", "pay.example": "host.own", "x.pay.example": "host.own", "a b.example": "host.form", "a\x00.example": "host.form",
		} {
			_, err := w.Claim(t.Context(), w.acme.ID, typed)
			if f := fault.Of(err); len(f.Fields) != 1 || f.Fields[0].Name != "host" || f.Fields[0].Code != code {
				t.Errorf("%q: %v", typed, err)
			}
		}
		if d := w.claim(w.acme, "Käse.example"); d.Host != "xn--kse-qla.example" {
			t.Error(d.Host)
		}
		if _, err := w.Claim(t.Context(), w.acme.ID, "käse.EXAMPLE."); fault.Of(err).Fields[0].Code != "host.there" {
			t.Error(err)
		}
		for i := range 49 {
			w.claim(w.acme, fmt.Sprintf("n%d.acme.example", i))
		}
		if _, err := w.Claim(t.Context(), w.acme.ID, "more.acme.example"); !fault.Is(err, fault.Conflict) {
			t.Errorf("one too many: %v", err)
		}
	})
}

func TestACertificateIsAskedForSlowly(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		d := w.claim(w.acme, host)
		may := func() bool {
			t.Helper()
			ok, err := w.BeginCertificate(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if may() {
			t.Fatal("for a claim")
		}
		w.point(host, d)
		if d = w.check(d); d.Status() != domain.Certificate || d.ForNew {
			t.Fatalf("proven, it is %s", d.Status())
		}
		if !may() || may() {
			t.Error("not once")
		}
		if err := w.NotCertified(t.Context(), host, "the authority is away"); err != nil {
			t.Fatal(err)
		}
		if d, _ = w.Get(t.Context(), w.acme.ID, d.ID); !strings.Contains(w.Sentence(d), "the authority is away") {
			t.Errorf("%q", w.Sentence(d))
		}
		w.pass(2 * time.Minute)
		if !may() {
			t.Error("not after two minutes")
		}
		w.pass(3 * time.Minute)
		if may() {
			t.Error("the wait does not grow")
		}
		now := w.d.Clock().Wall()
		if err := w.Certified(t.Context(), host, now, now.Add(90*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if d, _ = w.Get(t.Context(), w.acme.ID, d.ID); d.Status() != domain.Live || !d.ForNew || w.Sentence(d) != "" {
			t.Errorf("%s %q", d.Status(), w.Sentence(d))
		}
		w.pass(80 * 24 * time.Hour)
		if err := w.NotCertified(t.Context(), host, "the authority is away"); err != nil {
			t.Fatal(err)
		}
		if d, _ = w.Get(t.Context(), w.acme.ID, d.ID); d.Status() != domain.Expiring || !d.Served() || w.Sentence(d) == "" {
			t.Errorf("near its end: %s", d.Status())
		}
		w.pass(20 * 24 * time.Hour)
		if shown := w.Directory.HostOf(string(w.acme.ID), ""); shown != "" {
			t.Errorf("with a certificate that has ended, %s is shown", shown)
		}
		proxied := w.process() // the installation goes behind a proxy, which has the certificates
		if d, err := proxied.Get(t.Context(), w.acme.ID, d.ID); err != nil || d.Status() != domain.Live || proxied.Sentence(d) != "" || proxied.Directory.HostOf(string(w.acme.ID), "") != host {
			t.Errorf("behind a proxy it is %s: %s, %v", d.Status(), proxied.Sentence(d), err)
		}
	}, func(c *domain.Config) { c.Certify = func(context.Context, string) error { return nil } })
}

func TestOfTwoProofsAtOnceOneCounts(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		both := []domain.Domain{w.claim(w.acme, host), w.claim(w.zenith, host)}
		w.point(host, both...)
		done := make(chan domain.Domain, 2)
		for _, d := range both {
			go func() {
				d, err := w.Check(t.Context(), d.BusinessID, d.ID)
				if err != nil {
					t.Error(err)
				}
				done <- d
			}()
		}
		live := 0
		for range both {
			if d := <-done; d.Status() == domain.Live {
				live++
			} else if d.Problem != domain.Taken {
				t.Errorf("the other is %s, %s", d.Status(), d.Problem)
			}
		}
		if live != 1 {
			t.Errorf("%d businesses have the name", live)
		}
	})
}
