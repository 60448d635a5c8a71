package webhook_test

import (
	"testing"

	"smartlinks/internal/webhook"
)

func TestPrivateAddressesAreRefusedInEverySpelling(t *testing.T) {
	for _, url := range []string{
		"https://127.0.0.1/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/",
		"https://100.64.0.1/", "https://0.0.0.0/", "https://255.255.255.255/", "https://224.0.0.1/",
		"https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[::ffff:127.0.0.1]/",
		"https://[::ffff:a00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/",
		"https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://127.0.0.1./",
		"https://localhost/", "https://LOCALHOST./", "https://api.localhost/",
		"http://example.com/", "ftp://example.com/", "https://", "https:///x", "https://a:b@example.com/", "example.com", "https://example.com/#x",
	} {
		if webhook.CheckURL(url, false) == "" {
			t.Errorf("%s was allowed", url)
		}
	}
	for _, url := range []string{"https://example.com/hooks?x=1", "https://93.184.216.34/", "https://[2606:4700::1111]:8443/", "https://3com.com/"} {
		if why := webhook.CheckURL(url, false); why != "" {
			t.Errorf("%s: %s", url, why)
		}
	}
	if why := webhook.CheckURL("http://127.0.0.1:9000/", true); why != "" {
		t.Errorf("private ones are allowed by the operator: %s", why)
	}
}
