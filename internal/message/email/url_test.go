package email

import (
	"strings"
	"testing"
)

func TestServersAreReadFromTheirURL(t *testing.T) {
	for text, want := range map[string]Server{
		"smtp://mail.example.com":                         {Host: "mail.example.com", Port: "587", TLS: Opportunistic},
		"smtps://mail.example.com":                        {Host: "mail.example.com", Port: "465", TLS: Implicit},
		" smtp://u:p%40ss@mail.example.com:2525 ":         {Host: "mail.example.com", Port: "2525", User: "u", Password: "p@ss", TLS: Opportunistic},
		"smtp://mail.example.com?tls=mandatory":           {Host: "mail.example.com", Port: "587", TLS: Mandatory},
		"smtp://127.0.0.1:1025?tls=none":                  {Host: "127.0.0.1", Port: "1025", TLS: None},
		"smtp://localhost:1025?tls=none":                  {Host: "localhost", Port: "1025", TLS: None},
		"smtp://[::1]:1025?tls=none":                      {Host: "::1", Port: "1025", TLS: None},
		"smtps://a%2Fb:c%3Ad@mail.example.com:465":        {Host: "mail.example.com", Port: "465", User: "a/b", Password: "c:d", TLS: Implicit},
		"smtp://user%40example.com:x@mail.example.com:25": {Host: "mail.example.com", Port: "25", User: "user@example.com", Password: "x", TLS: Opportunistic},
	} {
		got, err := ParseURL(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, err := ParseURL(got.URL()); err != nil || again != want {
			t.Errorf("%s is written %s: %+v, %v", text, got.URL(), again, err)
		}
	}
}

func TestUnusableURLsAreRefusedWithoutThePassword(t *testing.T) {
	for text, says := range map[string]string{
		"":                                   "smtp://user",
		"mail.example.com":                   "smtp://user",
		"http://mail.example":                "smtp:// or smtps://",
		"smtp://":                            "smtp://user",
		"smtp://h/path":                      "smtp://user",
		"smtp://u:p@ss/w@h":                  "%40",
		"smtp://h?tls=always":                "none, opportunistic or mandatory",
		"smtp://h?tls=none":                  "this machine only",
		"smtp://h?timeout=5":                 "takes ?tls",
		"smtps://h?tls=none":                 "smtps:// takes nothing",
		"smtp://u:secret@127.0.0.1?tls=none": "over TLS only",
	} {
		_, err := ParseURL(text)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
