package e2e

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"

	. "smartlinks/e2e/site"
)

// domainSite is an installation that speaks https for itself and for own domains. Its DNS
// is the one that its authority asks.
type domainSite struct {
	*secureSite
	dns   *challtestsrv.ChallSrv
	name  string // the business's own domain, which no other test has
	token string
}

// testDNS is the one DNS server of all tests. challtestsrv gives its answers to a handler
// that the whole process shares: of two servers the later one would answer for both.
var testDNS struct {
	sync.Mutex
	server *challtestsrv.ChallSrv
	at     string
	names  int
}

// dnsWithName is the server, its address and a name that no other test has.
func dnsWithName(t *testing.T) (server *challtestsrv.ChallSrv, at, name string) {
	t.Helper()
	testDNS.Lock()
	defer testDNS.Unlock()
	if testDNS.server == nil {
		at := FreeAddress(t)
		dns, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{at}, Log: log.New(io.Discard, "", 0)})
		if err != nil {
			t.Fatal(err)
		}
		dns.SetDefaultDNSIPv6("")
		go dns.Run()
		testDNS.server, testDNS.at = dns, at
	}
	testDNS.names++
	return testDNS.server, testDNS.at, fmt.Sprintf("tickets-%d.noord.example", testDNS.names)
}

func newDomainSite(t *testing.T) *domainSite {
	t.Helper()
	dns, at, name := dnsWithName(t)
	s := &domainSite{dns: dns, name: name}
	s.secureSite = newSecureSite(t, func(plain, secure string) *authority { return newAuthorityAsking(t, plain, secure, at) })
	of := &site{&Site{Store: []string{"--data", s.folder}}}
	of.SetUp(t)
	s.token = of.Token
	p := s.launch(t, "--sandbox", "--sandbox-public", "--dns", at)
	t.Cleanup(func() { p.Stop(t) })
	s.certificate(t)
	return s
}

// ask sends a request to the installation by way of a name, over HTTP/2 or 1.1.
func (s *domainSite) ask(t *testing.T, old bool, sni, method, address, body string, header ...string) (*http.Response, string, error) {
	t.Helper()
	transport := &http.Transport{
		ForceAttemptHTTP2: !old, TLSClientConfig: &tls.Config{RootCAs: s.roots, ServerName: sni},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, s.secure)
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res, string(text), err
}

// api calls an operation at the installation.
func (s *domainSite) api(t *testing.T, method, path, body string) map[string]any {
	t.Helper()
	res, text, err := s.ask(t, false, "", method, "https://"+secureName+"/api/v1"+path, body, "Authorization", "Bearer "+s.token, "Content-Type", "application/json")
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: %v %s", method, path, err, text)
	}
	told := map[string]any{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &told); err != nil {
			t.Fatal(err)
		}
	}
	return told
}

// prove shows the records of the domain.
func (s *domainSite) prove(domain map[string]any) {
	for _, r := range domain["records"].([]any) {
		record := r.(map[string]any)
		if name := record["name"].(string) + "."; record["type"] == "TXT" {
			s.dns.AddDNSTXTRecord(name, record["value"].(string))
		} else {
			s.dns.AddDNSCNAMERecord(name, record["value"].(string))
		}
	}
}

// awaitStatus waits until the domain is so. Where DNS gave no answer the server asks again
// in minutes, so the merchant asks before.
func (s *domainSite) awaitStatus(t *testing.T, id, want string) (domain map[string]any) {
	t.Helper()
	if !Eventually(60*time.Second, func() bool {
		if domain = s.api(t, "GET", "/domains/"+id, ""); domain["problem_code"] == "dns_away" {
			domain = s.api(t, "POST", "/domains/"+id+"/check", "")
		}
		return domain["status"] == want
	}) {
		t.Fatalf("the domain is not %s: %v", want, domain)
	}
	return domain
}

func TestADomainHasACertificateOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newDomainSite(t)
	s.api(t, "POST", "/links", `{"name": "Seat", "path": "seat", "amount": {"value": "49.00", "currency": "EUR"}}`)
	other := s.api(t, "POST", "/domains", `{"host": "unproven.noord.example"}`)
	if _, _, err := s.ask(t, false, "", "GET", "https://unproven.noord.example/", ""); err == nil {
		t.Error("a claim has a certificate")
	}
	made := s.api(t, "POST", "/domains", `{"host": "`+s.name+`"}`)
	id := made["id"].(string)
	s.prove(made)
	s.api(t, "POST", "/domains/"+id+"/check", "")
	live := s.awaitStatus(t, id, "live")
	until, err := time.Parse(time.RFC3339, live["certificate"].(map[string]any)["until"].(string))
	if err != nil || time.Until(until) < time.Hour || live["behind_proxy"] != false {
		t.Errorf("its certificate: %v, %v", live, err)
	}

	own := "https://" + s.name
	for _, old := range []bool{false, true} {
		res, text, err := s.ask(t, old, "", "GET", own+"/seat", "")
		if err != nil || res.StatusCode != 200 || !strings.Contains(text, "€49.00") || (res.ProtoMajor == 2) == old {
			t.Fatalf("the page: %v, %v", res, err)
		}
		if leaf := res.TLS.PeerCertificates[0]; len(leaf.DNSNames) != 1 || leaf.DNSNames[0] != s.name || !leaf.NotAfter.Equal(until) {
			t.Errorf("the certificate is for %v until %s", leaf.DNSNames, leaf.NotAfter)
		}
		for _, c := range []struct {
			connected, address string
			want               int
		}{
			{secureName, own + "/seat", 421}, {s.name, "https://" + secureName + "/sign-in", 421}, {s.name, "https://evil.example/seat", 421}, {secureName, "https://evil.example/", 421},
			{s.name, "https://127.0.0.1/sign-in", 421}, {s.name, own + "/sign-in", 404}, {s.name, own + "/api/v1/links", 404}, {secureName, "https://" + secureName + "/healthz", 200}, {s.name, "https://evil.example/healthz", 200},
		} {
			if res, _, err := s.ask(t, old, c.connected, "GET", c.address, ""); err != nil || res.StatusCode != c.want {
				t.Errorf("connected to %s, asked for %s: %v, %v", c.connected, c.address, res, err)
			}
		}
	}
	if _, _, err := s.ask(t, false, "stranger.example", "GET", "https://stranger.example/", ""); err == nil {
		t.Error("a name of nobody's has a certificate")
	}
	plain := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequest(http.MethodGet, "http://"+s.plain+"/seat?via=qr", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = s.name
	if res := fetch(t, plain, r); res.StatusCode != http.StatusFound || res.Header.Get("Location") != own+"/seat?via=qr" {
		t.Errorf("in the clear: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _, err := s.ask(t, false, "", "GET", "https://"+secureName+"/"+Handle+"/seat?via=qr", ""); err != nil || res.StatusCode != 302 || res.Header.Get("Location") != own+"/seat?via=qr" {
		t.Errorf("the old address: %v, %v", res, err)
	}

	s.api(t, "DELETE", "/domains/"+id, "")
	if res, _, err := s.ask(t, false, "", "GET", own+"/seat", ""); err == nil {
		t.Errorf("a removed domain answers %d", res.StatusCode)
	}
	if res, _, err := s.ask(t, false, secureName, "GET", own+"/seat", ""); err != nil || res.StatusCode != 421 {
		t.Errorf("a removed domain by the installation's certificate: %v, %v", res, err)
	}
	s.api(t, "DELETE", "/domains/"+other["id"].(string), "")
}
